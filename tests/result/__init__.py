"""Tests of `auditor/result/`."""
