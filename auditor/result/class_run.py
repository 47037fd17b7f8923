"""What a run over a whole class says: frozen types for the sheets and pages, group by group and across groups.

A class page never needs more of a group than its `GroupRow`; the whole audits are read one at a time, so that memory does
not grow with the class.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.records import Record
from auditor.result.audit import AuditResult, ClaimResult, Finding, Settings, Summary, Verdict


class GroupAudit(Record):
    """One group of the class. `audit` is None where it could not be made; then `problem` says why.

    `address` is the repository as it may be shown (no credentials), `notes` are lines that a reader should know: commits
    after the deadline, another branch than the default one, no report.
    """

    name: str
    members: tuple[str, ...]
    address: str
    audit: AuditResult | None
    problem: str = ""
    notes: tuple[str, ...] = ()
    later_commits: int = 0


class Cell(Record):
    """One claim of one group, as a class page shows it."""

    claim: str
    ticked: bool | None
    verdict: Verdict
    finding: Finding
    decided: Finding | None = None
    """The finding that follows from a teaching assistant's decision."""
    stale: bool = False
    reason: str = ""
    """The one reason of an open claim: why the nearest trace counts by half or not, or what was not found."""
    place: str = ""
    """Where that trace, or the first evidence, stands: `path:line`."""
    question: str = ""
    note: str = ""
    """The note of a teaching assistant's decision."""
    failed: bool = False
    """Whether the claim's rule failed: then its verdict says nothing."""


class GroupRow(Record):
    """One group as a row: what the sheets and the class page show of it. `page` is its page's file name in the site."""

    name: str
    members: tuple[str, ...]
    address: str
    web: str | None
    commit: str | None
    committed_at: str | None
    problem: str
    notes: tuple[str, ...]
    later_commits: int
    edition: str | None
    report_group: str | None
    summary: Summary | None
    cells: tuple[Cell, ...]
    questions: tuple[tuple[str, str], ...]
    """Claim id and what to ask, discrepancies first."""
    problems: tuple[str, ...]
    """Lines on what was not read, and on the report."""
    page: str
    keys: tuple[str, ...] = ()
    """Where something that looks like a key or a password is committed, each with its kind."""
    large_files: tuple[str, ...] = ()
    """Large data, model and other files that are committed, each with its size."""


class ClaimHead(Record):
    """A claim as the heading of a column."""

    id: str
    module: str
    section: str
    title: str


class BaseRate(Record):
    """How a claim went in the class: groups that ticked it, and of those the counts by finding."""

    claim: ClaimHead
    ticked: int
    confirmed: int
    query: int
    discrepancy: int
    ask: int
    unclaimed: int


class SharedFile(Record):
    """Equal files: of several groups, or of one group and the template. Something to look at, never a verdict.

    `kind` is `figure` or `code`; `holders` are groups and paths; `template` where it is the template's own example.
    """

    kind: str
    holders: tuple[tuple[str, str], ...]
    lines: int = 0
    template: bool = False


class ClassResult(Record):
    """The class as a whole: its groups as rows in the order given, rates per claim in the catalogue's, equal files."""

    version: str
    title: str
    deadline: str | None
    claims: tuple[ClaimHead, ...]
    rows: Sequence[GroupRow]
    rates: tuple[BaseRate, ...]
    shared: tuple[SharedFile, ...]
    settings: Settings | None = None
    """What the course set for all groups; None where it set nothing."""


def finding_of(claim: ClaimResult | Cell) -> Finding:
    """The finding that counts for a reader: the decided one where somebody decided and it is not stale."""
    if isinstance(claim, Cell):
        return claim.decided if claim.decided is not None and not claim.stale else claim.finding
    decision = claim.decision
    return decision.finding if decision is not None and not decision.stale else claim.finding
