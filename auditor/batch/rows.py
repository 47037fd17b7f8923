"""One group's audit as a row of the class's sheets and page, and the group's page's file name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.output.words.reasons import reason_of
from auditor.output.words.wording import LARGE_FILES_CHECK, SECRETS_CHECK, failures, unread_told
from auditor.result.audit import AuditResult, ClaimResult, Finding
from auditor.result.class_run import Cell, GroupAudit, GroupRow, finding_of

ORDER = (Finding.DISCREPANCY, Finding.QUERY, Finding.ASK)
"""Findings that lead to a question, the gravest first."""


def row_of(group: GroupAudit, page: str) -> GroupRow:
    """The row for `group`, whose page is called `page`."""
    audit = group.audit
    if audit is None:
        return GroupRow(
            group.name, group.members, group.address, None, None, None, group.problem, group.notes, 0, None, None, None, (), (),
            (), page,
        )  # fmt: skip
    return GroupRow(
        name=group.name,
        members=group.members,
        address=group.address,
        web=audit.repository.web,
        commit=audit.repository.commit,
        committed_at=audit.repository.committed_at,
        problem=group.problem,
        notes=group.notes,
        later_commits=group.later_commits,
        edition=audit.report.edition,
        report_group=audit.report.group,
        summary=audit.summary,
        cells=tuple(
            Cell(
                claim.id,
                claim.ticked,
                claim.verdict,
                claim.finding,
                claim.decision.finding if claim.decision else None,
                bool(claim.decision and claim.decision.stale),
                *reason_and_place(claim),
                claim.question,
                claim.decision.note if claim.decision else "",
                claim.error is not None,
            )
            for claim in audit.claims
        ),
        questions=tuple(
            (claim.id, claim.question)
            for finding in ORDER
            for claim in audit.claims
            if finding_of(claim) is finding and claim.question
        ),
        problems=problems_of(audit),
        page=page,
        keys=found_by(SECRETS_CHECK, audit),
        large_files=found_by(LARGE_FILES_CHECK, audit),
    )


def found_by(check: str, audit: AuditResult) -> tuple[str, ...]:
    """What a hand-in check found: a place and what is the matter each."""
    return tuple(f"{one.place.where}: {one.message}" for one in audit.hand_in or () if one.check == check)


def reason_and_place(claim: ClaimResult) -> tuple[str, str]:
    """The one reason of an open claim, and where it stands; of any other claim its first evidence, without a reason."""
    reason = reason_of(claim)
    return reason.words, reason.place.where if reason.place else ""


def problems_of(audit: AuditResult) -> tuple[str, ...]:
    """What was not read, and what is wrong with the report, a line each."""
    places = (*audit.report.problems, *audit.repository.problems)
    settings = audit.settings.places if audit.settings else ()
    own = tuple(f"the group's settings, not followed: {one.text}" for one in settings)
    read = tuple(
        f"{one.path}:{one.line}: {one.text}" if one.line else f"{one.path}: {one.text}" if one.path else one.text
        for one in places
    )
    return (*failures(audit), *unread_told(audit), *own, *read)


def page_names(names: Sequence[str]) -> list[str]:
    """A file name for each group's page: readable, safe on every file system, no two the same."""
    found: list[str] = []
    seen: set[str] = set()
    for name in names:
        readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-") or "unnamed"
        stem = readable if readable.startswith("group-") else f"group-{readable}"
        candidate, number = stem, 2
        while candidate in seen:
            candidate, number = f"{stem}--{number}", number + 1
        seen.add(candidate)
        found.append(f"{candidate}.html")
    return found
