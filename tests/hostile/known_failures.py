"""Cases that do not hold yet, with the reason: each is expected to fail, and says so when it does not any more."""

from __future__ import annotations

Forms = tuple[str, ...]

KNOWN: dict[str, tuple[Forms, str]] = {}
"""Forms and reason by the case's full name."""


def reason(name: str, form: str) -> str:
    """Why a case does not hold in a form; empty where it has to."""
    forms, why = KNOWN.get(name, ((), ""))
    return why if form in forms else ""
