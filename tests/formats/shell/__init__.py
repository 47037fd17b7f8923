"""Tests of `auditor/formats/shell/`."""
