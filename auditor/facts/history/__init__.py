"""Who committed what and when, on which branches, and where the repository is hosted."""
