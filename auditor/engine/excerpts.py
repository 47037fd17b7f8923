"""The lines around the places that a result names, so that a page can show evidence where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.evidence import Place
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import AuditResult, Excerpt

AROUND = 3
"""Lines shown before and after a place."""
LINE_LENGTH = 240
"""Longest line that is kept, in characters; minified files and data have longer ones."""
MOST_LINES = 3000
"""Lines kept in all: a page of ordinary length."""


def excerpts(result: AuditResult, snapshot: Snapshot) -> tuple[Excerpt, ...]:
    """Excerpts for every place of a file in `result`, by path and line; those that touch are one."""
    wanted: dict[str, set[int]] = {}
    for place in places(result):
        if place.line is not None and place.commit is None and place.path in snapshot:
            wanted.setdefault(place.path, set()).add(place.line)
    found: list[Excerpt] = []
    kept = 0
    for path in sorted(wanted):
        lines = snapshot.lines(path)
        for first, last in stretches(wanted[path], len(lines)):
            if kept + last - first >= MOST_LINES:
                return tuple(found)
            kept += last - first + 1
            found.append(Excerpt(path, first, tuple(line[:LINE_LENGTH] for line in lines[first - 1 : last])))
    return tuple(found)


def places(result: AuditResult) -> Iterator[Place]:
    """Every place of a claim or of a contradiction."""
    for claim in result.claims:
        for part in claim.parts:
            yield from part.evidence
        yield from claim.documented
        yield from claim.said
        yield from claim.against
    for contradiction in result.report.contradictions:
        yield contradiction.says


def stretches(lines: Iterable[int], length: int) -> Iterator[tuple[int, int]]:
    """First and last line of what is shown around `lines` in a file of `length` lines, both counted from 1."""
    start = end = 0
    for line in sorted(line for line in lines if 1 <= line <= length):
        first, last = max(1, line - AROUND), min(length, line + AROUND)
        if end and first <= end + 1:
            end = last
            continue
        if end:
            yield start, end
        start, end = first, last
    if end:
        yield start, end
