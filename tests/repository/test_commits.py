from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.repositories import Step, git, make_repository

from auditor.errors import AuditError
from auditor.repository.commits import parse_moment
from auditor.repository.opening import open_snapshot


def test_a_commit(shop: Path) -> None:
    (shop / "untracked.txt").write_text("u")
    first = git(shop, "rev-parse", "HEAD~2")
    git(shop, "tag", "handed-in", "HEAD~1")
    for at in (first, first[:8], "HEAD~2", "main~2"):
        with open_snapshot(shop, at=at) as snapshot:
            assert snapshot.paths == ("README.md",)
            assert snapshot.text("README.md") == "one\n"
            assert snapshot.moment.commit == first
            assert not snapshot.moment.dirty
    with open_snapshot(shop, at="handed-in") as snapshot:
        assert snapshot.text("README.md") == "two\n"
        assert snapshot.text_at(first, "README.md") == "one\n"
        assert snapshot.text_at(first, "late.txt") is None


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-01-05T10:00:00+00:00", "one\n"),
        ("2026-01-05T11:00:00+01:00", "one\n"),
        ("2026-01-09", "one\n"),
        ("2026-01-10T09:59:59+00:00", "one\n"),
        ("2026-01-10T10:00:00Z", "two\n"),
        ("2026-01-11", "two\n"),
        ("2026-01-21", None),
        ("2100-01-01", None),
    ],
)
def test_a_date(shop: Path, at: str, text: str | None) -> None:
    with open_snapshot(shop, at=at) as snapshot:
        assert snapshot.text("README.md") == text


def test_a_date_alone_means_its_end() -> None:
    end = parse_moment("2026-01-23")
    assert end is not None
    assert end.replace(tzinfo=None) == datetime(2026, 1, 23, 23, 59, 59)
    assert parse_moment("2026-01-23T08:00+02:00") == datetime(2026, 1, 23, 6, tzinfo=UTC)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=30) | st.dates().map(str) | st.datetimes().map(str))
def test_dates_never_raise(text: str) -> None:
    moment = parse_moment(text)
    assert moment is None or moment.tzinfo is not None


@pytest.mark.parametrize(
    "at", ["2026-01-04", "1970-01-01", "0001-01-01", "-1", "--all", "", "no-such-branch", "9999-12-31x", " "]
)
def test_no_such_moment(shop: Path, at: str) -> None:
    with pytest.raises(AuditError, match="--at"):
        open_snapshot(shop, at=at)


def test_a_date_is_looked_up_on_the_main_branch(shop: Path) -> None:
    git(shop, "checkout", "--quiet", "-b", "draft", "HEAD~1")
    with open_snapshot(shop, at="2026-01-30") as snapshot:
        assert "late.txt" in snapshot
    with open_snapshot(shop) as snapshot:
        assert "late.txt" not in snapshot
        assert snapshot.moment.branch == "draft"


def test_time_of_an_odd_commit(tmp_path: Path) -> None:
    shop = make_repository(tmp_path, commits=[Step({"a": "1"}, when="@4102444800 -1145")])
    with open_snapshot(shop) as snapshot:
        assert snapshot.moment.committed_at == datetime(2100, 1, 1, tzinfo=UTC)
        assert snapshot.moment.committed_at.utcoffset() == -timedelta(hours=11, minutes=45)
