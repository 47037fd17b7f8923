"""Cases that do not hold yet, with the reason: each is expected to fail, and says so when it does not any more."""

from __future__ import annotations

from hostile.registry import FORMS

Forms = tuple[str, ...]

KNOWN: dict[str, tuple[Forms, str]] = {
    "git-tree_bomb": (
        FORMS,
        "`git log --name-status` (read_file_history() in auditor/facts/history.py) walks the bomb until limits.git_seconds: 20 s",
    ),
    "git-tree_bomb_behind_the_work_tree": (
        FORMS,
        "`git log --name-status` (read_file_history() in auditor/facts/history.py) walks the bomb until limits.git_seconds: 20 s",
    ),
}
"""Forms and reason by the case's full name."""


def reason(name: str, form: str) -> str:
    """Why a case does not hold in a form; empty where it has to."""
    forms, why = KNOWN.get(name, ((), ""))
    return why if form in forms else ""
