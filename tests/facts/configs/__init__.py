"""Tests of `auditor/facts/configs/`."""
