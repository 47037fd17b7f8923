"""From a syntax tree to the plain record of what one file says."""
