"""Tests of `auditor/facts/project_commands/`."""
