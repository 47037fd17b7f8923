"""Tests of `auditor/output/`."""
