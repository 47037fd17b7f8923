"""The class beside each other: how each claim went, and files that are equal. Things to look at, never verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.result.audit import Finding, Print
from auditor.result.class_run import BaseRate, ClaimHead, GroupRow, SharedFile, finding_of


def base_rates(claims: Sequence[ClaimHead], rows: Sequence[GroupRow]) -> tuple[BaseRate, ...]:
    """Counts per claim over the groups that were audited, in the order of `claims`."""
    counts: dict[str, dict[str, int]] = {claim.id: {} for claim in claims}
    for row in rows:
        for cell in row.cells:
            count = counts.setdefault(cell.claim, {})
            finding = finding_of(cell)
            count[finding] = count.get(finding, 0) + 1
            if cell.ticked:
                count["ticked"] = count.get("ticked", 0) + 1
    return tuple(
        BaseRate(
            claim,
            ticked=counts[claim.id].get("ticked", 0),
            confirmed=counts[claim.id].get(Finding.CONFIRMED, 0),
            query=counts[claim.id].get(Finding.QUERY, 0),
            discrepancy=counts[claim.id].get(Finding.DISCREPANCY, 0),
            ask=counts[claim.id].get(Finding.ASK, 0),
            unclaimed=counts[claim.id].get(Finding.UNCLAIMED, 0),
        )
        for claim in claims
    )


class SharedFiles:
    """Collects the prints of group after group, and tells which files are equal. Holds digests, never content."""

    def __init__(self) -> None:
        self._holders: dict[tuple[str, str], dict[tuple[str, str], Print]] = {}

    def add(self, group: str, prints: Iterable[Print]) -> None:
        """Take in the files of one group."""
        for one in prints:
            self._holders.setdefault((one.kind, one.digest), {})[group, one.path] = one

    def found(self) -> tuple[SharedFile, ...]:
        """Files that several groups hold, code first and the longest first; and figures of the template.

        A file that one group holds twice is its own affair.
        """
        shared = []
        for (kind, _), holders in self._holders.items():
            first = next(iter(holders.values()))
            if first.template or len({group for group, _ in holders}) > 1:
                shared.append(SharedFile(kind, tuple(holders), first.lines, first.template))
        return tuple(sorted(shared, key=lambda one: (one.template, one.kind, -one.lines, one.holders)))
