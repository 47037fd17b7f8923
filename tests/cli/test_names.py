"""Names of claims: the shell completes them, and one that there is not leads to the nearest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.command_line import one_line, run
from support.repositories import make_repository, write


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("M17.matrix", "did you mean M17.matrix_cache"),
        ("m17.chi", "M17.ci"),
        ("wandb", "did you mean M14.wandb"),
        ("H.lenght", "did you mean H.length"),
        ("qqqqqqqq", "no claim or module of that name; `auditor rules`"),
    ],
)
def test_the_nearest_are_suggested(wrong: str, meant: str) -> None:
    one_line(run("explain", wrong), wrong, meant)


SHELLS: dict[str, tuple[str, Callable[[str], dict[str, str]]]] = {
    "bash": ("complete_bash", lambda words: {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}),
    "zsh": ("complete_zsh", lambda words: {"_TYPER_COMPLETE_ARGS": words}),
    "fish": ("complete_fish", lambda words: {"_TYPER_COMPLETE_ARGS": words, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("auditor explain M17.", {"M17.ci", "M17.lint", "M17.matrix_cache"}),
        ("auditor check --select H.le", {"H.length"}),
        ("auditor expl", {"explain"}),
    ],
)
def test_the_shell_completes(shell: str, words: str, offered: set[str]) -> None:
    how, variables = SHELLS[shell]
    done = subprocess.run(
        [Path(sys.executable).with_name("auditor")],
        env={**os.environ, "_AUDITOR_COMPLETE": how, **variables(words)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "Options:" not in done.stdout
    assert all(name in done.stdout for name in offered)
    assert "M18" not in done.stdout


def test_a_folder_that_the_repository_around_it_does_not_track(tmp_path: Path) -> None:
    others = make_repository(tmp_path / "others", {"README.md": "# Others\n", "Dockerfile": "FROM scratch\n"})
    write(others / "hand-in", {"README.md": "# Kiln\n", "src/kiln.py": "x = 1\n"})
    done = run("check", others / "hand-in", "--no-memory", env={"COLUMNS": "1000"})
    assert done.returncode == 1 and done.stderr == ""  # there is no report
    assert "tracks nothing in this folder: read as a plain folder, without history" in done.stdout
    assert "Dockerfile" not in done.stdout
    assert "without git history" in done.stdout
    one_line(run("audit", others / "hand-in", "--at", "HEAD"), "tracks no file in this folder")
