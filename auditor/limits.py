"""Every bound on what one audit reads, in one place.

A repository is written by strangers: without bounds one file can cost the whole audit. A bound that is reached becomes a
line under "not read" in the result, never an error.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import Any

from auditor.errors import AuditError
from auditor.records import Record, defaults, replace


class Limits(Record):
    """Bounds of one audit. Sizes in bytes, times in seconds."""

    file_bytes: int = 10_000_000
    """A larger file is not read. Notebooks with figures reach some megabytes; model and data files are never read."""
    total_bytes: int = 300_000_000
    """Sum of all that is read."""
    kept_bytes: int = 100_000_000
    """What is kept of it in memory; the rest is read anew where it is asked for again."""
    files: int = 50_000
    """Files listed; those after are left out."""
    commits: int = 20_000
    """Commits read from history, newest first."""
    python_bytes: int = 1_000_000
    """A larger Python file is taken for data or generated code."""
    nesting: int = 150
    """Brackets within brackets in a Python file; parsers in native code overflow their stack on thousands."""
    git_seconds: float = 20.0
    """One git command."""
    git_bytes: int = 100_000_000
    """Output of one git command; the history of a large repository is some megabytes."""
    seconds: float = 120.0
    """One audit; what takes longer is stopped and made again with `trial`, then given up."""
    memory_bytes: int = 2_000_000_000
    """Address space of the process that audits (setrlimit, RLIMIT_AS), where it has one of its own."""
    trial: bool = False
    """Parse every Python file in a process of its own before: it finds the file that ended the audit's process."""
    trial_seconds: float = 10.0
    """One file on trial."""
    python_tokens: int = 35_000
    """Brackets, operators, strings, commas, comments and line ends of a Python file; code by hand has four to six a line."""


DEFAULT = Limits()
"""What holds where nobody says otherwise."""


def with_limits(limits: Limits, given: Iterable[str]) -> Limits:
    """`limits` with others in their place, each given as `name=number`. Raises AuditError for what is none of them."""
    known: dict[str, Any] = defaults(Limits)
    changes: dict[str, Any] = {}
    for text in given:
        name, _, number = text.partition("=")
        default = known.get(name.strip())
        if default is None:
            raise AuditError(f"--limit {text}: no such limit; `auditor limits` lists them")
        try:
            value = type(default)(float(number) if not isinstance(default, bool) else int(number))
        except (ValueError, OverflowError):
            value = -1
        if value < 0:
            raise AuditError(f"--limit {text}: give a number that is not negative, as in {name}={default:g}")
        changes[name.strip()] = value
    return replace(limits, **changes)


def meanings() -> dict[str, str]:
    """Each limit's name and what it bounds, as its docstring says."""
    source = inspect.getsource(Limits)
    found = re.findall(r'^    (\w+): \w+ = .*\n    """([^"]*)"""$', source, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}
