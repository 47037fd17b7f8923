"""Results on the console."""
