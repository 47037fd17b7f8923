"""What an earlier look at a repository left in the user's cache, for nobody's eyes but the user's: one file per repository, and what is the same for all.

It only ever saves time. What is damaged, foreign, too large or cannot be read or written counts as not there, and no error
comes of it. The content is bytes; who asks for them says what they mean, and checks that they still hold.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

SUFFIX = ".memory"
MARK = b"auditor memory 1\n"
"""First bytes of a file. The number is that of what follows: a digest, and what was kept."""
DIGEST_BYTES = 32
MOST_BYTES = 8_000_000
"""What is kept of one repository; hand-ins of twenty Python files took 0.1 to 0.8 megabytes."""
MOST_TOTAL = 40_000_000
"""What the whole folder holds; the files that were used longest ago make room."""
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Memory:
    """What is remembered of one repository; nothing ever, where `folder` is None."""

    def __init__(
        self, folder: Path | None = None, repository: Path = Path(), focus: str = "", shared: str | None = None
    ) -> None:
        """`folder` is one in the user's cache for this alone. It is not used where it lies in the repository.

        What is the same for all repositories is kept under its name, `shared`.
        """
        self._folder = None if folder is None else _usable(folder, repository)
        name = hashlib.sha256(f"{repository}\0{focus}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
        self._name = f"{shared or name}{SUFFIX}"

    @property
    def kept(self) -> bool:
        """Whether anything can be remembered."""
        return self._folder is not None

    def load(self) -> bytes | None:
        """What was saved last for this repository; None where there is nothing, or not by this user alone."""
        if self._folder is None:
            return None
        path = self._folder / self._name
        try:
            with open(path, "rb", opener=_without_links) as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode) or not _private(found) or found.st_size > MOST_BYTES:
                    return None
                data = file.read(MOST_BYTES + 1)
            with suppress(OSError):
                os.utime(path)  # it was used: others make room before it
        except OSError:
            return None
        start = len(MARK) + DIGEST_BYTES
        body = data[start:]
        whole = data[:start] == MARK + hashlib.sha256(body).digest()
        return body if whole else None

    def save(self, body: bytes) -> None:
        """Keep `body` in place of what was there: wholly or not at all, whoever else writes at the same time."""
        if self._folder is None or len(MARK) + DIGEST_BYTES + len(body) > MOST_BYTES:
            return
        part = self._folder / f"{self._name}.{os.getpid()}{SUFFIX}"
        with suppress(OSError):
            try:
                with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(MARK + hashlib.sha256(body).digest())
                    file.write(body)
                part.replace(self._folder / self._name)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            _make_room(self._folder)


def _usable(folder: Path, repository: Path) -> Path | None:
    """`folder`, made where it is not there; None where it cannot be used, or is not this user's alone to write."""
    try:
        folder = folder.expanduser().resolve()
        if folder.is_relative_to(repository.resolve()):
            return None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or not _private(found):
            return None
    except (OSError, RuntimeError):
        return None
    return folder


def _private(found: os.stat_result) -> bool:
    """Whether nobody else can have written it. Where files have no owners (Windows), the user's folder sees to that."""
    if not hasattr(os, "geteuid"):
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & OTHERS_MAY_WRITE


def _without_links(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _make_room(folder: Path) -> None:
    """Remove the files that were used longest ago, until the folder is within its bound."""
    with os.scandir(folder) as entries:
        files = [(entry.stat(follow_symlinks=False), entry.path) for entry in entries if entry.name.endswith(SUFFIX)]
    total = sum(found.st_size for found, _ in files)
    for found, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
        if total <= MOST_TOTAL:
            break
        Path(path).unlink(missing_ok=True)
        total -= found.st_size
