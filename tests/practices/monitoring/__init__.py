"""Tests of `auditor/practices/monitoring/`."""
