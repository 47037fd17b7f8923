"""Reading file by file: what is wrong with one file costs that file alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from auditor.repository.snapshot import Snapshot

T = TypeVar("T")


def each_file(snapshot: Snapshot, paths: Iterable[str], read: Callable[[Snapshot, str], Iterable[T]]) -> Iterator[T]:
    """What `read(snapshot, path)` finds in each of `paths`, in order.

    A file for which it fails is left out with a line in the snapshot's problems, whatever the fault: files are written by
    strangers, and a fact that many claims ask for must not be lost to one of them.
    """
    for path in paths:
        try:
            found = list(read(snapshot, path))
        except Exception as error:  # the bulkhead: one file, one line
            snapshot.note_unread(path, ValueError(f"not read: {type(error).__name__}: {error}".rstrip(": ")))
        else:
            yield from found


def first_line(snapshot: Snapshot, path: str) -> str:
    """The first line of a text file; empty where it has none or cannot be read."""
    return next(iter(snapshot.lines(path)), "")
