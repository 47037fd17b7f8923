"""Code that loads data, defines and trains models."""
