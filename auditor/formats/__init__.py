"""Text to trees with lines, for the formats that projects are configured and automated in; pure, no file is opened."""
