from __future__ import annotations

import re
from datetime import datetime

import pytest
from support.sheet_samples import (
    HOSTILE,
    hostile_class,
    rows_of,
    sheet_of,
    table,
    workbook,
)

from auditor.output.spreadsheets.sheet_rows import MAX_UNITS, fit
from auditor.output.spreadsheets.sheets import as_text, claims_csv, groups_csv

PLAIN = (
    "Group 43",
    "buoy-watchers",
    "a=b",
    "a - b",
    "ab@example.org",
    "https://example.org/a?b=c",
    "mailto:a@example.org",
    "007",
    "{=1+1}",
    "<b>&amp;</b>",
    "\u00e6\u00f8\u00e5 \U0001f6a2",
    "'quoted'",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_piece_of_a_csv_text_that_could_be_a_formula_has_an_apostrophe(text: str) -> None:
    result = hostile_class([text])
    cells = [one for make in (groups_csv, claims_csv) for row in table(make(result)) for one in row.values()]

    for one in cells:
        if one.isdigit():
            continue  # a number of our own
        for piece in re.split(r"[;\t\n]", one):
            first = piece.lstrip(' \u00a0\u3000\u200d"\u201c')
            assert not first.startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20")), one
        assert not one.startswith(("\t", "\r", "\n")), one


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_are_as_they_were(text: str) -> None:
    assert table(groups_csv(hostile_class([text])))[0]["group"] == text
    assert rows_of(sheet_of(workbook(hostile_class([text])), "Groups"))[0]["group"] == text


def test_control_characters_and_half_surrogates_are_seen_and_hide_nothing() -> None:
    text = "\x00=1\x1b[31m\ud800\u202ex\x85\ufffe\uffff"
    result = hostile_class([text])

    for shown in (
        table(groups_csv(result))[0]["group"],
        rows_of(sheet_of(workbook(result), "Groups"))[0]["group"],
    ):
        assert isinstance(shown, str)
        assert shown.isprintable()
        assert "=1" in shown
        assert shown.endswith("[U+FFFE][U+FFFF]")


@pytest.mark.parametrize(
    "text",
    ["x" * 40_000, "\U0001f6a2" * 20_000, "=" * 32_767, ";=" * 16_000, "\t" * 32_000, "a\n" * 10_000, "\x01" * 32_767],
)
def test_a_cell_is_never_longer_than_excel_takes(text: str) -> None:
    result = hostile_class([text])
    in_csv = [one for row in table(groups_csv(result)) for one in row.values()]
    in_book = [one for row in rows_of(sheet_of(workbook(result), "Groups")) for one in row.values()]

    for one in (*in_csv, *in_book):
        if isinstance(one, str):
            assert len(one.encode("utf-16-le")) <= MAX_UNITS * 2
            assert one.count("\n") <= 253


def test_what_is_cut_keeps_its_beginning() -> None:
    assert fit("x" * MAX_UNITS) == "x" * MAX_UNITS
    assert fit("x" * (MAX_UNITS + 1)) == "x" * (MAX_UNITS - 10) + " ... (cut)"
    assert fit("a\r\nb\rc") == "a\nb\nc"
    assert fit("\n" * 253) == "\n" * 253


def test_a_long_hostile_text_costs_no_time() -> None:
    for text in ("\t" * MAX_UNITS, " " * MAX_UNITS, "\n" * MAX_UNITS, ";" * MAX_UNITS, "; " * 16_000, '"' * MAX_UNITS):
        before = datetime.now()
        as_text(text)
        assert (datetime.now() - before).total_seconds() < 1
