"""What a group's check found last time, against what it finds now: how much is settled since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from auditor.limits import DEFAULT
from auditor.records import Record, replace
from auditor.repository.git import GitDoor
from auditor.repository.git_directory import find_repository
from auditor.repository.memory import Memory
from auditor.result.audit import AuditResult, Finding, Since

OPEN = (Finding.DISCREPANCY, Finding.QUERY)
COME_AND_GO = "H.uncommitted"
"""The check whose remarks are no progress, neither one way nor the other: every file is uncommitted for a while."""


class LastCheck(Record):
    """When a check was made, of which history (its first commits), and what was open then.

    `claims` are open ones with their findings, `points` the names of what the hand-in lacked, with how many places each had.
    """

    at: datetime
    roots: tuple[str, ...]
    claims: dict[str, Finding]
    points: dict[str, int]


def against_last(result: AuditResult, memory: Path | None, place: Path) -> AuditResult:
    """The result with what was settled since the last check of the repository at `place`, which this one replaces.

    `memory` is a folder in the user's cache; without one nothing is compared or kept. Neither is a check of a part.
    """
    if memory is None or result.only or result.without or result.hand_in is None:
        return result
    kept = Memory(memory, place.resolve(), result.course)
    now = datetime.now().astimezone()
    found = LastCheck(now, first_commits(place, result), open_claims(result), open_points(result))
    last = read(kept.load())
    kept.save(msgspec.msgpack.encode(found))
    if last is None or (set(last.roots).isdisjoint(found.roots) and (last.roots or found.roots)):
        return result
    since = changed(last, found, when(last.at, now))
    return replace(result, since=since) if since.settled or since.opened or since.eased or since.worsened else result


def changed(last: LastCheck, now: LastCheck, moment: str) -> Since:
    """What changed between two checks."""
    both = {name: (last.claims[name], finding) for name, finding in now.claims.items() if name in last.claims}
    return Since(
        moment,
        settled=(*(name for name in last.claims if name not in now.claims), *fewer(last.points, now.points)),
        opened=(*(name for name in now.claims if name not in last.claims), *more(last.points, now.points)),
        eased=tuple(name for name, (then, finding) in both.items() if then is Finding.DISCREPANCY is not finding),
        worsened=tuple(name for name, (then, finding) in both.items() if finding is Finding.DISCREPANCY is not then),
    )


def fewer(then: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """The points that are settled, each wholly or in some of its places."""
    gone = [(name, number - now.get(name, 0), number) for name, number in then.items()]
    return [name if less == number else f"{name} ({less} of {number})" for name, less, number in gone if less > 0]


def more(then: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """The points that came up, or have further places."""
    come = [(name, number - then.get(name, 0)) for name, number in now.items()]
    return [f"{name} ({further} more)" if name in then else name for name, further in come if further > 0]


def open_claims(result: AuditResult) -> dict[str, Finding]:
    """The claims that are open, with their findings."""
    return {claim.id: claim.finding for claim in result.claims if claim.finding in OPEN}


def open_points(result: AuditResult) -> dict[str, int]:
    """What the hand-in lacks, by names that stay the same as long as it does: the check, with the file that it is about."""
    remarks = [one for one in result.hand_in or () if one.check != COME_AND_GO]
    return dict(
        Counter(one.check if one.place.path in ("", ".") else f"{one.check} {one.place.path}" for one in remarks)
    )


def first_commits(place: Path, result: AuditResult) -> tuple[str, ...]:
    """The commits with which the history begins; none without one. Another repository in the same place has others."""
    found = None if result.repository.commit is None else find_repository(place.resolve())
    if found is None:
        return ()
    git = GitDoor(found, DEFAULT)
    try:
        return tuple((git.try_run("rev-list", "--max-parents=0", "HEAD") or "").split())
    finally:
        git.close()


def read(data: bytes | None) -> LastCheck | None:
    """What was kept, its moment in this machine's zone; None where it is nothing of the kind."""
    try:
        if data is None:
            return None
        last = msgspec.msgpack.decode(data, type=LastCheck)
        return replace(last, at=last.at.astimezone())
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError, OSError):  # no clock has such a moment
        return None


def when(at: datetime, now: datetime) -> str:
    """A moment as one speaks of it: "10:15", "yesterday", or a date."""
    days = (now.date() - at.date()).days
    if days == 0:
        return f"{at:%H:%M}"
    return "yesterday" if days == 1 else at.date().isoformat()
