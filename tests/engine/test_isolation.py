"""Audits that die or hang are told in a line; a file on which the parser dies costs a line."""

from __future__ import annotations

import faulthandler
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.repositories import make_repository

from auditor.engine.isolation import Done, Piece, isolated
from auditor.engine.run import run_audit
from auditor.errors import AuditError
from auditor.facts.python import provider
from auditor.facts.python.parsing.trial import killers
from auditor.limits import DEFAULT, Limits, meanings, with_limits
from auditor.records import field_names

DEADLY = "x = " + "(" * 20_000 + ")" * 20_000
SLOW = "x = a" + " + a" * 20_000

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="this system has no fork: audits run in the program's process"
)


def die(of: signal.Signals) -> None:
    """End this process without a trace of the test's own in the output."""
    faulthandler.disable()
    os.kill(os.getpid(), of)


def test_the_status_comes_back() -> None:
    for status in (0, 1, 2):

        def action(limits: Limits, status: int = status) -> Done:
            return Done(status)

        assert isolated(action, DEFAULT) == Done(status)


def test_what_dies_is_tried_once_more_with_files_on_trial(tmp_path: Path) -> None:
    tried = tmp_path / "tried"

    def action(limits: Limits) -> Done:
        with tried.open("a") as file:
            file.write(f"{limits.trial} ")
        if not limits.trial:
            die(signal.SIGSEGV)
        return Done(1)

    assert isolated(action, DEFAULT) == Done(1)
    assert tried.read_text() == "False True "


def test_what_dies_twice_is_told() -> None:
    def action(limits: Limits) -> Done:
        die(signal.SIGABRT)
        return Done(0)

    with pytest.raises(AuditError, match="ended by SIGABRT"):
        isolated(action, DEFAULT)


def test_what_hangs_is_stopped() -> None:
    def action(limits: Limits) -> Done:
        time.sleep(60)
        return Done(0)

    start = time.monotonic()
    with pytest.raises(AuditError, match=r"not finished after 0.3 seconds"):
        isolated(action, Limits(seconds=0.3))
    assert time.monotonic() - start < 10


def test_memory_is_bounded() -> None:
    def action(limits: Limits) -> Done:
        try:
            return Done(len(bytearray(3 * limits.memory_bytes)) and 0)
        except MemoryError:
            return Done(7)

    assert isolated(action, DEFAULT) == Done(7)


def test_much_is_handed_over_whole() -> None:
    def action(limits: Limits) -> Done:
        return Done(0, (Piece(b"x" * 30_000_000), Piece(b"", b"some \xff file")), "a complaint\n")

    done = isolated(action, DEFAULT)
    assert [(len(piece.data), piece.file) for piece in done.pieces] == [(30_000_000, b""), (0, b"some \xff file")]
    assert done.complaint == "a complaint\n"


def test_what_ends_while_it_tells_is_lost() -> None:
    def action(limits: Limits) -> Done:
        signal.setitimer(signal.ITIMER_REAL, 0.2)  # SIGALRM, which nobody has asked for, ends a process
        signal.pause()
        return Done(0)

    with pytest.raises(AuditError, match="ended by SIGALRM"):
        isolated(action, DEFAULT)


TRACERS = {
    "strace": ["strace", "-f", "-qq", "-o", os.devnull],
    "strace that stands in between": ["strace", "-D", "-f", "-qq", "-o", os.devnull],
    "gdb": ["gdb", "-q", "-batch", "-ex", "set follow-fork-mode child", "-ex", "run", "--args"],
}


@pytest.mark.parametrize("tracer", TRACERS)
def test_under_a_tracer_it_is_audited_and_printed_once(tracer: str, tmp_path: Path) -> None:
    words = TRACERS[tracer]
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed here")
    make_repository(tmp_path / "kiln", {"src/kiln/model.py": "def model():\n    return 1\n", "README.md": "# Kiln\n"})
    printed = tmp_path / "printed"
    with printed.open("wb") as out:
        done = subprocess.run(
            [
                *words,
                sys.executable,
                "-m",
                "auditor",
                "audit",
                str(tmp_path / "kiln"),
                "--also",
                f"json={tmp_path / 'audit.json'}",
            ],
            stdout=out,
            stderr=subprocess.PIPE,
            timeout=100,
            check=False,
        )
        wait_for(tmp_path / "audit.json")
    assert b"not finished" not in done.stderr, done.stderr
    assert printed.read_text(encoding="utf-8").count("No report with a checklist") == 1
    assert json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["claims"]


def wait_for(file: Path) -> None:
    """gdb follows the child and ends with it; the parent writes a moment later."""
    end = time.monotonic() + 20
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)


def test_files_on_which_the_parser_dies_or_stalls_are_found() -> None:
    codes = ["x = 1", DEADLY, "def f(:", "y = 2", SLOW, "z = 3"]
    assert killers(codes, 3.0) == {1, 4}
    assert killers([], 3.0) == frozenset()


def test_such_a_file_costs_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"src/kiln/model.py": "def model():\n    return 1\n", "src/kiln/deadly.py": DEADLY, "README.md": "# Kiln\n"}
    make_repository(tmp_path / "kiln", files)
    monkeypatch.setattr(provider, "assess", lambda source, limits: len(source))  # a guard that knows nothing
    monkeypatch.setattr(provider, "refusal", lambda source, limits: None)
    result = run_audit(tmp_path / "kiln", limits=Limits(trial=True, trial_seconds=20))
    told = [(place.path, place.text) for place in result.repository.problems]
    assert told == [("src/kiln/deadly.py", "not read: the parser dies or stalls on it")]
    assert not any(claim.error for claim in result.claims)


def test_limits_from_words() -> None:
    changed = with_limits(DEFAULT, ["files=10", "seconds=0.5", "trial=1"])
    assert (changed.files, changed.seconds, changed.trial, changed.commits) == (10, 0.5, True, DEFAULT.commits)
    for wrong in ("files", "files=", "files=-1", "files=x", "nothing=1", "files=nan", "files=inf", "=1"):
        with pytest.raises(AuditError, match="--limit"):
            with_limits(DEFAULT, [wrong])


def test_every_limit_is_documented() -> None:
    assert list(meanings()) == list(field_names(Limits))
