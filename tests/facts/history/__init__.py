"""Tests of `auditor/facts/history/`."""
