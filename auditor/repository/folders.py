"""The folders below a folder, however deep: thousands of them in each other are more than `os.walk` bears in some Pythons."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator
from pathlib import Path

from auditor.records import Record


class Folder(Record):
    """What a folder holds: its path below the root ("" for that itself), and the names of its files and links, in order."""

    path: str
    files: tuple[str, ...]

    def inside(self, name: str) -> str:
        """The path below the root of what has this name in it."""
        return f"{self.path}/{name}" if self.path else name


def folders(root: Path, never: Container[str]) -> Iterator[Folder]:
    """`root` and every folder below it that has no name of `never`, in the order of their names.

    Links are told, not followed; what cannot be entered is taken for empty.
    """
    waiting = [""]
    while waiting:
        here = waiting.pop()
        inner: list[str] = []
        files: list[str] = []
        try:
            with os.scandir(f"{root}/{here}") as entries:  # a Path costs as many steps as it has folders
                for entry in entries:
                    if entry.name in never and entry.is_dir():
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        inner.append(f"{here}/{entry.name}" if here else entry.name)
                    else:
                        files.append(entry.name)
        except OSError:
            pass
        yield Folder(here, tuple(sorted(files)))
        waiting += sorted(inner, reverse=True)
