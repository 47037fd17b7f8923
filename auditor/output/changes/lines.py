"""What changed, in words that every form shares: a group's head, a claim's line, and the whole in one line."""

from __future__ import annotations

from auditor.output.words.wording import FINDINGS, counted, one_line
from auditor.result.changes import Cause, Changes, ClaimChange, ClaimState, Direction, GroupChange

ARROW = "→"
SIGNS = {Direction.WORSE: "!", Direction.BETTER: "+", Direction.OTHER: "~"}
"""A sign for each way, so that nothing is told by colour alone."""


def in_one_line(changes: Changes) -> str:
    """How many findings went which way, and why; that nothing changed where nothing did."""
    worse, better = changes.count(Direction.WORSE), changes.count(Direction.BETTER)
    other = changes.count(Direction.OTHER)
    parts = [
        f"{counted(number, 'finding', 'findings')} {word}"
        for number, word in ((worse, "worse"), (better, "better"), (other, "otherwise changed"))
        if number
    ]
    touched = sum(bool(group.claims) for group in changes.groups)
    if len(changes.new.groups) > 1 and touched:
        parts[-1] += f", in {counted(touched, 'group', 'groups')}"
    reasons = {cause: sum(cause in one.causes for group in changes.groups for one in group.claims) for cause in Cause}
    named = [f"{number} by {CAUSES[cause]}" for cause, number in reasons.items() if number]
    if named:
        parts[-1] += f" ({', '.join(named)})"
    for number, words in (
        (sum(group.before is None for group in changes.groups), "new"),
        (sum(group.now is None for group in changes.groups), "gone"),
        (sum(group.lost for group in changes.groups), "that could be audited before"),
        (
            sum(bool(g.before and g.before.problem and g.now and not g.now.problem) for g in changes.groups),
            "audited now",
        ),
        (sum(not g.claims and moved(g) for g in changes.groups), "with another commit and nothing else"),
    ):
        if number:
            parts.append(f"{counted(number, 'group', 'groups')} {words}")
    return "; ".join(parts) or "nothing changed"


CAUSES = {
    Cause.COMMIT: "another commit",
    Cause.RULES: "other rules or settings",
    Cause.DECISION: "a decision",
}


def moved(group: GroupChange) -> bool:
    """Whether it was audited both times, at different commits."""
    both = group.before is not None and group.now is not None and not group.before.problem and not group.now.problem
    return both and bool(group.before and group.now and group.before.commit != group.now.commit)


def group_line(group: GroupChange) -> str:
    """What happened to the group as a whole; empty where nothing did."""
    if group.before is None:
        return "new among the groups" + (
            f"; not audited: {one_line(group.now.problem)}" if group.now and group.now.problem else ""
        )
    if group.now is None:
        return "no longer among the groups"
    if group.now.problem:
        return f"not audited now: {one_line(group.now.problem)}"
    if group.before.problem:
        return f"audited now; before: {one_line(group.before.problem)}"
    if group.before.commit != group.now.commit:
        return f"commit {short(group.before.commit)} {ARROW} {short(group.now.commit)}"
    return ""


def short(commit: str | None) -> str:
    """A commit as it is shown."""
    return commit[:10] if commit else "none"


def state_words(claim: ClaimState | None) -> str:
    """How a claim stands, in a few words."""
    if claim is None:
        return "not judged by those rules"
    if claim.error is not None:
        return "could not be judged"
    words = f"{FINDINGS[claim.counted].name}, {claim.verdict.value}"
    if claim.decision is not None:
        words += (
            " (decided on another commit)" if claim.decision.stale else f" (decided {claim.decision.verdict.value})"
        )
    return words


def why(change: ClaimChange) -> str:
    """Why a claim stands otherwise, and who decided where somebody did."""
    reasons = [CAUSES[cause] for cause in change.causes]
    if change.before and change.now and change.before.ticked != change.now.ticked:
        reasons.append("ticked now" if change.now.ticked else "no longer ticked")
    decision = change.now.decision if change.now else None
    if Cause.DECISION in change.causes:
        told = "taken back" if decision is None else f"by {one_line(decision.by) or 'nobody named'}"
        note = f": {one_line(decision.note)}" if decision and decision.note else ""
        reasons.append(f"{told}{note}")
    return ", ".join(reasons)
