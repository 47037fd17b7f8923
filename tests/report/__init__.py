"""Tests of `auditor/report/`."""
