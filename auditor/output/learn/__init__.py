"""What a course enters into DTU Learn (Brightspace): a grade for each student, by the course's own rule."""
