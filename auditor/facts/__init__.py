"""What a repository holds, kind by kind: typed models with lines, computed on first use, once."""
