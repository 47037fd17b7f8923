"""Tests of `auditor/practices/cloud/`."""
