"""Markdown documents of a repository, as sections, links, figures and code blocks with their lines."""
