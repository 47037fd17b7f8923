"""Which ticks the work tree backs and the last commit does not: who reads the hand-in reads commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from auditor.course.catalog import Claim
from auditor.evidence import Part
from auditor.records import replace
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import ClaimResult, Verdict

Judge = Callable[[Snapshot, Sequence[Claim]], tuple[ClaimResult, ...]]
"""Judges claims by the files of a snapshot."""


def not_committed(parts: Sequence[Part], snapshot: Snapshot) -> tuple[str, ...]:
    """Files that alone settle a part and are not in the last commit: those who read that will not see it."""
    found: list[str] = []
    for places in (part.strong for part in parts if snapshot.moment.dirty):
        here = [place for place in places if place.commit is None and place.path in snapshot]
        if here and len(here) == len(places) and not any(snapshot.in_last_commit(p.path, p.line) for p in here):
            found += (place.path for place in here)
    return tuple(dict.fromkeys(found))


def held_against_commit(
    results: tuple[ClaimResult, ...], claims: Sequence[Claim], opened: Callable[[], Snapshot], judge: Judge
) -> tuple[ClaimResult, ...]:
    """The results, with `uncommitted` kept only where the last commit, which `opened` gives, does not back the claim as well.

    A place of evidence may be one of many that would do as well; so the claims in question are judged once more, by the commit.
    """
    asked = {one.id for one in results if one.uncommitted and one.verdict is Verdict.SUPPORTED}
    backed: set[str] = set()
    if asked:
        with opened() as commit:
            again = judge(commit, [claim for claim in claims if claim.id in asked])
        backed = {one.id for one in again if one.verdict is Verdict.SUPPORTED}
    return tuple(
        replace(one, uncommitted=()) if one.uncommitted and one.id not in asked - backed else one for one in results
    )
