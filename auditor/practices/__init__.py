"""What a group did, practice by practice: facts that rules ask for."""
