"""Tests of `auditor/batch/`."""
