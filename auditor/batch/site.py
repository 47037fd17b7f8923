"""The output folder of a class run: sheets, results, and the static site. Every file is replaced in one step, or left alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.batch.comparison import SharedFiles, base_rates
from auditor.batch.results_file import RESULTS, SAME_REPOSITORY, replaced
from auditor.batch.rows import page_names, row_of
from auditor.batch.rules_version import rules_digest
from auditor.batch.sheets import kept_notes, write_sheets
from auditor.output.words.wording import counted, day
from auditor.records import Record, as_data, replace
from auditor.result.audit import BUILT_IN_COURSE, SCHEMA_VERSION, Finding, Settings
from auditor.result.class_run import ClaimHead, ClassResult, GroupAudit, GroupRow, SharedFile, finding_of
from auditor.result.json import to_document
from auditor.review.decisions import Decisions, load_decisions
from auditor.version import __version__

DECISIONS = "auditor.toml"
"""The teaching assistants' decisions, in the output folder; read, never written here."""
INDEX = "index.html"
WRITING_SECONDS = 600.0
"""How long who wants to write all outputs waits for another one who does."""

Audits = Callable[[], Iterator[GroupAudit]]


class Written(Record):
    """What a run came to: groups in all, groups that could not be audited, and what to tell the reader."""

    groups: int
    failed: int
    discrepancies: int
    queries: int
    problems: tuple[str, ...] = ()
    deadline: str | None = None
    changed: str = ""
    """What changed against the last run into the folder; empty where this was the first."""

    def summary(self, out: Path) -> str:
        """One line for the reader, and one on what changed since the last run."""
        failed = f", {self.failed} could not be audited" if self.failed else ""
        return (
            f"{self.groups - self.failed} of {self.groups} groups audited{failed}: "
            f"{counted(self.discrepancies, 'discrepancy', 'discrepancies')}, {counted(self.queries, 'query', 'queries')}"
            f"{', as of ' + day(self.deadline) if self.deadline else ''}. "
            f"Open {out / INDEX}" + (f"\nAgainst the last run here: {self.changed}." if self.changed else "")
        )


def write_outputs(
    out: Path,
    title: str,
    deadline: str | None,
    audits: Audits,
    course: str = BUILT_IN_COURSE,
    settings: Settings | None = None,
) -> Written:
    """Write everything into `out`. `audits` gives the groups anew each time, one after another. Raises AuditError."""
    decisions = load_decisions(out / DECISIONS, course=course)

    def decided() -> Iterator[GroupAudit]:
        for group in audits():
            yield with_decisions(group, decisions)

    result = replace(summed_up(title, deadline, decided), settings=settings)
    write_results(out, result, decided, course)
    kept = write_sheets(out, result)
    write_site(out, result, decided)
    findings = [finding_of(cell) for row in result.rows for cell in row.cells]
    unmatched = [
        f"{DECISIONS}: decisions for group {name}, which is not among these groups"
        for name in decisions.unmatched(row.name for row in result.rows)
    ]
    return Written(
        groups=len(result.rows),
        failed=sum(row.summary is None for row in result.rows),
        discrepancies=findings.count(Finding.DISCREPANCY),
        queries=findings.count(Finding.QUERY),
        problems=(*decisions.problems, *unmatched, *kept_notes(kept)),
        deadline=deadline,
    )


def with_decisions(group: GroupAudit, decisions: Decisions) -> GroupAudit:
    """The group with what was decided on its claims."""
    if group.audit is None:
        return group
    return replace(group, audit=decisions.apply(group.audit, group.name))


def summed_up(title: str, deadline: str | None, audits: Audits) -> ClassResult:
    """The class as rows, rates and equal files."""
    groups: list[GroupRow] = []
    claims: tuple[ClaimHead, ...] = ()
    shared = SharedFiles()
    holders: dict[str, list[str]] = {}
    taken_in: set[str] = set()
    for group in audits():
        groups.append(row_of(group, ""))
        holders.setdefault(group.address, []).append(group.name)
        if group.audit is not None:
            claims = claims or tuple(ClaimHead(c.id, c.module, c.section, c.title) for c in group.audit.claims)
            if group.address not in taken_in:
                taken_in.add(group.address)
                shared.add(group.name, group.audit.prints)
    pages = page_names([row.name for row in groups])
    rows = tuple(
        replace(row, page=page, notes=(*row.notes, *twins(row, holders)))
        for row, page in zip(groups, pages, strict=True)
    )
    return ClassResult(__version__, title, deadline, claims, rows, base_rates(claims, rows), shared.found())


def twins(row: GroupRow, holders: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A note on a row whose repository other groups gave, too."""
    others = [name for name in holders[row.address] if name != row.name] if row.address else []
    return (f"{SAME_REPOSITORY}{' and '.join(others)}",) if others else ()


def write_results(out: Path, result: ClassResult, audits: Audits, course: str) -> None:
    """All audits as one JSON object, a group a line, written group by group. Each `audit` is the contract's object."""
    head: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "auditor", "version": result.version, "rules": rules_digest(course)},
        "title": result.title,
        "deadline": result.deadline,
        "settings": as_data(result.settings),
    }
    with replaced(out / RESULTS) as file:
        file.write(text_of(head)[:-1] + b',\n"groups": [')
        for number, (row, group) in enumerate(zip(result.rows, audits(), strict=True)):
            entry = {
                "group": row.name,
                "members": row.members,
                "repository": row.address,
                "state": "failed" if group.audit is None else "audited",
                "problem": row.problem or None,
                "notes": row.notes,
                "later_commits": row.later_commits,
                "page": row.page,
                "keys": row.keys,
                "large_files": row.large_files,
                "audit": to_document(group.audit) if group.audit else None,
            }
            file.write((b",\n" if number else b"\n") + text_of(entry))
        file.write(b'\n],\n"claims": ' + text_of(as_data(result.rates)))
        file.write(b',\n"shared": ' + text_of(as_data(result.shared)) + b"}\n")


def text_of(data: Any) -> bytes:
    """JSON on one line."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")


def write_site(out: Path, result: ClassResult, audits: Audits) -> None:
    """The class page and a page per group; pages of groups that are gone from the class are left."""
    from auditor.output.pages.html import Neighbour, class_page, group_page

    shared = shared_by_group(result.shared)
    beside = [None, *(Neighbour(row.name, row.page) for row in result.rows), None]
    for number, (row, group) in enumerate(zip(result.rows, audits(), strict=True)):
        page = group_page(
            replace(group, notes=row.notes),
            home=INDEX,
            of_class=result.title,
            shared=shared.get(row.name, ()),
            rates=result.rates,
            neighbours=(beside[number], beside[number + 2]),
        )
        with replaced(out / row.page) as file:
            file.write(page)
    with replaced(out / INDEX) as file:
        file.write(class_page(result))


def shared_by_group(shared: tuple[SharedFile, ...]) -> dict[str, tuple[SharedFile, ...]]:
    """The equal files that a group holds, by its name."""
    found: dict[str, list[SharedFile]] = {}
    for one in shared:
        for group in dict.fromkeys(group for group, _ in one.holders):
            found.setdefault(group, []).append(one)
    return {group: tuple(files) for group, files in found.items()}
