"""Tests of `auditor/practices/documentation/`."""
