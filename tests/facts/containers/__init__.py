"""Tests of `auditor/facts/containers/`."""
