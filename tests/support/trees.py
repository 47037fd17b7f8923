"""Folders of files, opened as the program opens them, with what is known of them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import NamedTuple, TypeVar

from auditor.course.fingerprints import Fingerprints
from auditor.facts.group import Group, ReportPlace
from auditor.injection import Facts
from auditor.limits import DEFAULT, Limits
from auditor.repository.opening import open_snapshot
from auditor.repository.snapshot import Snapshot
from support.repositories import Files, write

T = TypeVar("T")

REPORT = ReportPlace.whole("reports/README.md")
"""Where the course expects the report."""


class Tree(NamedTuple):
    """The files of a folder, and what is known of them."""

    snapshot: Snapshot
    facts: Facts

    def get(self, wanted: type[T]) -> T:
        """The fact of a type."""
        return self.facts.get(wanted)


class Trees:
    """Makes trees, each in a folder of its own: the fixture `tree`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def __call__(self, files: Files, *given: object, limits: Limits = DEFAULT) -> Tree:
        """The tree of `files`, without git; facts are `given` beside those that `facts_of` gives."""
        self._made += 1
        folder = self._folder / f"tree-{self._made}"
        folder.mkdir(parents=True)
        write(folder, files)
        snapshot = open_snapshot(folder, use_git=False, limits=limits)
        return Tree(snapshot, facts_of(snapshot, *given))


def facts_of(snapshot: Snapshot, *given: object) -> Facts:
    """The facts of a repository whose course, group and report are not known, unless they are `given`."""
    return Facts(snapshot, Fingerprints(), Group(), ReportPlace(), *given)


def dedented(files: dict[str, str]) -> dict[str, str]:
    """Files whose text was written within a test, and indented with it."""
    return {path: dedent(text).lstrip("\n") for path, text in files.items()}
