"""Tests of `auditor/course/`."""
