"""Audits and a class made by hand, for the tests of the pages; all names are invented."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.evidence import Place
from auditor.records import replace
from auditor.result.audit import (
    AuditResult,
    ClaimResult,
    Contradiction,
    Decision,
    Excerpt,
    Finding,
    PartResult,
    ReportResult,
    RepositoryResult,
    StatedNumber,
    Verdict,
)
from auditor.result.class_run import (
    BaseRate,
    Cell,
    ClaimHead,
    ClassResult,
    GroupAudit,
    GroupRow,
    SharedFile,
    finding_of,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEB = "https://github.com/example/buoy"

CLAIMS = (
    ("M5.git", "Week 1", "Git repository with history"),
    ("M8.dvc", "Week 1", "Data under version control"),
    ("M14.logging", "Week 1", "Logging of events"),
    ("M17.ci", "Week 2", "Continuous integration"),
    ("M17.lint", "Week 2", "Linting in continuous integration"),
    ("M24.load_test", "Week 2", "Load test"),
)

D, Q, A, U, C, N = (
    Finding.DISCREPANCY,
    Finding.QUERY,
    Finding.ASK,
    Finding.UNCLAIMED,
    Finding.CONFIRMED,
    Finding.NONE,
)

VERDICTS = {
    D: Verdict.UNSUPPORTED,
    Q: Verdict.PARTIAL,
    A: Verdict.UNVERIFIABLE,
    U: Verdict.SUPPORTED,
    C: Verdict.SUPPORTED,
    N: Verdict.UNSUPPORTED,
}

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    "</style></title></textarea>{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "right \u202egnp.exe\u202c to left",
    "zero\u200bwidth\ufeff and \u2066isolated\u2069",
    "\x1b[31mred\x1b[0m\x00\x07\r",
    "lone \ud800 surrogate",
    "&lt;b&gt; &amp; 'quoted' \"twice\"",
)
"""What a stranger may call a file, a group or a person."""


def claim(number: int, finding: Finding, **changes: object) -> ClaimResult:
    """The claim of this number, with evidence as its finding has it."""
    name, section, title = CLAIMS[number]
    ticked = finding not in (U, N)
    place = Place("src/buoy/train.py", 7, "logger.info(loss)")
    missing = PartResult("remote", "missing", (), "a remote in .dvc/config")
    found = PartResult("calls", "weak" if finding is Q else "found", (place,), "calls of a logger")
    made = ClaimResult(
        id=name,
        module=name.split(".")[0],
        section=section,
        title=title,
        ticked=ticked,
        line=20 + number,
        note=None,
        verdict=VERDICTS[finding],
        finding=finding,
        parts=(missing,) if finding in (D, A, N) else (found, missing) if finding is Q else (found,),
        documented=(),
        against=(),
        explanation=f"What was found of {title.lower()}.",
        question=f"You ticked “{title}”. Could you show it?" if finding in (D, Q, A) else "",
    )
    return replace(made, **changes)


def audit(findings: Sequence[Finding] = (C, Q, D, U, A, N), **changes: object) -> AuditResult:
    """An audit with these findings, one for each of `CLAIMS`."""
    made = AuditResult(
        version="0.0",
        repository=RepositoryResult("buoy", COMMIT, "2026-01-23T22:48:00+01:00", dirty=False, branch="main", web=WEB),
        report=ReportResult("reports/README.md", "2026", "7", 3, ()),
        claims=tuple(claim(number, finding) for number, finding in enumerate(findings)),
        excerpts=(Excerpt("src/buoy/train.py", 4, ("", "def train():", "    loss = 1", "    logger.info(loss)", "")),),
    )
    return replace(made, **changes)


def hostile_audit(text: str) -> AuditResult:
    """An audit in which everything that strangers write is `text`."""
    place = Place(text, 7, text)
    part = PartResult(text, "weak", (place, Place(text, None, text), Place("", None, text, COMMIT)), text, text)
    gone = PartResult(text, "missing", (), text)
    decision = Decision(Verdict.SUPPORTED, C, text, text, "2026-01-25T10:00:00+01:00", text, stale=True)
    strange = {
        "note": text,
        "parts": (part, gone),
        "documented": (place,),
        "against": (place,),
        "elsewhere": (Place(text, None, text, COMMIT),),
        "explanation": text,
        "question": text,
        "decision": decision,
        "error": text,
    }
    findings = (C, Q, D, U, A, N)
    return AuditResult(
        version="0.0",
        repository=RepositoryResult(text, COMMIT, "2026-01-23", True, text, (place,), text, WEB),
        report=ReportResult(
            text,
            text,
            text,
            3,
            (place,),
            (Place(text, 8, text),),
            (Contradiction(text, ("M5.git", "M99.left_out"), (3, 4), place),),
            (StatedNumber(text, text, text, False, place),),
            (place,),
        ),
        claims=tuple(claim(number, finding, **strange) for number, finding in enumerate(findings)),
        excerpts=(Excerpt(text, 5, (text, text, text, text)),),
    )


def group(name: str = "Group 7", result: AuditResult | None = None, **changes: object) -> GroupAudit:
    """A group with an audit."""
    made = GroupAudit(name, ("Ada Lind", "Bo Holm"), WEB, result or audit(), notes=("12 commits after the deadline",))
    return replace(made, **changes)


def row(name: str, result: AuditResult, page: str, members: tuple[str, ...] = ("Ada Lind",)) -> GroupRow:
    """The row of a group."""
    cells = tuple(
        Cell(
            one.id,
            one.ticked,
            one.verdict,
            one.finding,
            one.decision.finding if one.decision else None,
            stale=bool(one.decision and one.decision.stale),
        )
        for one in result.claims
    )
    questions = tuple((one.id, one.question) for one in result.claims if one.question)
    repository, report = result.repository, result.report
    return GroupRow(
        name, members, repository.web or repository.path, repository.web, repository.commit, repository.committed_at,
        "", (), 0, report.edition, report.group, result.summary, cells, questions, (), page,
    )  # fmt: skip


def failed_row(name: str, problem: str, page: str) -> GroupRow:
    """The row of a group that could not be audited."""
    return GroupRow(
        name, ("Finn Aas",), "https://github.com/example/gone", None, None, None,
        problem, (), 0, None, None, None, (), (), (), page,
    )  # fmt: skip


def heads() -> tuple[ClaimHead, ...]:
    """The columns."""
    return tuple(ClaimHead(name, name.split(".")[0], section, title) for name, section, title in CLAIMS)


def school(rows: Sequence[GroupRow], shared: tuple[SharedFile, ...] = (), title: str = "Example course") -> ClassResult:
    """A class of these rows."""
    rates = []
    for head in heads():
        cells = [cell for one in rows for cell in one.cells if cell.claim == head.id]
        counts = [sum(finding_of(cell) is finding for cell in cells) for finding in (C, Q, D, A, U)]
        rates.append(BaseRate(head, sum(bool(cell.ticked) for cell in cells), *counts))
    return ClassResult("0.0", title, "2026-01-23T23:59:00+01:00", heads(), tuple(rows), tuple(rates), shared)
