"""Decisions as files of them hold them, and results that they are about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from auditor.result.audit import AuditResult, ClaimResult, Finding, ReportResult, RepositoryResult, Verdict
from auditor.review import decisions
from auditor.review.decision_file import decide
from auditor.review.decisions import Decisions, Entry

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "89abcdef0123456789abcdef0123456789abcdef"
AT = datetime(2026, 1, 25, 10, 0, tzinfo=timezone(timedelta(hours=1)))


def claim(claim_id: str, *, ticked: bool | None = True, verdict: Verdict = Verdict.UNSUPPORTED) -> ClaimResult:
    finding = Finding.DISCREPANCY if ticked else Finding.NONE
    return ClaimResult(
        claim_id, "M", "Week 1", "title", ticked, 1, None, verdict, finding, (), (), (), explanation="because"
    )


def audit(*claims: ClaimResult, commit: str | None = COMMIT) -> AuditResult:
    repository = RepositoryResult("project", commit, None, dirty=False)
    return AuditResult("0", repository, ReportResult(None, None, None, None, ()), claims)


def load_decisions(path: Path, claims: Collection[str] = ("M17.matrix_cache", "M8.dvc")) -> Decisions:
    return decisions.load_decisions(path, claims)


def make(path: Path, **given: Any) -> Entry:
    values: dict[str, Any] = {
        "group": "43",
        "claim": "M17.matrix_cache",
        "verdict": Verdict.SUPPORTED,
        "note": "shown to me",
        "by": "nb",
        "at": AT,
        "commit": COMMIT,
    }
    return decide(path, **(values | given))


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8"))
    return path
