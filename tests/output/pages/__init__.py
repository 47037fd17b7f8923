"""Tests of `auditor/output/pages/`."""
