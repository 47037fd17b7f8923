"""What changed between two results: which way, and why."""

from __future__ import annotations

import pytest

from auditor.output.changes.lines import in_one_line
from auditor.records import replace
from auditor.result.audit import Finding, Verdict
from auditor.result.changes import Cause, ClaimState, Decided, Direction, GroupState, RunState, changes

GOOD = ClaimState("M17.ci", "Continuous integration", True, Verdict.SUPPORTED, Finding.CONFIRMED)
BAD = ClaimState("M17.ci", "Continuous integration", True, Verdict.UNSUPPORTED, Finding.DISCREPANCY)
HALF = ClaimState("M17.ci", "Continuous integration", True, Verdict.PARTIAL, Finding.QUERY)
UNTICKED = ClaimState("M17.ci", "Continuous integration", False, Verdict.UNSUPPORTED, Finding.NONE)
SHOWN = Decided(Verdict.SUPPORTED, Finding.CONFIRMED, "nb", "shown to me")


def run(
    *claims: ClaimState, commit: str | None = "a" * 40, version: str = "1", rules: str = "x", problem: str = ""
) -> RunState:
    group = GroupState("43", commit, problem, claims)
    return RunState("run", version, rules, None, {"43": group})


@pytest.mark.parametrize(
    ("old", "new", "direction", "causes"),
    [
        (run(GOOD), run(BAD, commit="b" * 40), Direction.WORSE, (Cause.COMMIT,)),
        (run(GOOD), run(BAD), Direction.WORSE, (Cause.RULES,)),
        (run(GOOD), run(HALF, rules="y"), Direction.WORSE, (Cause.RULES,)),
        (run(HALF), run(BAD, commit="b" * 40, version="2"), Direction.WORSE, (Cause.COMMIT, Cause.RULES)),
        (run(BAD), run(replace(BAD, decision=SHOWN)), Direction.BETTER, (Cause.DECISION,)),
        (run(replace(BAD, decision=SHOWN)), run(BAD), Direction.WORSE, (Cause.DECISION,)),
        (run(BAD), run(UNTICKED, commit="b" * 40), Direction.BETTER, (Cause.COMMIT,)),
        (
            run(replace(BAD, decision=SHOWN)),
            run(replace(BAD, decision=replace(SHOWN, stale=True)), commit="b" * 40),
            Direction.WORSE,
            (Cause.COMMIT,),
        ),
        (run(GOOD), run(replace(BAD, decision=SHOWN)), Direction.OTHER, (Cause.RULES, Cause.DECISION)),
    ],
)
def test_which_way_and_why(old: RunState, new: RunState, direction: Direction, causes: tuple[Cause, ...]) -> None:
    found = changes(old, new)
    (change,) = found.groups[0].claims
    assert (change.direction, change.causes) == (direction, causes)
    assert found.worse is (direction is Direction.WORSE)


def test_nothing_changed() -> None:
    assert changes(run(GOOD), run(GOOD)).groups == ()
    assert in_one_line(changes(run(GOOD), run(GOOD, rules="y"))) == "nothing changed"


def test_another_commit_at_which_all_stands_as_before() -> None:
    found = changes(run(GOOD), run(GOOD, commit="b" * 40))
    assert not found.worse
    assert in_one_line(found) == "1 group with another commit and nothing else"


def test_a_group_that_cannot_be_audited_any_more_is_worse() -> None:
    found = changes(run(GOOD), run(problem="no such repository", commit=None))
    assert found.worse
    assert in_one_line(found) == "1 group that could be audited before"
    assert in_one_line(changes(run(problem="gone", commit=None), run(GOOD))) == "1 group audited now"


def test_groups_that_come_and_go() -> None:
    other = RunState("run", "1", "x", None, {"7": GroupState("7", None, "", (GOOD,))})
    found = changes(run(GOOD), other)
    assert [(one.name, one.before is None, one.now is None) for one in found.groups] == [
        ("7", True, False),
        ("43", False, True),
    ]
    assert not found.worse


def test_claims_that_only_one_of_them_knows_are_no_one_worse() -> None:
    found = changes(run(GOOD), run(GOOD, replace(BAD, id="M99.new"), version="2"))
    (change,) = found.groups[0].claims
    assert (change.before, change.direction, change.causes) == (None, Direction.OTHER, (Cause.RULES,))
    (gone,) = changes(run(GOOD, replace(BAD, id="M99.new")), run(GOOD, version="2")).groups[0].claims
    assert gone.now is None
