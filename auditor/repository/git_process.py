"""Git as a process: which program it is, how it is started, and what is told where it fails."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from typing import IO

from auditor.errors import AuditError

NOT_INSTALLED = "git is not installed, or not on PATH: install it; one repository is also read without it (--no-git)"
ENGLISH = {"LANGUAGE": "C", "LC_ALL": "C"}
"""What git says is read, so it is to say it in one language."""
ERROR_CHARACTERS = 4000
"""What is kept of git's complaints: the last of them."""
GRACE_SECONDS = 5.0
"""Time for git to end what it has started, where it is told to stop."""


class GitError(Exception):
    """A git command that failed, took too long, or said too much; `said` is the end of its complaints."""

    def __init__(self, words: Iterable[str], status: int, said: str | bytes = "") -> None:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        self.status = status
        self.said = text[-ERROR_CHARACTERS:]
        super().__init__(f"git {' '.join(words)}: {self.last_line}"[:ERROR_CHARACTERS])

    @property
    def last_line(self) -> str:
        """What git said last, in one line."""
        lines = [line.strip() for line in self.said.splitlines() if line.strip()]
        return lines[-1] if lines else f"exit status {self.status}"


def program() -> str:
    """Git as a path. Raises AuditError where there is none.

    It is looked for in folders of PATH that are absolute: others are in the current folder, which may be the audited
    repository, and on Windows that would be looked through even before them.
    """
    return found_in(tuple(os.get_exec_path()))


@lru_cache(maxsize=4)
def found_in(folders: tuple[str, ...]) -> str:
    """Git in the first of `folders` that is absolute and has it. Raises AuditError."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in map(Path, folders):
        path = folder / name
        if folder.is_absolute() and path.is_file() and os.access(path, os.X_OK):
            return str(path)
    raise AuditError(NOT_INSTALLED)


def start(
    words: Iterable[str], *, folder: Path | None, variables: Mapping[str, str], stdin: int | IO[bytes] = DEVNULL
) -> Popen[bytes]:
    """`git WORDS` in `folder`, with this process's environment and `variables`, its output and complaints in pipes.

    Raises AuditError where git is not installed, or cannot be started.
    """
    if folder is not None and not os.access(folder, os.X_OK):
        folder = None  # git is told every place that it needs; where it stands does not matter then
    try:
        return Popen(
            [program(), *words],
            cwd=folder,
            env={**os.environ, **ENGLISH, **variables},
            stdin=stdin,
            stdout=PIPE,
            stderr=PIPE,
            creationflags=0x08000000 if os.name == "nt" else 0,  # CREATE_NO_WINDOW
        )
    except OSError as error:
        raise AuditError(f"git cannot be started: {error.strerror or error}") from None


def said(
    words: Iterable[str],
    *,
    folder: Path,
    variables: Mapping[str, str],
    seconds: float,
    stdin: int | IO[bytes] = DEVNULL,
) -> str:
    """What `git WORDS` says on standard output. Raises GitError where it fails or takes longer than `seconds`, and as `start`."""
    words = list(words)
    process = start(words, folder=folder, variables=variables, stdin=stdin)
    try:
        out, complaints = process.communicate(timeout=seconds)
    except TimeoutExpired:
        stop(process)
        raise GitError(words, 1, f"it was stopped after {seconds:g} seconds") from None
    except BaseException:
        stop(process)
        raise
    if process.returncode != 0:
        raise GitError(words, process.returncode, complaints)
    return out.decode("utf-8", "surrogateescape")


def stop(process: Popen[bytes]) -> None:
    """End a git process: told first, so that it ends its helpers and removes what is half done, and killed if it does not."""
    process.terminate()
    with suppress(TimeoutExpired):
        process.communicate(timeout=GRACE_SECONDS)
        return
    process.kill()
    with suppress(TimeoutExpired):  # what a helper keeps open
        process.communicate(timeout=GRACE_SECONDS)
