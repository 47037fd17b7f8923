"""Small git repositories for tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from auditor.records import Record, field
from auditor.repository.snapshot import Snapshot

ADA = ("Ada Lovelace", "ada@example.dk")
BO = ("Bo Berg", "bo@example.dk")

QUICKLY = ("-c", "maintenance.auto=false", "-c", "gc.auto=0", "-c", "core.fsync=none")
"""A test's repository is gone in a second: nothing in it is tidied up, and nothing waits for the disk."""

Files = Mapping[str, str | bytes | None]
"""Content by path; None deletes the file."""


class Step(Record):
    """One commit to make."""

    files: Files = field(default_factory=dict)
    message: str = "work"
    author: tuple[str, str] = ADA
    when: str = "2026-01-05T12:00:00+01:00"
    committer: tuple[str, str] | None = None


def git(folder: Path, *words: str, **environment: str) -> str:
    """Standard output of a git command, run without this machine's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", *QUICKLY, "-c", "protocol.file.allow=always", *words]
    done = subprocess.run(command, cwd=folder, env=clean | environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", "replace").strip()


def write(folder: Path, files: Files) -> None:
    """Put files into a folder."""
    for path, content in files.items():
        target = folder / path
        if content is None:
            target.unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


def commit(folder: Path, step: Step) -> str:
    """Make one commit of everything in the work tree; its hash."""
    write(folder, step.files)
    git(folder, "add", "--all", "--force")
    name, email = step.author
    committer, committer_email = step.committer or step.author
    git(
        folder,
        *("commit", "--quiet", "--allow-empty", "--allow-empty-message", "--no-verify", "-m", step.message),
        GIT_AUTHOR_NAME=name,
        GIT_AUTHOR_EMAIL=email,
        GIT_AUTHOR_DATE=step.when,
        GIT_COMMITTER_NAME=committer,
        GIT_COMMITTER_EMAIL=committer_email,
        GIT_COMMITTER_DATE=step.when,
    )
    return git(folder, "rev-parse", "HEAD")


def make_repository(folder: Path, files: Files | None = None, *, commits: Sequence[Step] = ()) -> Path:
    """A repository on branch `main`: one commit of `files`, if any, then one for each of `commits`."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    for step in ((Step(files, "first"),) if files is not None else ()) + tuple(commits):
        commit(folder, step)
    return folder


def notes(snapshot: Snapshot) -> dict[str, str]:
    return {problem.path: problem.message for problem in snapshot.problems}
