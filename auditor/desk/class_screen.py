"""The class and its groups as the desk shows them: where things stand, and the way to each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from auditor.batch.class_folder import Standing
from auditor.desk.questions import OPEN, Progress, Question, progress
from auditor.output.pages.class_views import LACKED, rate_view, totals
from auditor.output.words.wording import FINDINGS, LARGE_FILES_CHECK, SECRETS_CHECK, FindingWords, by_finding
from auditor.records import Record
from auditor.result.audit import Finding, Remark
from auditor.result.class_run import Cell, GroupRow, finding_of


class HeatRow(Record):
    """A group in the heat map, and how far its questions are decided."""

    page: str
    row: GroupRow
    cells: Markup
    """Its cells, ready to be shown."""
    progress: Progress


class HeatMap:
    """Makes the rows of the heat map, and keeps those of groups on which nothing was decided since: a class has thousands of cells."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[GroupRow, Markup]] = {}

    def cells(self, page: str, row: GroupRow, claims: Sequence[str]) -> Markup:
        """The cells of a group in the order of the class's claims."""
        kept = self._kept.get(page)
        if kept is None or kept[0] is not row:
            found = {cell.claim: cell for cell in row.cells}
            kept = self._kept[page] = row, Markup("").join(heat_cell(found.get(claim), claim, page) for claim in claims)
        return kept[1]


def class_screen(standing: Standing, questions: Iterable[Question], heat: HeatMap) -> dict[str, Any]:
    """What the page of the class shows."""
    result = standing.result
    of_group: dict[str, list[Question]] = {page: [] for page in standing.by_page}
    of_claim: dict[str, list[Question]] = {claim.id: [] for claim in result.claims}
    for one in questions:
        of_group[one.page].append(one)
        of_claim.setdefault(one.claim.id, []).append(one)
    claims = [claim.id for claim in result.claims]
    rows = [
        HeatRow(page, row, heat.cells(page, row, claims), progress(of_group[page]))
        for page, (_, row) in standing.by_page.items()
    ]
    return {
        "rows": rows,
        "sections": [(name, len(list(claims))) for name, claims in groupby(result.claims, key=lambda one: one.section)],
        "rates": [(rate_view(rate), progress(of_claim[rate.claim.id])) for rate in result.rates],
        "totals": totals(result.rows),
        "leaks": leaks_found(standing),
        "page_of": standing.page_of,
        "lacked": LACKED,
    }


CELL = Markup('<td class="{}" title="{}: {}"><a href="/group/{}/claim/{}">{}</a></td>')
EMPTY = Markup('<td class="n">{}</td>')


def heat_cell(cell: Cell | None, claim: str, page: str) -> Markup:
    """Sign and colour, with a link where there is something to look at; what was decided carries a mark."""
    if cell is None:
        return EMPTY.format("")
    words = FINDINGS[finding_of(cell)]
    if words.finding is Finding.NONE and cell.decided is None:
        return EMPTY.format(LACKED if cell.ticked is None else words.sign)
    kind, sign, said = words.kind, words.sign, words.name
    if cell.decided is not None:
        kind, sign = f"{kind} {'stale' if cell.stale else 'own'}", f"{sign}{'!' if cell.stale else '*'}"
        said = f"{said}, {'decided on another commit' if cell.stale else 'decided'}"
    return CELL.format(kind, claim, said, page, claim, sign)


LEAKS = (SECRETS_CHECK, LARGE_FILES_CHECK)
"""What staff must act on."""


def leaks_found(standing: Standing) -> list[tuple[str, str, list[Remark]]]:
    """Keys, passwords and large files that groups committed, where that was looked at."""
    found = []
    for page, (group, _) in standing.by_page.items():
        remarks = [one for one in (group.audit.hand_in or () if group.audit else ()) if one.check in LEAKS]
        if remarks:
            found.append((page, group.name, remarks))
    return found


def group_screen(standing: Standing, page: str, questions: Iterable[Question]) -> dict[str, Any]:
    """What the page of a group shows besides its name."""
    group, _ = standing.by_page[page]
    pages = list(standing.by_page)
    at = pages.index(page)
    context: dict[str, Any] = {
        "before": pages[at - 1] if at else None,
        "following": pages[at + 1] if at + 1 < len(pages) else None,
        "names": {name: entry[0].name for name, entry in standing.by_page.items()},
        "shared": [one for one in standing.result.shared if any(name == group.name for name, _ in one.holders)],
        "page_of": standing.page_of,
        "counts": counts(standing, page),
        "sections": [],
        "group_progress": progress(one for one in questions if one.page == page),
    }
    if group.audit is not None:
        context["sections"] = [
            (section, [(claim, FINDINGS[finding_of(claim)], claim.finding in OPEN) for claim in claims])
            for section, claims in groupby(group.audit.claims, key=lambda claim: claim.section)
        ]
    return context


def counts(standing: Standing, page: str) -> list[tuple[FindingWords, int]]:
    """How often each finding occurs in a group."""
    audit = standing.by_page[page][0].audit
    if audit is None:
        return []
    found = by_finding(audit)
    return [(words, len(found[finding])) for finding, words in FINDINGS.items() if finding is not Finding.NONE]
