"""What a group is told after the course has looked at its hand-in."""
