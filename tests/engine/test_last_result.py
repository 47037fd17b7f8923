"""A result is given again only where nothing changed that it rests on, and is the same then."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.repositories import make_repository, write

from auditor.engine import last_result
from auditor.engine.last_result import unless_changed
from auditor.engine.run import run_audit
from auditor.result.audit import AuditResult

FILES = {"README.md": "# Kiln\n", "src/kiln/__init__.py": "", "src/kiln/model.py": "def model():\n    return 1\n"}


class Auditor:
    """Audits, and counts how often."""

    def __init__(self, folder: Path, memory: Path) -> None:
        self.folder = folder
        self.memory: Path | None = memory
        self.times = 0
        self.meanwhile: Callable[[], object] = str

    def result(self, *asked: object) -> AuditResult:
        return unless_changed(self.folder, self.memory, asked, self._audit, use_git=True)

    def _audit(self) -> AuditResult:
        self.times += 1
        result = run_audit(self.folder)
        self.meanwhile()
        return result


@pytest.fixture
def kiln(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Auditor:
    """An auditor of a repository that counts as at rest at once."""
    monkeypatch.setattr(last_result, "AT_REST", 0)
    return Auditor(make_repository(tmp_path / "kiln", FILES), tmp_path / "memory")


def test_the_same_is_not_audited_twice(kiln: Auditor) -> None:
    first = kiln.result("check")
    assert kiln.result("check") == first
    assert kiln.times == 1


def test_something_else_that_is_asked_is(kiln: Auditor) -> None:
    kiln.result("check")
    kiln.result("audit")
    assert kiln.times == 2
    kiln.result("check")
    kiln.result("audit")
    assert kiln.times == 2


def test_what_changed_is(kiln: Auditor) -> None:
    kiln.result()
    write(kiln.folder, {"src/kiln/model.py": "def model():\n    return 2\n"})
    assert kiln.result().repository.dirty
    assert kiln.times == 2


def test_another_program_does_not_believe_it(kiln: Auditor, monkeypatch: pytest.MonkeyPatch) -> None:
    kiln.result()
    monkeypatch.setattr(last_result, "__version__", "99")
    kiln.result()
    assert kiln.times == 2


def test_a_change_of_the_program_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = tmp_path / "site-packages"
    beside.mkdir()
    monkeypatch.syspath_prepend(beside)
    before = last_result.installation()
    assert last_result.installation() == before
    write(beside, {"newer/__init__.py": ""})
    assert last_result.installation() != before


def test_what_changes_while_it_is_audited_is_not_kept(kiln: Auditor) -> None:
    kiln.meanwhile = lambda: write(kiln.folder, {"README.md": f"# Kiln {kiln.times}\n"})
    kiln.result()
    kiln.meanwhile = str
    kiln.result()
    assert kiln.times == 2


def test_what_changed_just_now_is_not_kept(kiln: Auditor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_result, "AT_REST", 3_600_000_000_000)
    kiln.result()
    kiln.result()
    assert kiln.times == 2


def test_nothing_is_kept_without_a_memory(kiln: Auditor) -> None:
    kiln.memory = None
    kiln.result()
    kiln.result()
    assert kiln.times == 2


@pytest.mark.parametrize("damage", [b"", b"auditor memory 1\n", os.urandom(4000)], ids=["empty", "cut", "noise"])
def test_a_damaged_memory_is_none(kiln: Auditor, damage: bytes) -> None:
    first = kiln.result()
    assert kiln.memory is not None
    for file in kiln.memory.iterdir():
        file.write_bytes(damage)
    assert kiln.result() == first
    assert kiln.times == 2


def test_a_name_that_is_no_text_costs_only_the_memory(kiln: Auditor) -> None:
    try:
        write(kiln.folder, {os.fsdecode(b"no\xfftext.py"): "def broken(:\n"})
    except OSError:
        pytest.skip("the file system takes only names that are text")
    assert kiln.result() == kiln.result()


def test_it_is_quick(kiln: Auditor) -> None:
    kiln.result()
    started = time.process_time()
    for _ in range(10):
        kiln.result()
    assert time.process_time() - started < 5
    assert kiln.times == 1
