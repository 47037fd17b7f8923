"""Tests of `auditor/checks/`."""
