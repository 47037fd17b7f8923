"""What teaching assistants decided, beside the program's verdicts."""
