"""A note behind a tick makes a question of a discrepancy; notes behind a third of all ticks do not."""

from __future__ import annotations

from pathlib import Path

from support.report_samples import catalog, checklist
from support.repositories import make_repository

from auditor.engine.run import run_audit
from auditor.result.audit import AuditResult, Finding

TICKED = [claim for claim in catalog() if claim.wording("2026")][:20]


def audited(folder: Path, noted: int) -> AuditResult:
    """The audit of a group that ticked twenty items with nothing behind them, the first of them with a reservation."""
    changes = {claim.id: f"* [x] {claim.wording('2026')} ({claim.module}) - partially" for claim in TICKED[:noted]}
    text = checklist(ticked={claim.id for claim in TICKED}, changes=changes)
    return run_audit(make_repository(folder, {"reports/README.md": text, "README.md": "# Kiln\n"}))


def test_a_few_reservations_are_heard(tmp_path: Path) -> None:
    result = audited(tmp_path / "kiln", 4)
    noted = [claim for claim in result.claims if claim.note]
    assert len(noted) == 4
    assert all(claim.note == "partially" and claim.finding is not Finding.DISCREPANCY for claim in noted)
    assert not any("reservation" in place.text for place in result.report.problems)


def test_many_are_a_remark_and_silence_nothing(tmp_path: Path) -> None:
    result = audited(tmp_path / "kiln", 20)
    assert sum(claim.note == "partially" for claim in result.claims) >= 15
    unnoted = audited(tmp_path / "other", 0)
    assert result.found(Finding.DISCREPANCY)
    assert [c.id for c in result.found(Finding.DISCREPANCY)] == [c.id for c in unnoted.found(Finding.DISCREPANCY)]
    (told,) = [place for place in result.report.problems if "reservation" in place.text]
    assert told.text.startswith("20 of 20 ticks carry a reservation") and told.line
