"""The last result of a repository, for as long as nothing has changed that it rests on.

An audit depends on what the repository holds, on what was asked, and on the program. Where all of it is as it was when a result
was kept, that result is the answer. A change within a file system's grain of time could go unseen; so a result is only kept
where the repository had been at rest for a while before, and was the same after.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from auditor.records import Record
from auditor.repository.memory import Memory
from auditor.repository.state import State, state_of
from auditor.result.audit import AuditResult
from auditor.version import __version__

AT_REST = 2_000_000_000
"""Nanoseconds. The coarsest file systems in use count in two seconds (FAT), the usual ones in milliseconds."""


class Kept(Record):
    """A result, and the state of all that it rests on."""

    state: bytes
    result: AuditResult


def unless_changed(
    path: Path, memory: Path | None, asked: tuple[object, ...], audit: Callable[[], AuditResult], *, use_git: bool
) -> AuditResult:
    """The result that was kept of `path` when the same was `asked` of it, where nothing changed since; else that of `audit`.

    `memory` is a folder in the user's cache; None where nothing is to be kept. Raises what `audit` raises.
    """
    before = None if memory is None else looked_at(path, use_git=use_git)
    if before is None:
        return audit()
    kept = Memory(memory, path.resolve(), repr(("result", os.fspath(path), os.fspath(Path.cwd()), *asked)))
    state = hashlib.sha256(before.digest + installation()).digest()
    known = read(kept.load())
    if known is not None and known.state == state:
        return known.result
    started = time.time_ns()
    result = audit()
    whole = not any(claim.error for claim in result.claims)
    if whole and before.changed + AT_REST < started and looked_at(path, use_git=use_git) == before:
        data = written(Kept(state, result))
        if data is not None:
            kept.save(data)
    return result


def looked_at(path: Path, *, use_git: bool) -> State | None:
    """The state of a repository; None where it cannot be told."""
    try:
        return state_of(path, use_git=use_git)
    except (OSError, RuntimeError, ValueError):
        return None


def installation() -> bytes:
    """What tells this program apart from any other: its files, what is installed beside it, Python and git."""
    package = Path(__file__).resolve().parent.parent
    found = hashlib.sha256(f"{__version__} {sys.version} {time.tzname}\n".encode())
    files = [file for folder in (package, package.parent / "rules") for file in folder.rglob("*.*")]
    beside = [Path(place) for place in sys.path if place]
    git = shutil.which("git")
    for file in (*sorted(files), *beside, *([Path(git)] if git else [])):
        if file.suffix == ".pyc":
            continue
        try:
            told = file.stat()
        except OSError:
            continue
        found.update(repr((os.fsencode(file), told.st_size, told.st_mtime_ns)).encode())
    return found.digest()


def written(kept: Kept) -> bytes | None:
    """What is kept, as bytes; None for a result that names a file whose name is no text."""
    try:
        return msgspec.msgpack.encode(kept)
    except (UnicodeEncodeError, msgspec.MsgspecError, TypeError):
        return None


def read(data: bytes | None) -> Kept | None:
    """What was kept; None where it is nothing of the kind."""
    try:
        return None if data is None else msgspec.msgpack.decode(data, type=Kept)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        return None
