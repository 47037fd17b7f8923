"""Tests of `auditor/practices/frontend/`."""
