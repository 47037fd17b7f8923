"""Tests of `auditor/repository/`."""
