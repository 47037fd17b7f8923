"""Tests of `auditor/practices/api/`."""
