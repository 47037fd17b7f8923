"""Every bound on what one audit reads, in one place.

A repository is written by strangers: without bounds one file can cost the whole audit. A bound that is reached becomes a
line under "not read" in the result, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one audit. Sizes in bytes, times in seconds."""

    file_bytes: int = 10_000_000
    """A larger file is not read. Notebooks with figures reach some megabytes; model and data files are never read."""
    total_bytes: int = 300_000_000
    """Sum of all that is read."""
    files: int = 50_000
    """Files listed; those after are left out."""
    commits: int = 20_000
    """Commits read from history, newest first."""
    python_bytes: int = 1_000_000
    """A larger Python file is taken for data or generated code."""
    nesting: int = 150
    """Brackets within brackets in a Python file; parsers in native code overflow their stack on thousands."""
    git_seconds: float = 60.0
    """One git command."""


DEFAULT = Limits()
