"""A repository that another process changes while it is audited: a result of one moment, or a line that says that it is none."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from support.repositories import Step, commit, make_repository, write

from auditor.engine.heads import report_place
from auditor.engine.run import MOVED, run_audit
from auditor.facts.group import ReportPlace
from auditor.report import Report
from auditor.result.audit import AuditResult

FILES = {"README.md": "# Kiln\n", "src/kiln/__init__.py": "", "src/kiln/model.py": "def model():\n    return 1\n"}


@pytest.fixture
def kiln(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "kiln", FILES)


def told(result: AuditResult) -> list[tuple[str, str]]:
    return [(place.path, place.text) for place in result.repository.problems]


def after_reading(monkeypatch: pytest.MonkeyPatch, acts: list[Callable[[], object]]) -> None:
    """Do one of `acts` each time that the report was looked for: some files were read then, the others were not."""

    def acting(report: Report | None) -> ReportPlace:
        if acts:
            acts.pop(0)()
        return report_place(report)

    monkeypatch.setattr("auditor.engine.run.report_place", acting)


def test_what_changed_once_is_audited_once_more(kiln: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[Callable[[], object]] = [lambda: commit(kiln, Step({"README.md": "# Kiln\n\nIt fires.\n"}, "more"))]
    after_reading(monkeypatch, acts)
    result = run_audit(kiln)
    assert not acts
    assert told(result) == []
    assert not result.repository.dirty
    assert result.repository.commit == run_audit(kiln).repository.commit


@pytest.mark.parametrize("with_git", [True, False])
def test_what_changes_on_and_on_is_told(kiln: Path, monkeypatch: pytest.MonkeyPatch, with_git: bool) -> None:
    texts = iter(range(9))
    after_reading(monkeypatch, [lambda: write(kiln, {"README.md": f"# Kiln {next(texts)}\n"})] * 2)
    assert ("README.md", MOVED) in told(run_audit(kiln, use_git=with_git))


def test_a_commit_never_changes(kiln: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_reading(monkeypatch, [lambda: commit(kiln, Step({"README.md": "# Kiln\n\nIt fires.\n"}, "more"))] * 3)
    assert told(run_audit(kiln, at="HEAD")) == []


def test_under_constant_change_there_is_always_a_result(kiln: Path) -> None:
    stop = threading.Event()

    def change() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            write(kiln, {"README.md": f"# Kiln {number}\n", "src/kiln/model.py": f"x = {number}\n"})
            if number % 20 == 0:
                commit(kiln, Step({"notes.md": f"{number}\n"}, f"step {number}"))

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(3):
            result = run_audit(kiln)
            assert not any(claim.error for claim in result.claims)
    finally:
        stop.set()
        thread.join()
