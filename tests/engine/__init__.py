"""Tests of `auditor/engine/`."""
