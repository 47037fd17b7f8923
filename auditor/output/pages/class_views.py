"""Groups and claims as the class page shows them: rows of cells, and how each claim went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from auditor.output.words.wording import FINDINGS, FindingWords
from auditor.records import Record
from auditor.result.audit import Finding
from auditor.result.class_run import BaseRate, Cell, ClaimHead, GroupRow, finding_of

LACKED = "–"
"""Sign of an item that the report lacks."""


class CellView(Record):
    """One cell of the class page."""

    kind: str
    sign: str
    href: str


class RowView(Record):
    """One row of the class page."""

    row: GroupRow
    href: str
    web: str | None
    counts: tuple[tuple[str, int], ...]
    cells: tuple[CellView, ...]


class RateView(Record):
    """How a claim went, with the ends of its bar's pieces in hundredths of the groups that ticked it."""

    rate: BaseRate
    bar: tuple[tuple[str, float, float], ...]
    stands_out: bool


def row_view(row: GroupRow, claims: Sequence[ClaimHead]) -> RowView:
    """One group's row: its counts, and a cell for each claim of the class."""
    href = relative(row.page)
    cells = {cell.claim: cell for cell in row.cells}
    findings = [finding_of(cell) for cell in row.cells]
    counts = tuple(
        (words.kind, findings.count(finding)) for finding, words in FINDINGS.items() if finding is not Finding.NONE
    )
    return RowView(
        row=row,
        href=href,
        web=web_address(row.web),
        counts=counts,
        cells=tuple(cell_view(cells.get(claim.id), href) for claim in claims),
    )


def cell_view(cell: Cell | None, href: str) -> CellView:
    """Sign and colour of one claim of one group; a link where there is something to read."""
    if cell is None:
        return CellView(FINDINGS[Finding.NONE].kind, "", "")
    finding = finding_of(cell)
    sign, kind = FINDINGS[finding].sign, FINDINGS[finding].kind
    if cell.decided is not None:
        sign += "!" if cell.stale else "*"
        kind += " stale" if cell.stale else " own"
    if finding is Finding.NONE and cell.decided is None:
        return CellView(kind, LACKED if cell.ticked is None else sign, "")
    return CellView(kind, sign, f"{href}#claim-{quote(cell.claim)}" if href else "")


def rate_view(rate: BaseRate) -> RateView:
    """A claim's bar; it stands out where half of at least three groups that ticked it must be asked."""
    bar, start = [], 0.0
    for kind, number in (("d", rate.discrepancy), ("q", rate.query), ("a", rate.ask), ("c", rate.confirmed)):
        width = round(100 * number / rate.ticked, 1) if rate.ticked else 0.0
        if width:
            bar.append((kind, round(start, 1), width))
        start += width
    wrong = rate.discrepancy + rate.query
    return RateView(rate, tuple(bar), stands_out=rate.ticked >= 3 and 2 * wrong > rate.ticked)


def totals(rows: Iterable[GroupRow]) -> list[tuple[FindingWords, int]]:
    """How often each finding occurs in the class."""
    found = [finding_of(cell) for row in rows for cell in row.cells]
    return [(FINDINGS[one], found.count(one)) for one in FINDINGS if one is not Finding.NONE]


def modules(claims: Sequence[ClaimHead]) -> list[tuple[str, list[str]]]:
    """The modules of each section, in the catalogue's order."""
    named: dict[str, dict[str, None]] = {}
    for claim in claims:
        named.setdefault(claim.section, {})[claim.module] = None
    return [(section, list(several)) for section, several in named.items()]


def relative(page: str) -> str:
    """The address of a page of the same site; never one of another site or scheme."""
    return quote(page.encode("utf-8", "replace")).lstrip("/")


def web_address(address: str | None) -> str | None:
    """An address that may be linked: `http` or `https`, and nothing else."""
    return address if address is not None and address.startswith(("https://", "http://")) else None
