"""Tests of `auditor/output/spreadsheets/`."""
