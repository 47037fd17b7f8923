"""What lies on the desk: what asks for a decision, in which order, and what comes next."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.desk_server import OPEN, make_class

from auditor.batch.class_folder import ClassFolder, Standing
from auditor.desk.questions import Filters, all_questions, around, progress, read_filters, wanted
from auditor.review.decision_file import decide

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def folder(tmp_path: Path) -> ClassFolder:
    return ClassFolder(make_class(tmp_path))


def decided(folder: ClassFolder, group: str, claim: str, verdict: str, commit: str | None = COMMIT) -> Standing:
    decide(
        folder.decisions, group=group, claim=claim, verdict=verdict, note="", by="dana",
        at=datetime(2026, 1, 25, tzinfo=UTC), commit=commit,
    )  # fmt: skip
    return folder.now()


def keys(standing: Standing, **filters: str) -> list[str]:
    return [one.key.removeprefix("group-") for one in wanted(all_questions(standing), Filters(**filters))]


def test_the_orders(folder: ClassFolder) -> None:
    standing = folder.now()
    worst = ["2/M14.logging", "10/M14.logging", "2/M17.ci", "2/M17.lint", "2/M8.dvc", "1/M17.lint", "10/M17.lint"]
    assert keys(standing) == worst
    assert keys(standing, order="group") == [
        *("2/M14.logging", "2/M17.ci", "2/M17.lint", "2/M8.dvc"),
        *("10/M14.logging", "10/M17.lint"),
        "1/M17.lint",
    ]
    assert [key.partition("/")[2] for key in keys(standing, order="claim")] == [
        *("M8.dvc", "M14.logging", "M14.logging", "M17.ci", "M17.lint", "M17.lint", "M17.lint")
    ]


def test_the_filters(folder: ClassFolder) -> None:
    standing = folder.now()
    assert keys(standing, group="group-10") == ["10/M14.logging", "10/M17.lint"]
    assert keys(standing, module="M17", finding="d") == ["2/M17.ci", "2/M17.lint"]
    assert keys(standing, claim="M8.dvc") == ["2/M8.dvc"]
    assert keys(standing, state="decided") == []


def test_what_is_decided_is_open_no_more_until_the_commit_moves(folder: ClassFolder) -> None:
    decided(folder, "2", "M17.ci", "supported")
    decided(folder, "2", "M8.dvc", "unverifiable")
    standing = decided(folder, "1", "M17.lint", "supported", "fedcba9876")
    assert keys(standing, state="decided") == ["2/M17.ci", "2/M8.dvc"]
    assert keys(standing, state="oral") == ["2/M8.dvc"]
    assert keys(standing, state="stale") == ["1/M17.lint"]
    assert "1/M17.lint" in keys(standing) and "2/M17.ci" not in keys(standing)
    assert keys(standing, state="decided", by="dana") == ["2/M17.ci", "2/M8.dvc"]
    assert keys(standing, state="all", by="nobody") == []
    counts = progress(all_questions(standing))
    assert (counts.total, counts.decided, counts.oral, counts.stale, counts.left) == (OPEN, 1, 1, 1, OPEN - 2)


def test_the_next_one_follows_a_claim_that_is_decided_by_now(folder: ClassFolder) -> None:
    standing = decided(folder, "2", "M17.ci", "supported")
    found = around(list(all_questions(standing)), Filters(), "group-2", "M17.ci")
    assert (found.number, found.total) == (0, OPEN - 1)
    assert found.before and found.before.key == "group-10/M14.logging"
    assert found.after and found.after.key == "group-2/M17.lint"


def test_after_the_last_one_what_was_skipped_comes_again(folder: ClassFolder) -> None:
    questions = list(all_questions(folder.now()))
    last = wanted(questions, Filters())[-1]
    found = around(questions, Filters(), last.page, last.claim.id)
    assert found.after and found.after.key == "group-2/M14.logging"
    alone = around(questions, Filters(group="group-1"), "group-1", "M17.lint")
    assert alone.after is None and alone.number == 1


def test_an_address_that_asks_for_nonsense_asks_for_the_usual() -> None:
    assert read_filters({"state": "odd", "order": "none", "group": " group-2 ", "x": "y"}) == Filters(group="group-2")
    assert read_filters({"state": "all", "order": "claim"}).address == "state=all&order=claim"
