"""Tests of `auditor/review/`."""
