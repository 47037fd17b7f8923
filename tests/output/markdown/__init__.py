"""Tests of `auditor/output/markdown/`."""
