"""A work tree as a snapshot: what git tracks, and what it would not ignore."""

from __future__ import annotations

import os
import stat
from itertools import islice
from pathlib import Path

from auditor.limits import Limits
from auditor.repository.bounds import NEVER_LISTED, bounded
from auditor.repository.commits import at_commit, commit_time
from auditor.repository.differences import MOST_ASKED, committed, converted, differs, fields
from auditor.repository.entries import DELETED, LISTED, Entry, Moment, Problem
from auditor.repository.folders import folders
from auditor.repository.git import GitDoor
from auditor.repository.git_process import GitError
from auditor.repository.snapshot import Snapshot

LISTING_SECONDS = 15.0
"""Time for listing untracked files."""


IGNORE_FILE = ".gitignore"
IGNORE_BYTES = 1_000_000
"""A longer ignore file is none that anybody wrote."""


MOST_FOLDERS = 20_000
"""Folders of a work tree in which ignore files are looked for."""


def work_tree(git: GitDoor, root: Path, head: str, focus: str, limits: Limits) -> Snapshot:
    """The files as they lie in the work tree: tracked ones, and untracked ones that are not ignored.

    A file that git keeps out of a sparse work tree is read from the object store. So is everything where the index is
    empty though the commit is not: what an interrupted checkout leaves behind.
    """
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    staged: dict[str, str] = {}
    dirty = False
    records, all_staged = git.records("ls-files", "-z", "-t", "--stage", most=limits.files * LISTED)
    if not all_staged:
        problems.append(Problem(".", f"more than {limits.files * LISTED:,} tracked files: the others were left out"))
    for record in records:
        head_part, _, path = record.partition("\t")
        tag, mode, sha, stage = head_part.split(" ")
        if mode == "160000":
            problems.append(Problem(path, "submodule: its files are not part of this repository"))
            continue
        staged[path] = sha
        dirty = dirty or stage != "0"
        if tag == "S" and not (root / path).exists():
            entries[path] = Entry(path, on_disk=False, sha=sha, link=mode == "120000")
    if not staged and git.records("ls-tree", "-z", head, most=1)[0]:
        snapshot = at_commit(git, root, head, focus, limits)
        snapshot.note(".", "the index is empty (an interrupted checkout): the files were read from the last commit")
        return snapshot
    untracked: list[str] = []
    lacking: list[str] = []
    for path in others(git, problems):
        if path.endswith("/"):
            problems.append(Problem(path, "a git repository of its own: its files are not part of this one"))
        elif NEVER_LISTED.isdisjoint(path.split("/")):
            untracked.append(path)
    dirty = dirty or bool(untracked)
    for path in (*staged, *untracked):
        if path in entries:
            continue
        try:
            mode_bits = os.lstat(f"{root}/{path}").st_mode  # a Path costs as many steps as it has folders
        except (OSError, ValueError):
            dirty = True
            lacking += [path] if path in staged else []
            continue
        if stat.S_ISLNK(mode_bits) or stat.S_ISREG(mode_bits):
            entries[path] = Entry(path, on_disk=True, sha=staged.get(path), link=stat.S_ISLNK(mode_bits))
        else:
            dirty = True
            problems.append(Problem(path, "not a regular file: not read"))
    dirty = dirty or committed(git, head, limits) not in (None, staged)
    if not dirty:
        changed = list(islice((e.path for e in entries.values() if differs(git, root, e, limits)), MOST_ASKED))
        dirty = not converted(git, changed).issuperset(changed)
    if lacking:
        others_too = f", like {len(lacking) - 1:,} other file{'s' * (len(lacking) > 2)}" if len(lacking) > 1 else ""
        problems.append(
            Problem(
                lacking[0], f"{DELETED}{others_too}, and that is not committed: git still has it, it was not read here"
            )
        )
    moment = Moment(head, commit_time(git, head), dirty, git.branch)
    return bounded(root, entries, moment, git, limits, problems, focus, lacking)


def others(git: GitDoor, problems: list[Problem]) -> list[str]:
    """Files in the work tree that git neither tracks nor ignores; none, with a problem, where they cannot be listed."""
    odd = odd_ignore_file(git.place.work_tree)
    if odd:
        problems.append(Problem(odd, "no ignore file that can be read: only tracked files were read"))
        return []
    try:
        return fields(git.run("ls-files", "-z", "--others", "--exclude-standard", seconds=LISTING_SECONDS))
    except GitError:
        problems.append(Problem(".", "untracked files could not be listed: only tracked ones were read"))
        return []


def odd_ignore_file(root: Path | None) -> str:
    """An ignore file at which git would wait for ever, or which it would read whole; empty where there is none."""
    for number, folder in enumerate(folders(root, NEVER_LISTED) if root else ()):
        if number > MOST_FOLDERS:
            break
        if IGNORE_FILE in folder.files:
            path = folder.inside(IGNORE_FILE)
            try:
                found = os.lstat(f"{root}/{path}")
            except OSError:
                continue
            regular = stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode)  # git follows no link there
            if not regular or found.st_size > IGNORE_BYTES:
                return path
    return ""
