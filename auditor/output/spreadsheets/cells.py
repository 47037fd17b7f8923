"""Cells of a workbook: their formats, headings, signs, links and bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from auditor.output.spreadsheets.sheet_rows import COUNTS, FORMULA
from auditor.output.words.wording import FINDINGS
from auditor.records import Record
from auditor.result.audit import Finding
from auditor.result.class_run import Cell, finding_of

FILLS = {
    Finding.DISCREPANCY: ("#F8CBCB", "#7A0C0C"),
    Finding.QUERY: ("#FFE9A8", "#5C4300"),
    Finding.ASK: ("#D6E6F7", "#123F6B"),
    Finding.UNCLAIMED: ("#E4DAF3", "#45246F"),
    Finding.CONFIRMED: ("#D9EED7", "#1C4D1A"),
    Finding.NONE: ("#F2F2F2", "#555555"),
}
"""Background and text; the finding's word or sign always stands in the cell too."""


LACKED = "\u2013"
"""Sign of an item that the group's report lacks."""


SETTLED = (Finding.CONFIRMED, Finding.NONE)
"""Findings of claims that need no look at the page."""


LINE_HEIGHT = 15
"""Of a line of text in the usual font, in points."""


NUMBERS = frozenset({*COUNTS, "later commits", "confirmed share"})
"""Columns whose headings stand over numbers, at the right."""


class Formats(Record):
    """The formats that the sheets share."""

    header: Any
    number_header: Any
    turned: Any
    text: Any
    line: Any
    guarded: Any
    time: Any
    share: Any
    link: Any
    bold: Any
    word: dict[Finding, Any]
    sign: dict[Finding, Any]


def formats_of(book: Any) -> Formats:
    """The formats, made once."""
    top = {"valign": "top"}
    wrapped = {**top, "text_wrap": True}
    header = {"bold": True, "bottom": 1, "bg_color": "#E8E8E8"}
    fills = {finding: {"bg_color": back, "font_color": text} for finding, (back, text) in FILLS.items()}
    return Formats(
        header=book.add_format({**header, "valign": "vcenter", "text_wrap": True}),
        number_header=book.add_format({**header, "valign": "vcenter", "align": "right"}),
        turned=book.add_format({**header, "rotation": 90, "valign": "bottom", "align": "center"}),
        text=book.add_format(wrapped),
        line=book.add_format(top),
        guarded=book.add_format({**wrapped, "quote_prefix": True}),
        time=book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        share=book.add_format({**top, "num_format": "0%"}),
        link=book.add_format({**top, "font_color": "#0B4FA8", "underline": 1}),
        bold=book.add_format({**wrapped, "bold": True}),
        word={finding: book.add_format({**top, **fill}) for finding, fill in fills.items()},
        sign={finding: book.add_format({**fill, "align": "center"}) for finding, fill in fills.items()},
    )


def headed(
    sheet: Any,
    formats: Formats,
    names: Sequence[str],
    widths: Iterable[float],
    rows: int,
    *,
    numbers: frozenset[str] = NUMBERS,
    above: int = 0,
    width: int | None = None,
) -> None:
    """A row of headings that stays in sight and filters `rows` rows; `above` rows stand over it, `width` columns are filtered."""
    for column, (name, wide) in enumerate(zip(names, widths, strict=True)):
        sheet.write_string(above, column, name, formats.number_header if name in numbers else formats.header)
        sheet.set_column(column, column, wide)
    sheet.set_row(above, 2 * LINE_HEIGHT)
    sheet.freeze_panes(above + 1, 1)
    sheet.autofilter(above, 0, above + rows, (width or len(names)) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, above)


def text(sheet: Any, formats: Formats, row: int, column: int, value: str, style: Any = None) -> None:
    """Write a text as text, and nothing else: text of strangers passes through here."""
    if value.startswith("<r>") and value.endswith("</r>"):
        value += " "  # XlsxWriter takes such a text for its own markup of several fonts, and would write it as XML
    sheet.write_string(row, column, value, style or (formats.guarded if FORMULA.match(value) else formats.text))


def link(sheet: Any, formats: Formats, row: int, column: int, address: str, shown: str) -> None:
    """Write words of our own as a link to a page beside the file; as plain text where there is no page."""
    if address:
        sheet.write_url(row, column, f"external:{address}", formats.link, shown)
    elif shown:
        sheet.write_string(row, column, shown, formats.line)


def bars(sheet: Any, column: int, rows: int, colour: str, most: float | None = None) -> None:
    """Bars behind the numbers of a column, from nought."""
    if rows:
        limits = {"min_type": "num", "min_value": 0}
        if most is not None:
            limits |= {"max_type": "num", "max_value": most}
        sheet.conditional_format(
            1, column, rows, column, {"type": "data_bar", "bar_color": colour, "bar_solid": True, **limits}
        )


DECIDED, STALE = "*", "!"
"""Signs behind a finding's: it follows from a decision; there is a decision on another commit."""


def sign(cell: Cell) -> str:
    """A claim of a group as one or two signs."""
    if cell.ticked is None and finding_of(cell) is Finding.NONE:
        return LACKED
    mark = "" if cell.decided is None else STALE if cell.stale else DECIDED
    return FINDINGS[finding_of(cell)].sign + mark
