"""What names mean across the files of a project, and what of it is reached when the project runs."""
