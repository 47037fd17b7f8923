"""Tests of `auditor/practices/`."""
