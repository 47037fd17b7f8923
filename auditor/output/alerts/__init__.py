"""Findings as alerts of a hosting site: SARIF and workflow annotations."""
