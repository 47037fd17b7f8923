"""Work that the audited commit does not hold: files on other branches, in later commits, or deleted before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from auditor.evidence import Place, seen
from auditor.facts.history.changes import Change, FileHistory
from auditor.facts.history.commits import Commit, History
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

MOST = 3
"""Files named for one question."""


class Deadline(Record):
    """Up to when work counts; None where there is no such time."""

    at: datetime | None = None


class Beside(Record):
    """A file that the audited commit does not hold, and whether it came after the deadline."""

    place: Place
    late: bool = False


class Elsewhere(Record, dict=True):
    """Answers where files of some name stand, if not in the audited commit. `branch` is the audited one."""

    files: FileHistory
    history: History
    branch: str | None = None
    deadline: datetime | None = None

    @cached_property
    def holders(self) -> dict[str, str]:
        """Name of a branch for each commit that only others hold."""
        return self.history.holders(change.commit.hash for change in self.files.other)

    def find(self, patterns: Sequence[str]) -> tuple[Beside, ...]:
        """Files that match, on other branches or in later commits first, then deleted ones; each with its last commit.

        Those that came after the deadline stand behind those that did not.
        """
        if not patterns or not self.files.available:
            return ()
        beside = [self._beside(change) for change in self.files.elsewhere(*patterns)]
        deleted = [
            Beside(seen(change.path, None, f"deleted{on_day(change.commit)}", change.commit.hash))
            for change in self.files.deleted(*patterns)
        ]
        return tuple(sorted((*beside, *deleted), key=lambda one: one.late)[:MOST])

    def _beside(self, change: Change) -> Beside:
        at = change.commit.committed_at
        late = self.deadline is not None and at is not None and at > self.deadline
        name = self.holders.get(change.commit.hash)
        if name is not None and name == self.branch:
            where = f"in a later commit of {name}"
        else:
            where = f"on the branch {name}" if name else "on another branch"
        when = f",{on_day(change.commit)}" if at else ""
        told = f"{where}{when}{', after the deadline' if late else ''}"
        return Beside(seen(change.path, None, told, change.commit.hash), late)


def on_day(commit: Commit) -> str:
    """The day of a commit, by its committer's clock; empty where it is not known."""
    return f" on {commit.committed_at:%Y-%m-%d}" if commit.committed_at else ""


@fact
def no_deadline() -> Deadline:
    """Where the audit was given none."""
    return Deadline()


@fact
def look_elsewhere(snapshot: Snapshot, files: FileHistory, history: History, deadline: Deadline) -> Elsewhere:
    """The files per commit, asked by name."""
    return Elsewhere(files, history, snapshot.moment.branch, deadline.at)
