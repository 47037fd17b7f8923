"""What a group's check found last time, against what it finds now: how much is settled since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from auditor.records import Record, replace
from auditor.repository.memory import Memory
from auditor.result.audit import AuditResult, Finding, Since

OPEN = (Finding.DISCREPANCY, Finding.QUERY)


class LastCheck(Record):
    """When a check was made, and what was open then."""

    at: datetime
    open: tuple[str, ...]


def against_last(result: AuditResult, memory: Path | None, place: Path) -> AuditResult:
    """The result with what was settled since the last check of the repository at `place`, which this one replaces.

    `memory` is a folder in the user's cache; without one nothing is compared or kept. Neither is a check of a part.
    """
    if memory is None or result.only or result.without or result.hand_in is None:
        return result
    kept = Memory(memory, place.resolve(), result.course)
    now = datetime.now().astimezone()
    found = open_points(result)
    last = read(kept.load())
    kept.save(msgspec.msgpack.encode(LastCheck(now, found)))
    if last is None:
        return result
    settled = tuple(point for point in last.open if point not in found)
    opened = tuple(point for point in found if point not in last.open)
    if not settled and not opened:
        return result
    return replace(result, since=Since(when(last.at.astimezone(), now), settled, opened))


def open_points(result: AuditResult) -> tuple[str, ...]:
    """What is open, by names that stay the same as long as it is: claims, and checks with the file that they are about."""
    claims = [claim.id for claim in result.claims if claim.finding in OPEN]
    return tuple(dict.fromkeys((*claims, *(f"{one.check} {one.place.path}".strip() for one in result.hand_in or ()))))


def read(data: bytes | None) -> LastCheck | None:
    """What was kept; None where it is nothing of the kind."""
    try:
        return None if data is None else msgspec.msgpack.decode(data, type=LastCheck)
    except msgspec.MsgspecError:
        return None


def when(at: datetime, now: datetime) -> str:
    """A moment as one speaks of it: "10:15", "yesterday", or a date."""
    days = (now.date() - at.date()).days
    if days == 0:
        return f"{at:%H:%M}"
    return "yesterday" if days == 1 else at.date().isoformat()
