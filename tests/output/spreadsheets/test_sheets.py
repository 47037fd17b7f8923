"""The spreadsheets of a class: what stands in them, and that nothing of a group's making does anything when they are opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.libreoffice import needs_libreoffice, opened
from support.sheet_samples import (
    FAILED,
    OPENED,
    a_class,
    group,
    hostile_class,
    table,
)

from auditor.output.spreadsheets.sheet_rows import CLAIM_COLUMNS, GROUP_COLUMNS
from auditor.output.spreadsheets.sheets import claims_csv, groups_csv

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl on bars in cells


def test_claims_csv_has_a_row_for_each_group_and_claim() -> None:
    data = claims_csv(a_class(group(), FAILED))

    found = table(data)
    assert list(found[0]) == list(CLAIM_COLUMNS)
    assert len(found) == 5
    assert list(found[2].values())[:11] == [
        "43", "M17.ci", "M17", "Week 2", "Continuous integration", "yes", "unsupported", "discrepancy", "confirmed", "",
        "group-43.html#claim-M17.ci",
    ]  # fmt: skip
    assert (found[3]["decided finding"], found[3]["stale"]) == ("confirmed", "yes")
    assert [row["ticked"] for row in found] == ["yes", "yes", "yes", "yes", ""]
    assert data.count(b"\n") == data.count(b"\r\n") == 6


def test_groups_csv_counts_what_counts() -> None:
    audited, failed = table(groups_csv(a_class(group(), FAILED)))

    assert list(audited) == list(GROUP_COLUMNS)
    assert audited == {
        "group": "43",
        "members": "Ann Example, Bo Example",
        "repository": "https://example.org/buoys/project",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "committed at": "2026-01-23T21:48:00+00:00",
        "state": "audited",
        "problem": "",
        "ticked": "4",
        "confirmed": "2",  # one of them by decision
        "queries": "1",
        "discrepancies": "1",  # the stale decision does not count
        "ask": "0",
        "unclaimed": "0",
        "not judged": "0",
        "decided": "1",
        "discrepancy ids": "M23.deploy",
        "query ids": "M8.dvc",
        "questions": "1. Where does it run?\n2. Where is the data?",
        "notes": "2 commits after the deadline\ndata.csv: over 10 MB",
        "later commits": "2",
        "page": "group-43.html",
        "keys": ".env:1: a key",
        "large files": "",
    }
    assert (failed["state"], failed["problem"]) == ("failed", "no such repository")
    assert {failed[name] for name in ("ticked", "confirmed", "discrepancies", "decided", "later commits")} == {""}


# LibreOffice itself.

WORKED_OUT = {"42", "-40"}


@needs_libreoffice
@pytest.mark.xdist_group("libreoffice")
@pytest.mark.parametrize("separator", [",", ";"])
def test_libreoffice_shows_the_csv_texts_with_an_apostrophe(tmp_path: Path, separator: str) -> None:
    reading = f"{ord(separator)},34,76,1"
    (sheet,) = opened(tmp_path, "groups.csv", groups_csv(hostile_class(OPENED)), reading)

    shown = "\n".join(one for row in sheet for one in row)
    assert "'=41+1" in shown
    assert all(not one.lstrip(" ").startswith(("=", "+", "@")) for row in sheet for one in row)
    if separator == ",":
        assert [row[0] for row in sheet[1:6]] == ["'=41+1", "'\uff1d41+1", "' =41+1", "'+41+1", "'-41+1"]
        assert sheet[1][7] == "4"
    assert not WORKED_OUT & {one for row in sheet for one in row}


@needs_libreoffice
@pytest.mark.xdist_group("libreoffice")
@pytest.mark.parametrize(("text", "separator"), [("=41+1", ","), ("a;=41+1;b", ";")])
def test_libreoffice_does_work_out_what_is_not_guarded(tmp_path: Path, text: str, separator: str) -> None:
    """Else the tests above would hold of any file."""
    (sheet,) = opened(tmp_path, "raw.csv", f'0,"x"\r\n{text}'.encode(), f"{ord(separator)},34,76,1")

    assert WORKED_OUT & set(sheet[1])
