"""Tests of `auditor/facts/python/linking/`."""
