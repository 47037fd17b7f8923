"""The class and its groups as the desk shows them: where things stand, and the way to each of them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from auditor.batch.class_folder import Standing
from auditor.desk.questions import OPEN, Progress, Question, all_questions, progress
from auditor.output.pages.class_views import LACKED, rate_view, totals
from auditor.output.words.wording import FINDINGS, SECRETS_CHECK, FindingWords, by_finding
from auditor.records import Record
from auditor.result.audit import Finding, Remark
from auditor.result.class_run import Cell, GroupRow, finding_of


class HeatCell(Record):
    """A claim of a group in the heat map; `key` where there is something to look at."""

    kind: str
    sign: str
    claim: str
    said: str


class HeatRow(Record):
    """A group in the heat map, and how far its questions are decided."""

    page: str
    row: GroupRow
    cells: tuple[HeatCell, ...]
    progress: Progress


def class_screen(standing: Standing) -> dict[str, Any]:
    """What the page of the class shows."""
    result = standing.result
    of_group: dict[str, list[Question]] = {page: [] for page in standing.by_page}
    of_claim: dict[str, list[Question]] = {claim.id: [] for claim in result.claims}
    for one in all_questions(standing):
        of_group[one.page].append(one)
        of_claim.setdefault(one.claim.id, []).append(one)
    rows = [
        HeatRow(page, row, heat(row, [claim.id for claim in result.claims]), progress(of_group[page]))
        for page, (_, row) in standing.by_page.items()
    ]
    return {
        "rows": rows,
        "sections": [(name, len(list(claims))) for name, claims in groupby(result.claims, key=lambda one: one.section)],
        "rates": [(rate_view(rate), progress(of_claim[rate.claim.id])) for rate in result.rates],
        "totals": totals(result.rows),
        "keys": keys_found(standing),
        "page_of": standing.page_of,
        "lacked": LACKED,
    }


def heat(row: GroupRow, claims: list[str]) -> tuple[HeatCell, ...]:
    """A group's cells in the order of the class's claims."""
    cells = {cell.claim: cell for cell in row.cells}
    return tuple(heat_cell(cells.get(claim), claim) for claim in claims)


def heat_cell(cell: Cell | None, claim: str) -> HeatCell:
    """Sign and colour; decided ones carry a mark."""
    if cell is None:
        return HeatCell("n", "", claim, "")
    words = FINDINGS[finding_of(cell)]
    if words.finding is Finding.NONE and cell.decided is None:
        return HeatCell("n", LACKED if cell.ticked is None else words.sign, claim, "")
    if cell.decided is None:
        return HeatCell(words.kind, words.sign, claim, words.name)
    mark, kind = ("!", "stale") if cell.stale else ("*", "own")
    said = "decided on another commit" if cell.stale else "decided"
    return HeatCell(f"{words.kind} {kind}", words.sign + mark, claim, f"{words.name}, {said}")


def keys_found(standing: Standing) -> list[tuple[str, str, list[Remark]]]:
    """Keys and passwords that groups committed, where that was looked at."""
    found = []
    for page, (group, _) in standing.by_page.items():
        remarks = [one for one in (group.audit.hand_in or () if group.audit else ()) if one.check == SECRETS_CHECK]
        if remarks:
            found.append((page, group.name, remarks))
    return found


def group_screen(standing: Standing, page: str) -> dict[str, Any]:
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
        "group_progress": progress(one for one in all_questions(standing) if one.page == page),
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
