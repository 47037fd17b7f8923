"""Tests of `auditor/facts/python/`."""
