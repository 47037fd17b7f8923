"""What changed between two results, claim by claim, and why: another commit, other rules, or a decision.

A class is compared group by group, and never needs more of a group than how its claims stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from auditor.records import Record, field
from auditor.result.audit import Finding, Verdict

GRAVITY = {Finding.DISCREPANCY: 3, Finding.QUERY: 2, Finding.ASK: 1}
"""How grave a finding is for who has to look at it; the others are no matter at all."""


class Direction(StrEnum):
    """Where a finding went, as it counts for a reader."""

    WORSE = "worse"
    BETTER = "better"
    OTHER = "other"


class Cause(StrEnum):
    """Why a claim stands otherwise than before."""

    COMMIT = "commit"
    RULES = "rules"
    DECISION = "decision"


class Decided(Record):
    """What was decided on a claim; `stale` where that was on another commit than the audited one."""

    verdict: Verdict
    finding: Finding
    by: str = ""
    note: str = ""
    stale: bool = False


class ClaimState(Record):
    """How one claim of one group stands."""

    id: str
    title: str
    ticked: bool | None
    verdict: Verdict
    finding: Finding
    decision: Decided | None = None
    error: str | None = None

    @property
    def counted(self) -> Finding:
        """The finding that counts: the decided one unless it is stale."""
        return self.finding if self.decision is None or self.decision.stale else self.decision.finding


class GroupState(Record):
    """How one group stands. `problem` says why it was not audited; empty where it was."""

    name: str
    commit: str | None = None
    problem: str = ""
    claims: tuple[ClaimState, ...] = ()


class RunState(Record):
    """One result, or a whole class, as it is compared. `rules` is the digest of those that it was judged by, where it is known."""

    shown: str
    version: str
    rules: str = ""
    deadline: str | None = None
    groups: Mapping[str, GroupState] = field(default_factory=dict)
    """By what makes two names the same group."""


class ClaimChange(Record):
    """A claim that stands otherwise: before, now (one of them None where the result has no such claim), and why."""

    before: ClaimState | None
    now: ClaimState | None
    direction: Direction
    causes: tuple[Cause, ...]

    @property
    def claim(self) -> ClaimState:
        """The claim, as it stands now where it does."""
        found = self.now or self.before
        assert found is not None
        return found


class GroupChange(Record):
    """What changed for one group; `before` or `now` is None where it was not, or is not any more, among the groups."""

    name: str
    before: GroupState | None
    now: GroupState | None
    claims: tuple[ClaimChange, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether it was audited before and could not be now."""
        return bool(self.before and not self.before.problem and self.now and self.now.problem)


class Changes(Record):
    """What changed from one run to another: only groups for which something did."""

    old: RunState
    new: RunState
    groups: tuple[GroupChange, ...]

    def count(self, direction: Direction) -> int:
        """Claims, over all groups, that went this way."""
        return sum(change.direction is direction for group in self.groups for change in group.claims)

    @property
    def worse(self) -> bool:
        """Whether a finding got worse, or a group could be audited before and cannot now."""
        return bool(self.count(Direction.WORSE)) or any(group.lost for group in self.groups)


def changes(old: RunState, new: RunState) -> Changes:
    """What changed from `old` to `new`, in the order of `new`; groups that are gone stand last."""
    other_rules = old.version != new.version or (bool(old.rules and new.rules) and old.rules != new.rules)
    names = [*new.groups, *(name for name in old.groups if name not in new.groups)]
    compared = (group_change(old.groups.get(name), new.groups.get(name), other_rules) for name in names)
    return Changes(old, new, tuple(one for one in compared if one is not None))


def group_change(before: GroupState | None, now: GroupState | None, other_rules: bool) -> GroupChange | None:
    """What changed for a group; None where nothing did."""
    either = now or before
    if either is None:
        return None
    if before is None or now is None or before.problem or now.problem:
        same = before is not None and now is not None and before.problem == now.problem
        return None if same else GroupChange(either.name, before, now)
    found = tuple(claim_changes(before, now, other_rules))
    return GroupChange(now.name, before, now, found) if found or before.commit != now.commit else None


def claim_changes(before: GroupState, now: GroupState, other_rules: bool) -> Iterator[ClaimChange]:
    """The claims that stand otherwise; those that are new or gone stand last."""
    known = {claim.id: claim for claim in before.claims}
    moved = before.commit != now.commit
    for claim in now.claims:
        earlier = known.pop(claim.id, None)
        if earlier is None:
            yield ClaimChange(None, claim, Direction.OTHER, (Cause.RULES,))
        elif claim != earlier and told(claim) != told(earlier):
            yield ClaimChange(earlier, claim, direction(earlier, claim), causes(earlier, claim, moved, other_rules))
    for gone in known.values():
        yield ClaimChange(gone, None, Direction.OTHER, (Cause.RULES,))


def told(claim: ClaimState) -> tuple[object, ...]:
    """What makes a difference that is worth a line."""
    return (claim.ticked, claim.verdict, claim.finding, claim.decision, claim.error is not None)


def direction(before: ClaimState, now: ClaimState) -> Direction:
    """Whether the finding that counts is graver than before."""
    was, is_now = (GRAVITY.get(one.counted, 0) for one in (before, now))
    return Direction.WORSE if is_now > was else Direction.BETTER if is_now < was else Direction.OTHER


def causes(before: ClaimState, now: ClaimState, moved: bool, other_rules: bool) -> tuple[Cause, ...]:
    """Why a claim stands otherwise. At one commit only other rules (or settings) can change what the program says."""
    found = []
    own = told(before)[:3] != told(now)[:3] or (before.error is None) != (now.error is None)
    stale = bool(now.decision and now.decision.stale) and not (before.decision and before.decision.stale)
    if moved and (own or stale):
        found.append(Cause.COMMIT)
    if own and (other_rules or not moved):
        found.append(Cause.RULES)
    if (before.decision and replaced(before.decision)) != (now.decision and replaced(now.decision)):
        found.append(Cause.DECISION)
    return tuple(found)


def replaced(decision: Decided) -> tuple[str, ...]:
    """A decision as somebody wrote it, whatever has become of the commit."""
    return (decision.verdict, decision.by, decision.note)
