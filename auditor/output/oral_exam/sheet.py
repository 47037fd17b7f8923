"""The sheet of one group for an oral exam: a page of its own that is printed on one or two sides and loads nothing."""

from __future__ import annotations

from functools import cache

from auditor.output.pages.html import environment, hash_source, page_part
from auditor.output.words.reasons import asked
from auditor.output.words.wording import FINDINGS, by_finding, called, day, open_questions, wording
from auditor.records import Record
from auditor.result.audit import AuditResult, Finding
from auditor.result.class_run import GroupAudit, finding_of

MOST_QUESTIONS = 20
"""Questions that two sides bear; nobody asks more in an oral exam."""
NO_NAMES = 4
"""Empty lines for names where the list of groups has none."""


class SheetQuestion(Record):
    """One open claim on the sheet; `note` and `by` are those of a decision that it be asked."""

    id: str
    words: str
    kind: str
    question: str
    note: str
    by: str


def exam_sheet(group: GroupAudit) -> bytes:
    """The sheet of one group as an HTML page, UTF-8. `group.audit` has its decisions applied already.

    A group that could not be audited gets a sheet that says so.
    """
    audit = group.audit
    context: dict[str, object] = {
        "group": group,
        "audit": audit,
        "name": called(group.name),
        "members": group.members or [""] * ((audit.report.members if audit else None) or NO_NAMES),
        "sheet_style": style(),
        "sheet_policy": sheet_policy(),
        "commit": "",
        "when": "",
        "notes": group.notes[:5],
    }
    if audit is not None:
        questions = questions_of(audit)
        found = by_finding(audit)
        context |= {
            "commit": (audit.repository.commit or "")[:10],
            "when": day(audit.repository.committed_at),
            "figures": [
                (words, len(found[finding])) for finding, words in FINDINGS.items() if finding is not Finding.NONE
            ],
            "questions": questions[:MOST_QUESTIONS],
            "more": len(questions[MOST_QUESTIONS:]),
        }
    page: str = environment().get_template("sheet.html").render(context)
    return page.encode("utf-8", "replace")


def questions_of(audit: AuditResult) -> list[SheetQuestion]:
    """What is still to be asked, the gravest first."""
    found = []
    for claim in open_questions(audit):
        decision = claim.decision if claim.decision and not claim.decision.stale else None
        found.append(
            SheetQuestion(
                claim.id,
                wording(claim),
                FINDINGS[finding_of(claim)].name,
                asked(claim),
                decision.note if decision else "",
                decision.by if decision else "",
            )
        )
    return found


@cache
def style() -> str:
    """The sheet's style."""
    return page_part("sheet.css")


@cache
def sheet_policy() -> str:
    """The Content Security Policy of a sheet: its own style and nothing else."""
    return f"default-src 'none'; style-src '{hash_source(style())}'; base-uri 'none'; form-action 'none'"
