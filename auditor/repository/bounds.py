"""Which files of a repository with too many are kept: of every folder a share, and the project's own marks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from auditor.errors import AuditError
from auditor.limits import Limits
from auditor.repository.entries import Entry, Moment, Problem
from auditor.repository.git import GitDoor
from auditor.repository.snapshot import Snapshot


class NotTrackedError(AuditError):
    """A folder only lies around in the repository that was found."""


PROJECT_MARKS = tuple(
    """pyproject.toml requirements.txt setup.py environment.yml environment.yaml uv.lock README.md reports/README.md
    report/README.md""".split()
)
"""What makes a folder within a repository a project of its own; any other folder stands for the whole repository."""


NEVER_LISTED = frozenset(
    {".git", "__pycache__", "node_modules", ".venv", "venv", ".tox", ".mypy_cache", ".ruff_cache", "__MACOSX"}
)
"""Folders that may lie around without being tracked by git and that no hand-in consists of."""


SHARED_DEPTH = 12
"""Folders within folders to which a share of the files is given."""


ONLY = "of every folder a share, in all only"


def holds_project(entries: Iterable[str], focus: str) -> bool:
    """Whether a folder holds a project, and is not just a part of one (`src`, `reports`).

    A README alone is no project where it is the report itself, in `reports/`.
    """
    names = {path[len(focus) + 1 :] for path in entries if path.startswith(focus + "/")}
    marks = PROJECT_MARKS if focus.rpartition("/")[2] not in ("reports", "report", "docs") else PROJECT_MARKS[:-3]
    return not names or any(mark in names for mark in marks)


def bounded(
    root: Path,
    entries: dict[str, Entry],
    moment: Moment,
    git: GitDoor,
    limits: Limits,
    problems: list[Problem],
    focus: str,
    lacking: Iterable[str] = (),
) -> Snapshot:
    """The snapshot of `entries` within the limits; with a focus, of the focused folder and the settings at the root.

    Raises NotTrackedError where the focused folder is only lying around in the repository: its history is not the folder's.
    """
    if focus:
        if not any(entry.sha is not None and path.startswith(focus + "/") for path, entry in entries.items()):
            raise NotTrackedError(f"{root / focus}: the repository {root} tracks no file in this folder")
        if not holds_project(entries, focus):
            focus = ""
    if focus:
        entries = {p: e for p, e in entries.items() if p.startswith((focus + "/", "."))}
    unsafe = [p for p in entries if p.startswith("/") or ".." in p.split("/") or "\\" in p]
    for path in unsafe:
        problems.append(Problem(path, "a path that leads out of the repository: not read"))
        del entries[path]
    if len(entries) > limits.files:
        problems.append(Problem(".", f"{len(entries):,} files: {ONLY} {limits.files:,} were read"))
        tracked = fair_share([p for p, entry in entries.items() if entry.sha is not None], limits.files)
        others = [p for p, entry in entries.items() if entry.sha is None]
        entries = {p: entries[p] for p in (*tracked, *fair_share(others, limits.files - len(tracked)))}
    return Snapshot(
        root, entries.values(), moment, git=git, limits=limits, problems=problems, focus=focus, lacking=lacking
    )


def fair_share(paths: Iterable[str], most: int) -> list[str]:
    """At most `most` of the paths, sorted: every folder's own files and folders are given the same number of places.

    Thousands of files lie in folders of data, and must not crowd out the code for standing before it in the alphabet.
    """
    left = sorted(paths)
    if len(left) <= most:
        return left
    found: list[str] = []
    waiting = [("", left, most)]
    while waiting:
        folder, inside, places = waiting.pop()
        if len(inside) <= places or folder.count("/") >= SHARED_DEPTH:
            found += inside[:places]
            continue
        groups: dict[str, list[str]] = {}
        for path in inside:
            name, slash, _ = path[len(folder) :].partition("/")
            groups.setdefault(f"{folder}{name}/" if slash else folder, []).append(path)
        for number, (group, files) in enumerate(sorted(groups.items(), key=lambda item: (len(item[1]), item[0]))):
            share = min(len(files), places // (len(groups) - number))
            places -= share
            if group == folder:
                found += files[:share]
            elif share:
                waiting.append((group, files, share))
    return sorted(found)
