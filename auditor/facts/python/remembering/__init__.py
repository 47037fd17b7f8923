"""Records of files kept on disk between two runs."""
