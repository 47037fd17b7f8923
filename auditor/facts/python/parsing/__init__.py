"""From a file's bytes to a syntax tree with lines, within bounds."""
