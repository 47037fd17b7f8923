"""Tests of `auditor/practices/testing/`."""
