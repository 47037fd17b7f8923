"""Tests of `auditor/cli/`."""
