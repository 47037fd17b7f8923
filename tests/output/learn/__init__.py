"""Tests of `auditor/output/learn/`."""
