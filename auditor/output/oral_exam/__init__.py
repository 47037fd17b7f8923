"""One group on paper: what a teaching assistant takes to an oral exam."""
