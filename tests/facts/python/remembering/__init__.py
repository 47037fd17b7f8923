"""Tests of `auditor/facts/python/remembering/`."""
