"""What is the group's own: the layout of the project, and what comes from the template, from others, or is ignored by git."""
