"""The content of a snapshot's files: bytes and text, read within bounds and kept."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from auditor.limits import Limits
from auditor.repository.entries import Entry, Problem
from auditor.repository.git import GitDoor
from auditor.repository.paths import normalise

SHA_1 = 40
"""Digits of a name in a repository with SHA-1; with SHA-256 they are 64 (git-init, `--object-format`)."""
LFS_HEADER = b"version https://git-lfs.github.com/spec/"
"""First bytes of a Git LFS pointer file (Git LFS Specification, "The Pointer")."""


MOST_LINKS = 40
"""Links that lead to each other (path_resolution(7): as many as Linux follows)."""


class Contents:
    """Reads the files of one snapshot: each within bounds, all of them within a bound, and keeps what was read."""

    def __init__(
        self,
        root: Path,
        entries: Mapping[str, Entry],
        *,
        git: GitDoor | None,
        limits: Limits,
        problems: Iterable[Problem] = (),
    ) -> None:
        self.root = root
        self.git = git
        self.limits = limits
        self.problems: dict[Problem, None] = dict.fromkeys(problems)
        self._entries = entries
        self._bytes: dict[str, bytes | None] = {}
        self._text: dict[str, str | None] = {}
        self._links: dict[str, str | None] = {}
        self._read_bytes = 0
        self._kept = 0
        self._counted: set[str] = set()
        self._stamps: dict[str, tuple[int, int, int]] = {}

    def note(self, path: str, message: str) -> None:
        """Remember that `path` was not read, or not wholly."""
        self.problems[Problem(path, message)] = None

    def note_unread(self, path: str, error: ValueError) -> None:
        """Remember that `path` is not what its name says, and on which line that shows."""
        message = str(error).partition("\n")[0]
        self.problems[Problem(path, message, getattr(error, "line", None), unread=True)] = None

    def read(self, path: str) -> bytes | None:
        """Content of a file; None, with a problem noted, where it cannot be had. Links within are followed."""
        if path not in self._bytes:
            data = self._read(path)
            self._bytes[path] = data
            self._keep(len(data or b""))
            return data
        return self._bytes[path]

    def text(self, path: str) -> str | None:
        """Content of a file as text; None, with a problem noted, where it is none. Line ends are made line feeds."""
        if path not in self._text:
            data = self.read(path)
            text = None if data is None else self._decode(path, data)
            self._text[path] = text
            if text is not None:
                replaced = self._bytes.pop(path, None)  # the text takes its place
                self._keep(sys.getsizeof(text) - len(replaced or b""))
            return text
        return self._text[path]

    def lines(self, path: str) -> list[str]:
        """Lines of a text file, empty where it cannot be read."""
        text = self.text(path)
        return text.split("\n") if text else []

    def moved(self) -> str | None:
        """A file that was read from the work tree and has changed since; None where there is none."""
        for path, before in self._stamps.items():
            try:
                if stamp(os.lstat(f"{self.root}/{path}")) != before:
                    return path
            except OSError:
                return path
        return None

    def _left(self) -> int:
        """Bytes that a file may have that was not read before."""
        return min(self.limits.file_bytes, self.limits.total_bytes - self._read_bytes)

    def _keep(self, size: int) -> None:
        """Count `size` more bytes of content that is kept; what came first makes room where that is too much."""
        self._kept += size
        for kept in (self._bytes, self._text):
            for path in list(kept) if self._kept > self.limits.kept_bytes else ():
                content = kept[path]
                if content is not None:
                    self._kept -= sys.getsizeof(content) if isinstance(content, str) else len(content)
                    del kept[path]
                if self._kept <= self.limits.kept_bytes:
                    break

    def _decode(self, path: str, data: bytes) -> str | None:
        if data.startswith(LFS_HEADER):
            self.note(path, "Git LFS pointer: the content is not in the repository")
            return None
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16", "replace")
        elif b"\0" in data[:8192]:
            self.note(path, "not text (contains NUL bytes)")
            return None
        else:
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                self.note(path, "not UTF-8: read as Windows-1252")
                text = data.decode("cp1252", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _read(self, path: str) -> bytes | None:
        entry = self._entries.get(path)
        if entry is None:
            return None
        if entry.link:
            target = self._link_target(entry)
            if target is None:
                return None
            return self.read(target)
        data = self._read_disk(entry) if entry.on_disk else self._read_blob(entry)
        if data is not None and path not in self._counted:
            self._counted.add(path)
            self._read_bytes += len(data)
        return data

    def _too_large(self, path: str, size: int) -> bool:
        if size > self.limits.file_bytes:
            self.note(path, f"not read: {size:,} bytes, more than {self.limits.file_bytes:,}")
            return True
        if path not in self._counted and self._read_bytes + size > self.limits.total_bytes:
            self.note(path, f"not read: {self.limits.total_bytes:,} bytes were read before it")
            return True
        return False

    def _read_blob(self, entry: Entry) -> bytes | None:
        if self.git is None or entry.sha is None:
            return None
        found = self.git.bounded_blob(
            entry.sha, self.limits.file_bytes if entry.path in self._counted else self._left()
        )
        if found is not None:
            return None if self._too_large(entry.path, found.size) else found.data
        if self.git.blob_size(entry.sha) is None:
            self.note(entry.path, "not in this clone (its content was left out of a partial clone)")
        else:
            self.note(entry.path, "could not be read from git")
        return None

    def _read_disk(self, entry: Entry) -> bytes | None:
        try:
            with open_inside(self.root, entry.path) as file:
                found = os.fstat(file.fileno())
                self._stamps[entry.path] = stamp(found)
                size = found.st_size
                if self._too_large(entry.path, size):
                    return None
                data = file.read(self.limits.file_bytes + 1)
        except OSError as error:
            self.note(entry.path, f"could not be read: {error.strerror or error}")
            return None
        if len(data) > self.limits.file_bytes:
            self.note(entry.path, f"not read: more than {self.limits.file_bytes:,} bytes")
            return None
        return data

    def _link_target(self, entry: Entry) -> str | None:
        path = entry.path
        seen = {path}
        while True:
            raw = self._raw_link(entry)
            if raw is None:
                self.note(path, "symbolic link could not be read")
                return None
            target = normalise(str(PurePosixPath(entry.path).parent / raw))
            if raw.startswith("/") or target.startswith("../") or target == "..":
                self.note(path, "symbolic link out of the repository: not followed")
                return None
            following = self._entries.get(target)
            if following is None or target in seen or len(seen) > MOST_LINKS:
                self.note(path, "symbolic link to a folder, to itself, or to nothing: not followed")
                return None
            if not following.link:
                return target
            seen.add(target)
            entry = following

    def _raw_link(self, entry: Entry) -> str | None:
        if entry.path not in self._links:
            self._links[entry.path] = self._read_link(entry)
        return self._links[entry.path]

    def _read_link(self, entry: Entry) -> str | None:
        if entry.on_disk:
            try:
                return os.readlink(self.root / entry.path)  # noqa: PTH115
            except OSError:
                return None
        data = self._read_blob(entry)
        return None if data is None else data.decode("utf-8", "surrogateescape")


def stamp(found: os.stat_result) -> tuple[int, int, int]:
    """By what a file is known again that nobody has written to or put another in the place of."""
    return found.st_mtime_ns, found.st_size, found.st_ino


@contextmanager
def open_inside(root: Path, path: str) -> Iterator[BinaryIO]:
    """Open the regular file `path` below `root`, following no link on the way.

    Each folder is opened relative to the one before it, so that a link swapped in during the audit leads nowhere; a
    FIFO or device is refused before it can block. Raises OSError.
    """
    *folders, name = path.split("/")
    if ".." in (*folders, name):
        raise OSError(None, "a path that leads out of the repository")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if os.open not in os.supports_dir_fd:  # Windows
        descriptor = os.open(root / path, flags)
    else:
        here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
                os.close(here)
                here = inner
            descriptor = os.open(name, flags, dir_fd=here)
        finally:
            os.close(here)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(None, "not a regular file")
        yield file


def blob_hash(data: bytes, digits: int = SHA_1) -> str:
    """The name that git gives to a blob (gitformat-loose): the hash of a header and the content, by its number of digits."""
    made = hashlib.sha1(usedforsecurity=False) if digits == SHA_1 else hashlib.sha256()
    made.update(b"blob %d\0" % len(data))
    made.update(data)
    return made.hexdigest()
