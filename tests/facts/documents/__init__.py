"""Tests of `auditor/facts/documents/`."""
