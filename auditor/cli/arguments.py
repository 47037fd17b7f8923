"""What several commands take: options, and their values as the program uses them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import AuditError

if TYPE_CHECKING:
    from datetime import datetime

    from auditor.limits import Limits


def bounds_of(given: list[str] | None) -> Limits:
    """The bounds of an audit, with those that the user set. Raises AuditError for an unknown or impossible one."""
    from auditor.limits import DEFAULT, with_limits

    return with_limits(DEFAULT, names(given))


def cache_folder() -> Path:
    """The user's cache folder for this program."""
    from platformdirs import user_cache_path

    return user_cache_path("auditor", appauthor=False)


def moment(text: str | None) -> datetime | None:
    """A deadline, in the zone that it names or this machine's. Raises AuditError where it is no date or time."""
    if text is None:
        return None
    from datetime import datetime

    from auditor.snapshot import parse_moment

    found = parse_moment(text)
    if found is None:
        raise AuditError(f"--deadline {text}: not a date such as 2026-01-23 or 2026-01-23T23:59+01:00")
    return found.astimezone(datetime.fromisoformat(text).tzinfo)


def names(given: list[str] | None) -> list[str]:
    """Claim ids and modules, also where several stand in one option, separated by commas."""
    return [name.strip() for option in given or [] for name in option.split(",") if name.strip()]


def plain_line(text: str) -> str:
    """Text of strangers on one line without control characters."""
    from auditor.evidence import shorten

    return shorten(text, 400).encode("utf-8", "replace").decode("utf-8")
