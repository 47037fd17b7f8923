"""How code is kept tidy: linters and what they would say."""
