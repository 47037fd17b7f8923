"""Tests of `auditor/report/language/`."""
