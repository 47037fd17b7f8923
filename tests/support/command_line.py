"""The program in a process of its own, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from support.ready_program import ready_program

AT_START = ("PYTHON", "LC_", "LANG")
"""Beginnings of variables that Python looks at when it starts."""
PROGRAM = [sys.executable, "-m", "auditor"]


def run(
    *words: str | Path,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    started: bool = False,
    seconds: float = 60,
) -> subprocess.CompletedProcess[str]:
    """What the program said and how it ended; `started` anew where the start itself is what is tested."""
    given = [str(word) for word in words]
    environment = {**os.environ, **(env or {})}
    if not started and hasattr(os, "fork") and not any(name.startswith(AT_START) for name in env or ()):
        return ready_program().run(given, cwd, environment, seconds)
    return subprocess.run(
        [*PROGRAM, *given],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=seconds,
        check=False,
    )


def one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit status 2, one line on standard error with these words, nothing on standard output."""
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr, done.stderr
