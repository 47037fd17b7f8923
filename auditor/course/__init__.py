"""What a course asks for: its checklist, wordings, template, and the rules that are registered for its claims."""
