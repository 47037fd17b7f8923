"""What a snapshot is made of: its files as they are listed, the moment they are of, and what could not be read."""

from __future__ import annotations

from datetime import datetime

from auditor.records import Record

LISTED = 6
"""Files that are listed, as a multiple of those that are read: which ones these are is decided when all are known."""


DELETED = "deleted in the working copy"
"""How a problem begins that tells of files of the last commit which only the working copy lacks."""


class Problem(Record):
    """Something that was not read, and why. `unread` where all of a file was lost, by what stands on `line`, if that is known."""

    path: str
    message: str
    line: int | None = None
    unread: bool = False


class Entry(Record):
    """One file of the snapshot. `sha` is its blob in git, where known; `on_disk` whether the work tree has it."""

    path: str
    on_disk: bool
    sha: str | None = None
    link: bool = False


class Moment(Record):
    """When the snapshot was taken: the commit (None without git), its time, whether the work tree differs from it."""

    commit: str | None = None
    committed_at: datetime | None = None
    dirty: bool = False
    branch: str | None = None


class Difference(Record):
    """A file that is not in the work tree as it is in the last commit: `new`, `changed` or `deleted`."""

    path: str
    kind: str
