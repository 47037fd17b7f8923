"""The state of a repository on the disk, as its file system records it: what is told apart by it, nobody needs to read again.

Files are looked at by what the file system says of them (size, times, number), as git itself does for its index. Nothing is
opened but the index of git, for one question.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from auditor.records import Record
from auditor.repository.bounds import NEVER_LISTED
from auditor.repository.git_directory import find_repository

MOST_FILES = 20_000
"""Files of which a state is made; to look through more would take longer than it saves."""
INDEX_BYTES = 5_000_000
"""The index of a hand-in has some kilobytes: a hundred for each file."""
OBJECTS = 2
"""Letters of a folder of single objects (gitrepository-layout)."""
PREFIXED = b"DIRC\x00\x00\x00\x04"
"""Beginning of an index that does not write paths out (gitformat-index, version 4)."""


class State(Record):
    """What tells a repository's state apart from any other, and when it was last changed (nanoseconds since 1970)."""

    digest: bytes
    changed: int


def state_of(path: Path, *, use_git: bool = True) -> State | None:
    """The state of what an audit of `path` may read; None where none is made: too many files, or folders outside of it.

    Raises OSError where something cannot be looked at.
    """
    path = path.expanduser().resolve(strict=True)
    place = find_repository(path) if use_git else None
    seen = _Seen()
    if place is None:
        seen.tree(path, NEVER_LISTED)
        return seen.state()
    if place.work_tree is not None:
        if holds_unlisted(place.git_dir / "index"):
            return None
        seen.tree(place.work_tree, NEVER_LISTED)
    for folder in dict.fromkeys((place.git_dir, place.common_dir)):
        seen.git_directory(folder)
    if (place.common_dir / "objects/info/alternates").exists():
        return None
    return seen.state()


def holds_unlisted(index: Path) -> bool:
    """Whether git's index may name files in folders that are passed over here, so that their changes would not be seen."""
    try:
        with index.open("rb") as file:
            data = file.read(INDEX_BYTES + 1)
    except FileNotFoundError:
        return False
    if len(data) > INDEX_BYTES or data.startswith(PREFIXED):
        return True
    return any(name.encode() + b"/" in data for name in NEVER_LISTED - {".git"})


class _Seen:
    """Collects what the file system says of files."""

    def __init__(self) -> None:
        self._found = hashlib.sha256()
        self._count = 0
        self._changed = 0
        self._waiting: list[str] = []

    def state(self) -> State | None:
        """The state of all that was seen; None where that is too much."""
        return None if self._count > MOST_FILES else State(self._found.digest(), self._changed)

    def tree(self, root: Path, never: frozenset[str]) -> None:
        """Everything below a folder but folders of a name of `never`; links themselves, not where they lead."""
        for entry in self._below(root):
            if entry.name in never and entry.is_dir():
                continue
            folder = entry.is_dir(follow_symlinks=False)
            self._add(entry, timed=not folder)
            if folder:
                self._waiting.append(entry.path)

    def git_directory(self, root: Path) -> None:
        """A git directory: all of it but single objects, of which the times of their folders tell when one came or went."""
        objects = os.fspath(root / "objects")
        for entry in self._below(root):
            folder = entry.is_dir(follow_symlinks=False)
            of_objects = folder and len(entry.name) == OBJECTS and entry.path.startswith(objects)
            self._add(entry, timed=of_objects or not folder)
            if folder and not of_objects:
                self._waiting.append(entry.path)

    def _below(self, root: Path) -> Iterator[os.DirEntry[str]]:
        """What lies right in `root` and in each folder that is put among those that wait, by name, until it is too much."""
        self._waiting = [os.fspath(root)]
        while self._waiting and self._count <= MOST_FILES:
            with os.scandir(self._waiting.pop()) as entries:
                yield from sorted(entries, key=lambda entry: entry.name)

    def _add(self, entry: os.DirEntry[str], *, timed: bool) -> None:
        """One file, folder or link; its size and times only where they tell something that is not told otherwise."""
        found = entry.stat(follow_symlinks=False)
        self._count += 1
        times: tuple[int, ...] = ()
        if timed:
            times = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            self._changed = max(self._changed, *times[1:])
        self._found.update(repr((os.fsencode(entry.path), found.st_mode, found.st_ino, times)).encode())
