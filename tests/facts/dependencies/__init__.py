"""Tests of `auditor/facts/dependencies/`."""
