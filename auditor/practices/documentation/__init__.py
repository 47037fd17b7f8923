"""Documentation of the project: pages, their publication, figures, and the description in the README."""
