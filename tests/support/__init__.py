"""What the tests share: repositories and results made for them, and what runs the program."""
