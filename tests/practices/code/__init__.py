"""Tests of `auditor/practices/code/`."""
