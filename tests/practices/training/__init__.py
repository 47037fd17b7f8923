"""Tests of `auditor/practices/training/`."""
