"""Work that the audited commit does not hold: files on other branches, in later commits, or deleted before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property

from auditor.evidence import Place, seen
from auditor.facts.history.changes import Change, FileHistory, matching
from auditor.facts.history.commits import Commit, History
from auditor.facts.own_work.template import Template
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

MOST = 3
"""Files named for one question."""
MOST_LOOKED_AT = 40
"""Deleted files that are looked into for one question."""
MOST_COMPARED = 500
"""Files that stand and are held against a deleted one."""
COPY = 0.6
"""Share of a deleted file's lines in one of the same name from which on that one is what became of it."""


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
    snapshot: Snapshot
    template: Template
    branch: str | None = None
    deadline: datetime | None = None

    @cached_property
    def holders(self) -> dict[str, str]:
        """Name of a branch for each commit that only others hold."""
        return self.history.holders(change.commit.hash for change in self.files.other)

    def find(self, patterns: Sequence[str]) -> tuple[Beside, ...]:
        """Files that match, on other branches or in later commits first, then deleted ones; each with its last commit.

        Those that came after the deadline stand behind those that did not. Files that only the working copy lacks are not
        among them: see `only_here_deleted`.
        """
        if not patterns or not self.files.available:
            return ()
        beside = [
            self._beside(change)
            for change in self.files.elsewhere(*patterns)
            if change.path not in self.snapshot.deleted
        ]
        deleted = [
            Beside(seen(change.path, None, f"deleted{when_deleted(change)}", change.commit.hash))
            for change in self._gone(patterns)
        ]
        return tuple(sorted((*beside, *deleted), key=lambda one: one.late)[:MOST])

    def only_here_deleted(self, patterns: Sequence[str]) -> tuple[Place, ...]:
        """Files of the last commit that match and were deleted in the working copy, with the command that brings each back."""
        snapshot, commit = self.snapshot, self.snapshot.moment.commit or ""
        names = matching(snapshot.deleted, tuple(patterns)) if patterns else []
        gone = [path for path in names if not snapshot.holds(commit, path)]  # else it was moved
        return tuple(Place(path, None, snapshot.brings_back(path)) for path in gone[:MOST])

    def _gone(self, patterns: Sequence[str]) -> Iterator[Change]:
        """Deleted files that may hold work: neither the template's, hardly touched, nor other copies of what stands."""
        found = 0
        here = self.snapshot.in_last_commit
        for change in [one for one in self.files.deleted(*patterns) if not here(one.path)][:MOST_LOOKED_AT]:
            text = self._last_text(change)
            if text is None or not (self.template.brought(text, change.path) or self._stands(text, change.path)):
                yield change
                found += 1
                if found == MOST:
                    return

    def _last_text(self, change: Change) -> str | None:
        """What a deleted file held last; None where that cannot be had."""
        held = next((one for one in self.files.by_path.get(change.path, ()) if one.status != "D"), None)
        return self.snapshot.text_at(held.commit.hash, change.path) if held is not None else None

    def _stands(self, text: str, path: str) -> bool:
        """Whether the most of a text stands in a file of the same name, or all of it in one of the same kind."""
        name = path.rpartition("/")[2]
        ending = "." + name.rpartition(".")[2]
        lines = {line.strip() for line in text.split("\n") if line.strip()}
        for other in [one for one in self.snapshot.paths if one.endswith(ending)][:MOST_COMPARED]:
            if other.rpartition("/")[2] == name:
                held = {line.strip() for line in self.snapshot.lines(other)}
                if len(lines & held) >= COPY * len(lines):
                    return True
            elif lines and self.snapshot.text(other) == text:
                return True
        return False

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


def when_deleted(change: Change) -> str:
    """The day of a deletion; of one in a merge, which tells no files, the day of the change before."""
    return on_day(change.commit) if change.status == "D" else on_day(change.commit).replace(" on ", " after ")


def on_day(commit: Commit) -> str:
    """The day of a commit, by its committer's clock; empty where it is not known."""
    return f" on {commit.committed_at:%Y-%m-%d}" if commit.committed_at else ""


@fact
def no_deadline() -> Deadline:
    """Where the audit was given none."""
    return Deadline()


@fact
def look_elsewhere(
    snapshot: Snapshot, files: FileHistory, history: History, template: Template, deadline: Deadline
) -> Elsewhere:
    """The files per commit, asked by name."""
    return Elsewhere(files, history, snapshot, template, snapshot.moment.branch, deadline.at)
