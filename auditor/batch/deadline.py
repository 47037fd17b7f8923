"""The deadline that a run's folder remembers, so that a run which names none is not one without.

It stands in a file of its own that is written before anything is audited: a run that is stopped has one, too.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from auditor.batch.results_file import RESULTS
from auditor.batch.run_file import record, recorded
from auditor.output.words.wording import day

NONE = "none"
"""What is said for a deadline where there shall be none."""


def remembered_deadline(out: Path) -> datetime | None:
    """The deadline of the last run into `out`; None where it had none, or nothing can be read there."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = recorded(out)
        found = known["deadline"] if "deadline" in known else results_head(out)["deadline"]
        return datetime.fromisoformat(found) if found is not None else None
    return None


def results_head(out: Path) -> dict[str, Any]:
    """The first line of the results: a run of an older version remembers its deadline there alone."""
    with (out / RESULTS).open(encoding="utf-8") as file:
        found: dict[str, Any] = json.loads(file.readline().strip().removesuffix(",") + "}")
    return found


def settled_deadline(out: Path, said: datetime | None, *, none: bool = False) -> tuple[datetime | None, str]:
    """The deadline of a run into `out`, and what the user should know of it (empty where nothing).

    `said` is the one that the user named, `none` whether they said that there shall be none. Where they said neither it is
    the one that the folder remembers.
    """
    known = remembered_deadline(out)
    if said is None and not none:
        held = f"the deadline of this folder holds: {shown(known)} (--deadline says another, or none)" if known else ""
        return known, held
    changed = known is not None and known != said
    return said, f"the deadline of this folder was {shown(known)}, and is now {shown(said)}" if changed else ""


def remember(out: Path, deadline: datetime | None) -> None:
    """Write the deadline into the folder `out`. Raises AuditError where it cannot be written."""
    record(out, deadline=deadline.isoformat() if deadline else None)


def shown(deadline: datetime | None) -> str:
    """A deadline as people read it, with its offset."""
    return day(deadline.isoformat()) if deadline else NONE
