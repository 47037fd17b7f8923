"""Tests of `auditor/facts/`."""
