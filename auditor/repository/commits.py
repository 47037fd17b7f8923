"""One commit as a snapshot, and how a commit is named: by hash, branch, or date."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from auditor.errors import AuditError
from auditor.limits import Limits
from auditor.repository.bounds import bounded
from auditor.repository.differences import tree
from auditor.repository.entries import LISTED, Entry, Moment, Problem
from auditor.repository.git import GitDoor, parse_raw_time
from auditor.repository.git_objects import files_by_depth
from auditor.repository.snapshot import Snapshot


def at_commit(git: GitDoor, root: Path, commit: str, focus: str, limits: Limits) -> Snapshot:
    """The files of one commit, read from the object store."""
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    rows, whole = tree(git, commit, limits)
    if not whole:
        rows, whole = files_by_depth(git.objects, commit, limits.files * LISTED, limits.git_bytes)
    if not whole:
        problems.append(
            Problem(".", "more files in the commit than can be listed: those in its deepest folders were left out")
        )
    for mode, sha, path in rows:
        if mode == "160000":
            problems.append(Problem(path, "submodule: its files are not part of this repository"))
        else:
            entries[path] = Entry(path, on_disk=False, sha=sha, link=mode == "120000")
    moment = Moment(commit, commit_time(git, commit), dirty=False, branch=git.branch)
    return bounded(root, entries, moment, git, limits, problems, focus)


def commit_time(git: GitDoor, commit: str) -> datetime | None:
    """Committer time of a commit, read from the commit itself: its parents may be missing from this clone."""
    _, text = git.commit(commit) or ("", "")
    for line in text.split("\n"):
        if line.startswith("committer "):
            return parse_raw_time(line.rpartition("> ")[2])
        if not line:
            break
    return None


def main_branch(git: GitDoor) -> str:
    """The branch that is handed in: the remote's default (a bare clone's own), else main or master, else HEAD's."""
    first = "refs/remotes/origin/HEAD" if git.place.work_tree else "HEAD"
    for ref in (first, "refs/heads/main", "refs/heads/master", "HEAD"):
        if git.try_run("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"):
            return ref
    return "HEAD"


def resolve(git: GitDoor, at: str) -> str:
    """The commit that `at` names: a hash, branch or tag, else a date. Raises AuditError."""
    moment = parse_moment(at)
    if moment is None:
        found = None if at.startswith("-") else git.try_run("rev-parse", "--verify", "--quiet", f"{at}^{{commit}}")
        if not found:
            raise AuditError(
                f"--at {at}: no such commit here, and not a date such as 2026-01-23 or 2026-01-23T23:59+01:00"
            )
        return found.strip()
    branch = main_branch(git)
    found = git.try_run(
        "rev-list", "-1", "--first-parent", f"--before=@{max(0, int(moment.timestamp()))} +0000", branch
    )
    if not found or not found.strip():
        raise AuditError(f"--at {at}: the main branch has no commit at or before this date")
    return found.strip()


def parse_moment(text: str, zone: tzinfo | None = None) -> datetime | None:
    """A date (its last second) or a time; None where it is neither.

    Where it names no zone it is one in `zone`, or without that in this machine's.
    """
    if len(text) < 10 or text[4:5] != "-":
        return None
    try:
        moment = datetime.fromisoformat(text)
        if len(text) == 10:
            moment += timedelta(days=1, seconds=-1)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        moment.timestamp()  # raises where no clock shows it
        return moment if moment.tzinfo else moment.astimezone()
    except (ValueError, OverflowError, OSError):
        return None
