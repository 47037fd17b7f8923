"""Work that the audited commit does not hold: files on other branches, in later commits, or deleted before it."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.evidence import Place, seen
from auditor.facts.history.commits import FileHistory
from auditor.injection import fact
from auditor.records import Record

MOST = 3
"""Files named for one question."""


class Elsewhere(Record):
    """Answers where files of some name stand, if not in the audited commit."""

    files: FileHistory

    def find(self, patterns: Sequence[str]) -> tuple[Place, ...]:
        """Files that match, on other branches or in later commits first, then deleted ones; each with its last commit."""
        if not patterns or not self.files.available:
            return ()
        beside = [
            seen(change.path, None, "on another branch or in a later commit", change.commit.hash)
            for change in self.files.elsewhere(*patterns)
        ]
        deleted = [
            seen(change.path, None, "deleted before the audited commit", change.commit.hash)
            for change in self.files.deleted(*patterns)
        ]
        return tuple((*beside, *deleted)[:MOST])


@fact
def look_elsewhere(files: FileHistory) -> Elsewhere:
    """The files per commit, asked by name."""
    return Elsewhere(files)
