"""The workbook of a class: groups, claims, a map of both, how each claim went, and a legend.

Text of strangers is written as text and nothing else: never as a formula, a link or a number. What begins like a formula
also has Excel's "quote prefix", so that it stays text when somebody edits the cell. Links lead to the pages beside the file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from typing import Any

from auditor.output.spreadsheets.cells import (
    DECIDED,
    FILLS,
    LACKED,
    LINE_HEIGHT,
    SETTLED,
    STALE,
    Formats,
    bars,
    formats_of,
    headed,
    link,
    sign,
    text,
)
from auditor.output.spreadsheets.sheet_rows import GROUP_COLUMNS, claim_rows, counts, fit, group_row, page_link
from auditor.output.words.wording import FINDINGS, NOT_A_PROOF
from auditor.result.audit import Finding, Verdict
from auditor.result.class_run import ClassResult, GroupRow, finding_of

CREATED = datetime(2026, 1, 1)
"""The date in the file's properties: the same for every file, so that equal classes give equal bytes."""


NEVER = "Never grade by the counts alone, and never confront a group without having looked at the places yourself."

SIGN_MEANINGS = {
    LACKED: "The group's report has no such item.",
    DECIDED: "Behind a sign: the finding follows from a teaching assistant's decision.",
    STALE: "Behind a sign: decided on another commit than the audited one; the finding is the program's own.",
}

VERDICT_MEANINGS = {
    Verdict.SUPPORTED: "Live evidence of the group's own for every part of the claim.",
    Verdict.PARTIAL: "Evidence for a part; or a stub or disabled code; or only the report tells of it.",
    Verdict.UNSUPPORTED: "Work of this kind leaves traces, and there are none.",
    Verdict.CONTRADICTED: "The report itself says the opposite, and no trace speaks against it.",
    Verdict.UNVERIFIABLE: "A repository need not show it, and nothing speaks for or against it.",
}

COLUMN_MEANINGS = {
    "ticked": "yes, no, or empty where the report has no such item; in the sheet of groups, how many.",
    "finding": "The program's own; a decision does not change it.",
    "decided finding": "What follows from a teaching assistant's decision.",
    "stale": "The decision was made on another commit than the audited one: look again.",
    "counts and ids": "Of the findings that count: the decided one unless it is stale, else the program's own.",
    "not judged": "Claims whose rule failed: a fault of the program.",
    "decided": "Decisions that are not stale.",
    "later commits": "Commits after the deadline; they were not looked at.",
    "keys": "Where something that looks like a key or a password is committed: staff must act on it.",
    "large files": "Data, models and other files over their bounds that are committed; git keeps them for ever.",
    "confirmed share": "Confirmed, of the groups that ticked the item.",
    "page, claim": "Links into the pages, which lie in the folder of this file; none where a claim needs no look.",
}


GROUP_HEIGHT = 5 * LINE_HEIGHT
"""A cell of questions can be much longer; it is read in the cell, or question by question in the sheet of claims."""

QUESTION_WIDTH = 90
"""In characters, as all widths."""

GROUP_WIDTHS = {
    "group": 16,
    "members": 30,
    "repository": 38,
    "commit": 13,
    "committed at": 17,
    "problem": 34,
    "discrepancy ids": 26,
    "query ids": 26,
    "questions": QUESTION_WIDTH,
    "notes": 50,
    "keys": 40,
    "large files": 40,
}
SHEET_CLAIM_COLUMNS = (
    "group", "claim", "section", "title", "ticked", "verdict", "finding", "decided finding", "stale", "reason", "place", "question",
    "decision's note",
)  # fmt: skip
CLAIM_WIDTHS = {
    "group": 16,
    "claim": 22,
    "section": 10,
    "title": 46,
    "finding": 15,
    "decided finding": 15,
    "reason": 60,
    "place": 34,
    "question": 90,
    "decision's note": 40,
}
RATE_COLUMNS = (
    "claim", "module", "section", "title", "ticked", "confirmed", "queries", "discrepancies", "ask", "unclaimed", "confirmed share",
)  # fmt: skip
RATE_WIDTHS = {"claim": 22, "section": 17, "title": 46, "confirmed share": 15}
NARROW = 13


def grades_xlsx(result: ClassResult) -> bytes:
    """The workbook (Office Open XML) with the sheets Groups, Claims, Map, Rates and Legend.

    `page` links are relative: the workbook is to lie in the folder of the pages. Times are those of the deadline's offset,
    UTC without a deadline. Counts and signs go by the finding that counts: the decided one unless it is stale. Equal classes
    give equal bytes.
    """
    import xlsxwriter

    data = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(data, options) as book:
        book.set_properties(
            {"title": fit(result.title)[:200], "comments": f"auditor {result.version}", "created": CREATED}
        )
        formats = formats_of(book)
        groups_sheet(book.add_worksheet("Groups"), formats, result)
        claims_sheet(book.add_worksheet("Claims"), formats, result)
        map_sheet(book.add_worksheet("Map"), formats, result)
        rates_sheet(book.add_worksheet("Rates"), formats, result)
        legend_sheet(book.add_worksheet("Legend"), formats, result)
    return data.getvalue()


def groups_sheet(sheet: Any, formats: Formats, result: ClassResult) -> None:
    """A row for each group."""
    zone = zone_of(result.deadline)
    commit, at, page = (GROUP_COLUMNS.index(name) for name in ("commit", "committed at", "page"))
    names = [f"{name} ({zone})" if name == "committed at" else name for name in GROUP_COLUMNS]
    headed(sheet, formats, names, [GROUP_WIDTHS.get(name, NARROW) for name in GROUP_COLUMNS], len(result.rows))
    for number, row in enumerate(result.rows, start=1):
        sheet.set_row(number, GROUP_HEIGHT)
        for column, value in enumerate(group_row(row)):
            if column == at and (moment := local(row.committed_at, zone)) is not None:
                sheet.write_datetime(number, column, moment, formats.time)
            elif column == page:
                link(sheet, formats, number, column, page_link(row), "open" if row.page else "")
            elif isinstance(value, int):
                sheet.write_number(number, column, value, formats.text)
            elif value:
                text(sheet, formats, number, column, value, formats.line if column == commit else None)
    for name, finding in (("discrepancies", Finding.DISCREPANCY), ("queries", Finding.QUERY)):
        bars(sheet, GROUP_COLUMNS.index(name), len(result.rows), FILLS[finding][0])


def claims_sheet(sheet: Any, formats: Formats, result: ClassResult) -> None:
    """A row for each group and claim, with what to ask. The claim is the link to its place on the group's page.

    Most cells of the workbook are here. What a cell costs decides what is left out: the module, with which a claim's id begins.
    """
    widths = [CLAIM_WIDTHS.get(name, NARROW) for name in SHEET_CLAIM_COLUMNS]
    rows = sum(len(row.cells) for row in result.rows)
    headed(sheet, formats, SHEET_CLAIM_COLUMNS, widths, rows, numbers=frozenset())
    write, plain = sheet.write_string, formats.line
    asked: dict[str, str] = {}
    of_row: GroupRow | None = None
    for number, (row, cell, values) in enumerate(claim_rows(result), start=1):
        if row is not of_row:
            of_row, asked = row, dict(row.questions)
        group, claim, _, section, title, ticked, verdict, finding, decided, stale, address, reason, place, _, note = (
            values
        )
        text(sheet, formats, number, 0, group)
        # Thousands of links make a file slow to open and to write: what nobody has to look at does without.
        link(sheet, formats, number, 1, "" if finding_of(cell) in SETTLED else address, claim)
        for column, word in enumerate((section, title, ticked, verdict), start=2):
            write(number, column, word, plain)
        write(number, 6, finding, formats.word[cell.finding])
        if cell.decided is not None:
            write(number, 7, decided, formats.word[cell.decided])
        if stale:
            write(number, 8, stale, plain)
        question = asked.get(cell.claim)
        if question:
            # Not every program makes a row as high as its text when it opens the file.
            sheet.set_row(number, LINE_HEIGHT * min(1 + len(question) // QUESTION_WIDTH, 20))
            text(sheet, formats, number, 11, fit(question))
        for column, words in ((9, reason), (10, place), (12, note)):
            if (words and finding_of(cell) not in SETTLED) or (column == 12 and words):
                text(sheet, formats, number, column, words)


def map_sheet(sheet: Any, formats: Formats, result: ClassResult) -> None:
    """Groups by claims: a sign for each finding, in its colour."""
    first = 3
    headed(
        sheet,
        formats,
        ["group", "discrepancies", "queries"],
        [GROUP_WIDTHS["group"], NARROW, NARROW],
        len(result.rows),
        above=1,
        width=first + len(result.claims),
    )
    sheet.set_row(0, 2 * LINE_HEIGHT)
    sheet.set_row(1, 130)
    sheet.set_column(first, first + max(len(result.claims) - 1, 0), 3.6)
    column = first
    for section, claims in groupby(result.claims, key=lambda claim: claim.section):
        heads = list(claims)
        if len(heads) > 1:
            sheet.merge_range(0, column, 0, column + len(heads) - 1, "", formats.header)
        sheet.write_string(0, column, fit(section), formats.header)
        for head in heads:
            sheet.write_string(1, column, fit(head.id), formats.turned)
            column += 1
    columns = {claim.id: number for number, claim in enumerate(result.claims, start=first)}
    for number, row in enumerate(result.rows, start=2):
        text(sheet, formats, number, 0, fit(row.name))
        if row.summary is None:
            text(sheet, formats, number, first, fit(row.problem) or "failed", formats.line)
            continue
        _, _, queries, discrepancies, *_ = counts(row)
        sheet.write_number(number, 1, discrepancies, formats.text)
        sheet.write_number(number, 2, queries, formats.text)
        for cell in row.cells:
            if cell.claim in columns:
                sheet.write_string(number, columns[cell.claim], sign(cell), formats.sign[finding_of(cell)])


def rates_sheet(sheet: Any, formats: Formats, result: ClassResult) -> None:
    """How each claim went in the class."""
    headed(sheet, formats, RATE_COLUMNS, [RATE_WIDTHS.get(name, NARROW) for name in RATE_COLUMNS], len(result.rates))
    for number, rate in enumerate(result.rates, start=1):
        claim = rate.claim
        for column, value in enumerate((claim.id, claim.module, claim.section, claim.title)):
            text(sheet, formats, number, column, fit(value))
        numbers = (rate.ticked, rate.confirmed, rate.query, rate.discrepancy, rate.ask, rate.unclaimed)
        for column, count in enumerate(numbers, start=4):
            sheet.write_number(number, column, count, formats.text)
        if rate.ticked:
            sheet.write_number(number, 10, rate.confirmed / rate.ticked, formats.share)
    bars(sheet, RATE_COLUMNS.index("confirmed share"), len(result.rates), FILLS[Finding.CONFIRMED][0], most=1)


def legend_sheet(sheet: Any, formats: Formats, result: ClassResult) -> None:
    """What every word, sign and colour means, and what the file was made of."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    for number, (name, meaning, finding) in enumerate(legend_lines(result)):
        style = formats.header if not meaning else formats.word[finding] if finding else formats.bold
        text(sheet, formats, number, 0, name, style if name else None)
        text(sheet, formats, number, 1, meaning)


def legend_lines(result: ClassResult) -> Iterator[tuple[str, str, Finding | None]]:
    """Name, meaning and, where the name is shown in its colour, the finding."""
    editions = sorted({row.edition for row in result.rows if row.edition})
    failed = sum(row.summary is None for row in result.rows)
    yield "Class", fit(result.title), None
    yield "Groups", f"{len(result.rows)}, of which {failed} could not be audited", None
    yield "Deadline", fit(result.deadline or "none: each group as it stands now"), None
    yield "Editions of the report", fit(", ".join(editions)) or "not known", None
    yield "Made by", f"auditor {result.version}", None
    yield "", NOT_A_PROOF, None
    yield "", NEVER, None
    yield "", "", None
    yield "Findings", "", None
    for words in FINDINGS.values():
        yield f"{words.sign}  {words.finding.value}", f"{words.heading}. {words.meaning}", words.finding
    for heading, meanings in (("Map", SIGN_MEANINGS), ("Verdicts", VERDICT_MEANINGS), ("Columns", COLUMN_MEANINGS)):
        yield "", "", None
        yield heading, "", None
        for name, meaning in meanings.items():
            yield str(name), meaning, None


def zone_of(deadline: str | None) -> tzinfo:
    """The offset of the deadline; UTC where it has none."""
    try:
        return (datetime.fromisoformat(deadline).tzinfo if deadline else None) or UTC
    except ValueError:
        return UTC


def local(time: str | None, zone: tzinfo) -> datetime | None:
    """A commit's time as a clock in `zone` shows it; None where it is not known or has no offset."""
    try:
        moment = datetime.fromisoformat(time or "")
        return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo and 1900 < moment.year < 9999 else None
    except (ValueError, OverflowError):
        return None
