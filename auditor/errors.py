"""Errors that a user can act on."""

from __future__ import annotations


class AuditError(Exception):
    """The audit could not be made: one clear line that says what, where and what to do (exit status 2)."""
