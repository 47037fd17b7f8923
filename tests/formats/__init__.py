"""Tests of `auditor/formats/`."""
