"""What changed between two results, as console text, Markdown and JSON."""
