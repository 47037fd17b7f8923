"""How a work tree differs from its last commit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from auditor.limits import Limits
from auditor.repository.contents import LFS_HEADER, blob_hash, open_inside
from auditor.repository.entries import LISTED, Difference, Entry
from auditor.repository.git import GitDoor

MOST_ASKED = 200
"""Files of which attributes are asked for at a time."""


MOST_DIFFERENCES = 1_000
"""Uncommitted files that are listed."""


def fields(text: str) -> list[str]:
    """Records that end in NUL."""
    return [record for record in text.split("\0") if record]


def tree(git: GitDoor, commit: str, limits: Limits) -> tuple[list[tuple[str, str, str]], bool]:
    """(mode, blob, path) of the files of a commit, LISTED times as many as are read at most, and whether these are all."""
    rows = []
    records, whole = git.records("ls-tree", "-r", "-z", "--full-tree", commit, most=limits.files * LISTED)
    for record in records:
        head, _, path = record.partition("\t")
        mode, _, sha = head.split(" ")
        rows.append((mode, sha, path))
    return rows, whole


def committed(git: GitDoor, head: str, limits: Limits) -> dict[str, str] | None:
    """Blob of every file of a commit, submodules left out; None where they are too many to tell."""
    rows, whole = tree(git, head, limits)
    return {path: sha for mode, sha, path in rows if mode != "160000"} if whole else None


def converted(git: GitDoor, paths: list[str]) -> frozenset[str]:
    """Those of `paths` that git keeps otherwise than they lie in the work tree (gitattributes(5): filters, ident, encodings).

    Only git could tell whether they were changed, by running what the repository names. The attributes are read from the index.
    """
    words = ("check-attr", "--cached", "-z", "filter", "ident", "working-tree-encoding", "--")
    found: list[str] = []
    for start in range(0, len(paths), MOST_ASKED):
        found += fields(git.try_run(*words, *paths[start : start + MOST_ASKED]) or "")
    return frozenset(
        path for path, value in zip(found[::3], found[2::3], strict=False) if value not in ("unspecified", "unset")
    )


def differs(git: GitDoor, root: Path, entry: Entry, limits: Limits) -> bool:
    """Whether a tracked file in the work tree is another than the committed one.

    git itself is not asked: comparing content would run the clean filters that a repository configures. Line ends that
    git may have changed at checkout are no difference, nor is what Git LFS put in the place of its pointer; a file over
    a megabyte is taken as equal.
    """
    if not entry.on_disk or entry.sha is None:
        return False
    try:
        if entry.link:
            data = os.fsencode(os.readlink(root / entry.path))  # noqa: PTH115 (a Path would tidy the target up)
        else:
            with open_inside(root, entry.path) as file:
                if os.fstat(file.fileno()).st_size > min(1_000_000, limits.file_bytes):
                    return False
                data = file.read()
    except OSError:
        return False
    digits = len(entry.sha)
    if entry.sha == blob_hash(data, digits):
        return False
    if b"\r\n" in data and entry.sha == blob_hash(data.replace(b"\r\n", b"\n"), digits):
        return False
    if (git.blob_size(entry.sha) or 1_000) >= 1_000:  # a pointer is shorter, by its specification
        return True
    stored = git.blob(entry.sha) or b""
    return not (stored.startswith(LFS_HEADER) and hashlib.sha256(data).hexdigest().encode() in stored)


def lies_there(path: Path) -> bool:
    """Whether there is anything at a path, also a link to nothing."""
    try:
        os.lstat(path)
    except (OSError, ValueError):
        return False
    return True


def uncommitted(
    git: GitDoor, root: Path, commit: str, entries: Mapping[str, Entry], focus: str, limits: Limits
) -> tuple[Difference, ...]:
    """How the listed files of a work tree differ from `commit`, by path; within `focus` where that is not empty."""
    before = committed(git, commit, limits)
    if before is None:
        return ()
    if focus:
        before = {path: sha for path, sha in before.items() if path.startswith(focus + "/")}
    # What was left out of the snapshot, for a bound or by settings, still lies in the work tree.
    found = [Difference(path, "deleted") for path in before if path not in entries and not lies_there(root / path)]
    for path, entry in entries.items():
        if entry.sha is None or path not in before:
            if not focus or path.startswith(focus + "/"):
                found.append(Difference(path, "new"))
        elif entry.sha != before[path] or differs(git, root, entry, limits):
            found.append(Difference(path, "changed"))
        if len(found) >= MOST_DIFFERENCES:
            break
    unstaged = [one.path for one in found if one.kind == "changed" and entries[one.path].sha == before[one.path]]
    filtered = converted(git, unstaged)
    return tuple(sorted((one for one in found if one.path not in filtered), key=lambda one: one.path))
