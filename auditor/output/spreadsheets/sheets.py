"""The spreadsheets of a class: CSV here, and a workbook.

CSV has no types: what opens it guesses, and takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return
for a formula (OWASP, "CSV Injection"). Every such text, also behind blanks and quotes and in full-width forms, is given an
apostrophe in front, which is part of the text for a program that reads the file. So is a piece of a text behind a line feed,
a tab or a semicolon: where a semicolon separates cells, as in Danish Excel, quotes within a line do not hold cells together
and the piece would be a cell of its own. Numbers of our own stay numbers. A program may still take a text for a
number or a date (`007`, `1-2`); in the workbook text is text.

The file is UTF-8 with a byte order mark, by which Excel tells it; lines end with CR and LF (RFC 4180).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from auditor.output.spreadsheets.sheet_rows import (
    CLAIM_COLUMNS,
    FORMULA,
    GROUP_COLUMNS,
    Value,
    claim_rows,
    cut,
    group_row,
)
from auditor.output.spreadsheets.workbook import grades_xlsx
from auditor.patterns import pattern
from auditor.result.class_run import ClassResult

__all__ = ["claims_csv", "grades_xlsx", "groups_csv"]

PIECE = pattern(rf"(^(?=[\t\n])|(?:^|[;\t\n])(?={FORMULA.pattern}))")
"""Where an apostrophe is needed: where the text begins, or behind what may end a cell."""


def claims_csv(result: ClassResult) -> bytes:
    """A row for each group and claim (`CLAIM_COLUMNS`); a group that could not be audited has none."""
    return as_csv(CLAIM_COLUMNS, (values for _, _, values in claim_rows(result)))


def groups_csv(result: ClassResult) -> bytes:
    """A row for each group (`GROUP_COLUMNS`), in the class's order."""
    return as_csv(GROUP_COLUMNS, map(group_row, result.rows))


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Columns and rows as CSV that is safe to open."""
    known: dict[Value, Value] = {}  # most texts stand in many rows
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        for value in row:
            if value not in known:
                known[value] = as_text(value) if isinstance(value, str) else value
        writer.writerow([known[value] for value in row])
    return text.getvalue().encode("utf-8-sig")


def as_text(text: str) -> str:
    """Text that no spreadsheet program takes for a formula."""
    return cut(PIECE.sub(r"\1'", text))
