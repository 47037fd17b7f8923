"""Tests of `auditor/practices/automation/`."""
