"""The deadline that a run's folder remembers, so that a run which names none is not one without.

It stands in a file of its own that is written before anything is audited: a run that is stopped has one, too.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from auditor.batch.results_file import RESULTS, replaced
from auditor.output.words.wording import day

REMEMBERED = "run.json"
NONE = "none"
"""What is said for a deadline where there shall be none."""


def remembered_deadline(out: Path) -> datetime | None:
    """The deadline of the last run into `out`; None where it had none, or nothing can be read there."""
    for name in (REMEMBERED, RESULTS):
        with suppress(OSError, ValueError, KeyError, TypeError):
            with (out / name).open(encoding="utf-8") as file:
                first = file.readline().strip().removesuffix(",")
            found: Any = json.loads(first if first.endswith("}") else first + "}")["deadline"]
            return datetime.fromisoformat(found) if found is not None else None
    return None


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
    with replaced(out / REMEMBERED) as file:
        file.write(json.dumps({"deadline": deadline.isoformat() if deadline else None}).encode() + b"\n")


def shown(deadline: datetime | None) -> str:
    """A deadline as people read it, with its offset."""
    return day(deadline.isoformat()) if deadline else NONE
