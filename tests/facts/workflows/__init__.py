"""Tests of `auditor/facts/workflows/`."""
