"""Commands that the repository runs, and what starts them."""
