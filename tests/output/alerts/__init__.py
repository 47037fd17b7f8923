"""Tests of `auditor/output/alerts/`."""
