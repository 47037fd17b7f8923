"""Tests of `auditor/facts/python/reading/`."""
