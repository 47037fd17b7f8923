"""Tests of `auditor/facts/own_work/`."""
