"""Tests of `auditor/facts/data_versioning/`."""
