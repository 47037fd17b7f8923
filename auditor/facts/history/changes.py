"""Which files each commit changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import pathspec

from auditor.evidence import Place, seen
from auditor.facts.history.commits import ALL_BRANCHES, LOG, Commit, History
from auditor.injection import fact
from auditor.limits import Limits
from auditor.records import Record, field
from auditor.repository.git import GitDoor
from auditor.repository.git_objects import holds_more
from auditor.repository.snapshot import Snapshot

CHANGES = 500_000
"""Files per commit kept in all; a repository that committed its images has some ten thousand."""


BULK_SHARE = 0.8
"""Share of the files at hand that one commit must have added to be called a bulk commit."""


NAMES = ("--name-status", "--no-renames", "--root", "-O/dev/null", "--format=commit %H")


PATIENCE = 1.0
"""Seconds that git may be silent over a commit before that is looked at; for a commit of a usual size it takes a millisecond."""


MOST_LEFT_OUT = 2
"""Commits whose files are left out for their number; one more, and all older ones are."""


class Change(Record):
    """One file in one commit. `status` is git's letter: A added, M modified, D deleted, T type changed."""

    commit: Commit
    status: str
    path: str

    @property
    def evidence(self) -> Place:
        """The commit, with what it did to the file."""
        did = {"A": "added", "D": "deleted"}.get(self.status, "changed")
        return seen(self.path, None, f"{did} {self.path}: {self.commit.subject}", self.commit.hash)


class FileHistory(Record, dict=True):
    """Which commit touched which file, newest first; merge commits and renames are not looked into.

    Empty, with `available` False, where the clone lacks the folders' listings.
    """

    available: bool = False
    changes: tuple[Change, ...] = ()
    other: tuple[Change, ...] = ()
    """Changes that the audited commit does not hold: later ones, and those on other branches."""
    present: frozenset[str] = field(default=frozenset())

    @cached_property
    def by_path(self) -> dict[str, tuple[Change, ...]]:
        """Changes of every file, newest first."""
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.path, []).append(change)
        return {path: tuple(changes) for path, changes in found.items()}

    def deleted(self, *patterns: str) -> tuple[Change, ...]:
        """Last change of each deleted file that matches a gitignore-style pattern."""
        gone = {path: changes[0] for path, changes in self.by_path.items() if path not in self.present}
        return tuple(gone[path] for path in matching(gone, patterns))

    def elsewhere(self, *patterns: str) -> tuple[Change, ...]:
        """Last change of each file that stands only in a later commit or on another branch, and matches a pattern."""
        last: dict[str, Change] = {}
        for change in self.other:
            last.setdefault(change.path, change)
        beside = {path: c for path, c in last.items() if c.status != "D" and path not in self.present}
        return tuple(beside[path] for path in matching(beside, patterns))

    @property
    def bulk(self) -> Commit | None:
        """The commit that added nearly all files at hand, where one did: work uploaded at once, not in steps."""
        added: dict[str, set[str]] = {}
        commits: dict[str, Commit] = {}
        for change in self.changes:
            if change.status == "A" and change.path in self.present:
                added.setdefault(change.commit.hash, set()).add(change.path)
                commits[change.commit.hash] = change.commit
        largest = max(added, key=lambda name: len(added[name]), default=None)
        if largest is None or len(added[largest]) < BULK_SHARE * len(self.present):
            return None
        return commits[largest]


@fact
def read_file_history(snapshot: Snapshot, history: History) -> FileHistory:
    """Files per commit; unavailable, with a problem noted, where the clone holds no listings of folders."""
    git, head = snapshot.git, snapshot.moment.commit
    if git is None or head is None or not history.available:
        return FileHistory()
    own = {commit.hash: commit for commit in history.commits}
    others = {commit.hash: commit for commit in (*history.later, *history.elsewhere)}
    for revisions in ALL_BRANCHES, ():
        listed = ListedChanges(snapshot, git, (head, *revisions))
        changes: list[Change] = []
        other: list[Change] = []
        for count, (name, status, path) in enumerate(listed.read()):
            if count >= CHANGES:
                snapshot.note(".", f"more than {CHANGES:,} changes of files in the history: older ones were left out")
                break
            if name in own:
                changes.append(Change(own[name], status, path))
            elif name in others:
                other.append(Change(others[name], status, path))
        if listed.available:
            return FileHistory(True, tuple(changes), tuple(other), present=frozenset(snapshot.paths))
    snapshot.note(".", "git cannot list the files of each commit (folders are missing from this clone)")
    return FileHistory()


class ListedChanges:
    """Files of each commit as git lists them, without those of a commit over which git would sit for minutes.

    A folder that stands in a tree many times costs its author nothing, and git a name each time. git says nothing of a commit
    before it has all its names; so where it falls silent, it is the next one that is looked at, and left out if it is such.
    """

    def __init__(self, snapshot: Snapshot, git: GitDoor, revisions: tuple[str, ...]) -> None:
        self.available = True
        """Whether git could list them; set to False by `read`."""
        self._snapshot = snapshot
        self._git = git
        self._revisions = revisions

    def read(self) -> Iterator[tuple[str, str, str]]:
        """(commit, status, path), newest first, of at most as many commits as the limits say."""
        limits = self._snapshot.limits
        patience = min(PATIENCE, limits.git_seconds)
        done = left_out = 0
        while True:
            out, whole = self._git.said(*self._log(done, limits.commits - done, *NAMES), patience=patience)
            for name, status, path in parse_changes(out.rpartition("\0")[0] if not whole else out):
                done += not status
                if path:
                    yield name, status, path
            if whole or done >= limits.commits:
                return
            stopped = (self._git.try_run(*self._log(done, 1, "--format=%H")) or "").strip("\0\n")
            if stopped and is_wide(self._git, stopped, limits):
                if left_out == MOST_LEFT_OUT:
                    self._note("more commits of this kind: older changes of files were left out")
                    return
                self._note(f"commit {stopped[:10]} holds more than {limits.files:,} files: its changes were left out")
                left_out += 1
                done += 1
            elif stopped and patience < limits.git_seconds:
                patience = limits.git_seconds  # the machine is slow, or has other work
            else:
                self.available = False
                return

    def _log(self, skip: int, most: int, *options: str) -> tuple[str, ...]:
        return (*LOG, *options, f"--skip={skip}", f"--max-count={most}", *self._revisions, "--")

    def _note(self, message: str) -> None:
        self._snapshot.note(".", message)


def is_wide(git: GitDoor, commit: str, limits: Limits) -> bool:
    """Whether a commit or its parent holds more files than are listed of a repository."""
    return any(holds_more(git.objects, name, limits.files, limits.git_bytes) for name in (commit, f"{commit}^1"))


def parse_changes(out: str) -> Iterator[tuple[str, str, str]]:
    """(commit, status, path) from `git log` with NAMES; for each commit first one with neither status nor path."""
    commit = ""
    words = iter(out.split("\0"))
    for word in words:
        word = word.lstrip("\n")
        if word.startswith("commit "):
            commit = word.removeprefix("commit ")
            yield commit, "", ""
        elif word:
            yield commit, word[0], next(words, "")


def matching(paths: Iterable[str], patterns: tuple[str, ...]) -> list[str]:
    """Paths that match one of the gitignore-style `patterns`, sorted."""
    spec = pathspec.PathSpec.from_lines("gitignore", patterns)
    return sorted(path for path in paths if spec.match_file(path))
