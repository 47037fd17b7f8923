"""What could not be judged stands at the top of every output: it is a fault of the program, and no verdict."""

from __future__ import annotations

import csv
import io
import json

import pytest

from auditor.batch.rows import row_of
from auditor.output.spreadsheets.sheet_rows import group_row
from auditor.output.spreadsheets.sheets import claims_csv
from auditor.output.words.wording import group_of
from auditor.records import replace
from auditor.result.audit import AuditResult, Verdict
from auditor.result.class_run import ClaimHead, ClassResult
from output.test_reasons import NEAR, result, shown

ERROR = "the rule failed: IndexError: list index out of range"


def failed() -> AuditResult:
    """An audit of three claims, two of which could not be judged."""
    sound = result(NEAR)
    one = sound.claims[0]
    broken = [replace(one, id=name, verdict=Verdict.UNVERIFIABLE, error=ERROR) for name in ("M17.ci", "M17.lint")]
    return replace(sound, claims=(one, *broken))


@pytest.mark.parametrize("form", ["console", "advice", "markdown", "html"])
def test_they_stand_before_every_claim(form: str) -> None:
    text = " ".join(shown(form, failed()).split())
    at = text.index("2 claims could not be judged")
    assert at < text.index("M17.ci, M17.lint") < text.index("list index out of range") < text.index("M19.data_trigger")


@pytest.mark.parametrize("form", ["console", "advice", "markdown", "html"])
def test_nothing_is_said_where_all_was_judged(form: str) -> None:
    assert "could not be judged" not in shown(form, result(NEAR))


def test_json_counts_them() -> None:
    assert json.loads(shown("json", failed()))["summary"]["errors"] == 2


def test_sheets_count_them_and_give_no_verdict() -> None:
    row = row_of(group_of(failed()), "group.html")
    heads = tuple(ClaimHead(cell.claim, "", "", "") for cell in row.cells)
    made = claims_csv(ClassResult("0", "class", None, heads, (row,), (), ()))
    verdicts = [line["verdict"] for line in csv.DictReader(io.StringIO(made.decode("utf-8-sig")))]
    assert verdicts == ["unsupported", "not judged", "not judged"]
    assert row.problems[:2] == (
        "2 claims could not be judged. This is a fault of the program, not of the group:",
        f"M17.ci, M17.lint: {ERROR}",
    )
    assert 2 in group_row(row)
