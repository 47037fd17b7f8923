"""Child processes: what hangs or dies costs its own group only."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from support.repositories import make_repository

from auditor.batch.executors import local_executor
from auditor.batch.one_group import Outcome, Task
from auditor.batch.rules_version import rules_digest
from auditor.batch.supervision import Child, how_it_ended, kill_children


def task(repository: Path, tmp_path: Path, rules: str | None = None) -> Task:
    return Task(str(repository), str(tmp_path), str(tmp_path / "cache"), rules_digest() if rules is None else rules)


@pytest.fixture
def kiln(tmp_path: Path) -> Path:
    return make_repository(
        tmp_path / "kiln", {"README.md": "# Kiln\n", "src/kiln/data.py": "def load():\n    return 1\n"}
    )


def test_a_child_performs_one_task_after_another(tmp_path: Path, kiln: Path) -> None:
    child = Child()
    first = child.perform(task(kiln, tmp_path), 60)
    assert isinstance(first, Outcome)
    assert first.problem == ""
    assert first.result is not None
    assert first.result["repository"]["path"] == str(kiln)
    failed = child.perform(task(tmp_path / "none", tmp_path), 60)
    assert "nor a folder" in failed.problem
    assert child.perform(task(kiln, tmp_path), 60) == first
    assert child.alive
    child.kill()
    assert not child.alive


def test_other_rules_are_refused(tmp_path: Path, kiln: Path) -> None:
    child = Child()
    assert "other rules" in child.perform(task(kiln, tmp_path, "0" * 24), 60).problem
    child.kill()


def test_a_child_that_dies_is_told(tmp_path: Path, kiln: Path) -> None:
    child = Child()
    threading.Timer(0.3, os.kill, (child._process.pid, signal.SIGKILL)).start()
    slow = Task("file:///" + "x", str(tmp_path), str(tmp_path))
    os.kill(child._process.pid, signal.SIGSTOP)  # it cannot answer before it dies
    outcome = child.perform(slow, 60)
    assert outcome.problem == "the process that audited it was ended by SIGKILL"
    assert not child.alive


def test_a_child_that_takes_too_long_is_killed_with_what_it_started(tmp_path: Path, kiln: Path) -> None:
    child = Child()
    assert child.perform(task(kiln, tmp_path), 60).problem == ""
    os.kill(child._process.pid, signal.SIGSTOP)
    start = time.monotonic()
    outcome = child.perform(task(kiln, tmp_path), 0.5)
    assert "not finished after 0.5 seconds" in outcome.problem
    assert time.monotonic() - start < 10
    assert not child.alive


def test_the_next_task_gets_a_new_child(tmp_path: Path, kiln: Path) -> None:
    from auditor.batch.supervision import supervised

    with local_executor(1) as executor:
        assert executor.submit(supervised, task(kiln, tmp_path), 60).result().problem == ""
        assert "not finished" in executor.submit(supervised, task(kiln, tmp_path), 0.0).result().problem
        assert executor.submit(supervised, task(kiln, tmp_path), 60).result().problem == ""


def test_no_child_outlives_its_executor(tmp_path: Path, kiln: Path) -> None:
    from auditor.batch.supervision import _children, supervised

    with local_executor(2) as executor:
        for future in [executor.submit(supervised, task(kiln, tmp_path), 60) for _ in range(3)]:
            future.result()
        pids = [child._process.pid for child in _children]
        assert pids
    for pid in pids:
        listed = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
        assert listed.strip() in ("", "Z", "Zs")
    kill_children()


def test_a_folder_named_like_a_module_is_not_imported(
    tmp_path: Path, kiln: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("auditor", "json", "yaml"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('imported from the current folder')")
    monkeypatch.chdir(tmp_path)
    child = Child()
    assert child.perform(task(kiln, tmp_path), 60).problem == ""
    child.kill()


def test_ends_in_words() -> None:
    assert how_it_ended(3) == "ended by itself (exit status 3)"
    assert how_it_ended(-11) == "was ended by SIGSEGV"
    assert how_it_ended(-250) == "was ended by signal 250"


def test_outcomes_survive_the_way() -> None:
    outcome = Outcome("a", "b", "c", {"x": 1}, "d", ("e",), 2)
    assert Outcome.from_dict(outcome.to_dict()) == outcome
