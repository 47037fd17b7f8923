"""The teaching assistant's desk: a web application on this machine over a class run's folder, to look, decide and hand over."""
