"""What the English of a report says: denials, descriptions, and whom they concern."""
