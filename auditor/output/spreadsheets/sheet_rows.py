"""What stands in the rows of the spreadsheets, the same in every format: plain text, whole numbers, or nothing.

Text comes from strangers. `fit` makes it fit for a cell; that it is not taken for a formula is for each format to see to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from auditor.output.words.wording import visible
from auditor.patterns import pattern
from auditor.result.audit import Finding
from auditor.result.class_run import Cell, ClaimHead, ClassResult, GroupRow, finding_of

Value = str | int | None

MAX_UNITS = 32_767
"""Longest text of a cell, in UTF-16 units (Microsoft's "Excel specifications and limits": characters a cell can contain)."""

MAX_LINE_FEEDS = 253
"""Most line feeds in a cell (the same page)."""

CUT = " ... (cut)"

CLAIM_COLUMNS = (
    "group",
    "claim",
    "module",
    "section",
    "title",
    "ticked",
    "verdict",
    "finding",
    "decided finding",
    "stale",
    "page",
    "reason",
    "place",
    "question",
    "decision's note",
)

COUNTS = ("ticked", "confirmed", "queries", "discrepancies", "ask", "unclaimed", "not judged", "decided")

GROUP_COLUMNS = (
    "group",
    "members",
    "repository",
    "commit",
    "committed at",
    "state",
    "problem",
    *COUNTS,
    "discrepancy ids",
    "query ids",
    "questions",
    "notes",
    "later commits",
    "page",
    "keys",
    "large files",
)

FORMULA = pattern(
    # Blanks, quotes and joiners before the sign do not help: programs trim them, or take a quote for the cell's own.
    # A tab or a line feed is not skipped, for what follows it is looked at by itself.
    r"""(?:[^\S\t\n]|["'`\u00b4\u2018-\u201f\u00ab\u00bb\u200c\u200d])*"""
    # The signs, their full-width and small forms (Unicode blocks FF00 and FE50), and the minus sign.
    r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
)
"""How a text begins that a spreadsheet program may take for a formula (OWASP, "CSV Injection")."""

NOT_JUDGED = "not judged"
"""In the place of a verdict, where the claim's rule failed."""

YES = {True: "yes", False: "no", None: ""}


def claim_rows(result: ClassResult) -> Iterator[tuple[GroupRow, Cell, tuple[str, ...]]]:
    """A row of `CLAIM_COLUMNS` for each group and claim, with what it was made of; none for a group that failed."""
    heads = {claim.id: head_values(claim) for claim in result.claims}
    for row in result.rows:
        name, page = fit(row.name), page_link(row)
        for cell in row.cells:
            head = heads.get(cell.claim)
            if head is None:
                head = heads[cell.claim] = head_values(ClaimHead(cell.claim, "", "", ""))
            values = (
                name,
                *head[:4],
                YES[cell.ticked],
                NOT_JUDGED if cell.failed else cell.verdict.value,
                cell.finding.value,
                cell.decided.value if cell.decided is not None else "",
                "yes" if cell.stale else "",
                page + head[4] if page else "",
                fit(cell.reason),
                fit(cell.place),
                fit(cell.question),
                fit(cell.note),
            )
            yield row, cell, values


def head_values(claim: ClaimHead) -> tuple[str, ...]:
    """Id, module, section and title of a claim, and its place on a group's page."""
    place = f"#claim-{quote(claim.id.encode('utf-8', 'replace'))}"
    return fit(claim.id), fit(claim.module), fit(claim.section), fit(claim.title), place


def group_row(row: GroupRow) -> tuple[Value, ...]:
    """A row of `GROUP_COLUMNS`. Counts and ids go by the finding that counts: the decided one unless it is stale.

    A group that failed has no counts: they are empty, not zero.
    """
    audited = row.summary is not None
    return (
        fit(row.name),
        fit(", ".join(row.members)),
        fit(row.address),
        fit(row.commit or ""),
        fit(row.committed_at or ""),
        "audited" if audited else "failed",
        fit(row.problem),
        *(counts(row) if audited else [None] * len(COUNTS)),
        ids(row, Finding.DISCREPANCY),
        ids(row, Finding.QUERY),
        fit(numbered(question for _, question in row.questions)),
        fit("\n".join((*row.notes, *row.problems))),
        row.later_commits if audited else None,
        page_link(row),
        fit("\n".join(row.keys)),
        fit("\n".join(row.large_files)),
    )


def counts(row: GroupRow) -> list[int]:
    """The numbers under `COUNTS`. A stale decision is not counted as decided."""
    found = [finding_of(cell) for cell in row.cells]
    return [
        sum(cell.ticked is True for cell in row.cells),
        found.count(Finding.CONFIRMED),
        found.count(Finding.QUERY),
        found.count(Finding.DISCREPANCY),
        found.count(Finding.ASK),
        found.count(Finding.UNCLAIMED),
        sum(cell.failed for cell in row.cells),
        sum(cell.decided is not None and not cell.stale for cell in row.cells),
    ]


def ids(row: GroupRow, finding: Finding) -> str:
    """The claims of a group that have this finding."""
    return fit(", ".join(cell.claim for cell in row.cells if finding_of(cell) is finding))


def numbered(lines: Iterable[str]) -> str:
    """Each text on a line of its own, with its number."""
    return "\n".join(f"{number}. {' '.join(line.split())}" for number, line in enumerate(lines, start=1))


def page_link(row: GroupRow) -> str:
    """The group's page, relative to the folder of the sheets; empty where there is none. Never an address elsewhere."""
    return quote(row.page.encode("utf-8", "replace")).lstrip("/")


def fit(text: str) -> str:
    """Text that a cell can hold: control characters and half surrogate pairs are made visible, line ends are line feeds.

    What is longer than a cell can be is cut, and says so; line feeds over the limit become blanks.
    """
    if not text.isprintable():
        # Nothing behind the longest cell is looked at: a stranger's text can be as long as a file.
        lines = re.sub("\r\n?", "\n", text)[: MAX_UNITS + 1].split("\n")
        lines = [line if line.isprintable() else visible(line) for line in lines]
        if len(lines) > MAX_LINE_FEEDS + 1:
            lines[MAX_LINE_FEEDS:] = [" ".join(lines[MAX_LINE_FEEDS:])]
        text = "\n".join(lines)
    return cut(text)


def cut(text: str) -> str:
    """Text of at most `MAX_UNITS` UTF-16 units, with `CUT` at its end where some of it is missing."""
    if len(text) * 2 <= MAX_UNITS or len(text.encode("utf-16-le")) <= MAX_UNITS * 2:
        return text
    units = text.encode("utf-16-le")[: (MAX_UNITS - len(CUT)) * 2]
    return units.decode("utf-16-le", "ignore") + CUT
