"""Opening a snapshot: a repository's work tree, one of its commits, or a plain folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from auditor.errors import AuditError
from auditor.limits import DEFAULT, Limits
from auditor.repository.bounds import NEVER_LISTED, ONLY, NotTrackedError, fair_share
from auditor.repository.commits import at_commit, resolve
from auditor.repository.entries import LISTED, Entry, Moment, Problem
from auditor.repository.folders import folders
from auditor.repository.git import GitDoor
from auditor.repository.git_directory import find_repository
from auditor.repository.git_process import GitError
from auditor.repository.snapshot import Snapshot
from auditor.repository.work_tree import work_tree


def open_snapshot(path: Path, *, at: str | None = None, use_git: bool = True, limits: Limits = DEFAULT) -> Snapshot:
    """The snapshot of the repository at `path`: a work tree, a bare repository, or a folder within one.

    `at` is a commit, branch or tag, or a date (ISO 8601; a date alone means its end, a time without zone this machine's
    zone): then the last commit of the main branch at or before it. Without `use_git` the folder is read as it lies
    there. Raises AuditError where there is nothing to audit.
    """
    path = path.expanduser()
    try:
        path = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise AuditError(f"{path}: there is no such folder") from None
    if not path.is_dir():
        raise AuditError(f"{path}: is a file; give the folder of a repository")
    if not use_git:
        if at is not None:
            raise AuditError("--at needs git history: leave out --no-git")
        return plain_folder(path, limits)
    place = find_repository(path)
    if place is None:
        raise AuditError(f"{path}: not a git repository; to audit a plain folder (an unpacked ZIP file), add --no-git")
    git = GitDoor(place, limits)
    try:
        focus = path.relative_to(place.work_tree).as_posix() if place.work_tree else ""
        focus = "" if focus == "." else focus
        root = place.work_tree or place.git_dir
        if at is not None:
            return at_commit(git, root, resolve(git, at), focus, limits)
        head = git.commit("HEAD")
        if head is None:
            raise AuditError(f"{path}: the repository has no commits yet (on its current branch); commit first")
        read = at_commit if place.work_tree is None else work_tree
        snapshot = read(git, root, head[0], focus, limits)
        if git.shallow:
            snapshot.note(".", "a shallow clone: its history is cut off (git fetch --unshallow brings the rest)")
        return snapshot
    except NotTrackedError:
        git.close()
        if at is not None:
            raise
        snapshot = plain_folder(path, limits)
        snapshot.note(
            ".",
            f"the repository around it ({root}) tracks nothing in this folder: read as a plain folder, without history; "
            "if it is meant to be handed in there, commit it",
        )
        return snapshot
    except GitError as error:
        git.close()
        raise AuditError(f"{path}: git cannot read this repository: {error.last_line}") from None
    except BaseException:
        git.close()
        raise


def plain_folder(root: Path, limits: Limits) -> Snapshot:
    """The files of a folder without git, left-over environments and caches aside."""
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    most = limits.files * LISTED
    for folder in folders(root, NEVER_LISTED):
        for name in folder.files[: most - len(entries)]:
            path = folder.inside(name)
            try:
                link = stat.S_ISLNK(os.lstat(f"{root}/{path}").st_mode)
            except OSError:  # a folder that may be listed, but not entered
                problems.append(Problem(path, "could not be read: no permission"))
                continue
            entries[path] = Entry(path, on_disk=True, link=link)
        if len(entries) >= most:
            problems.append(Problem(".", f"more than {most:,} files: the others were left out"))
            break
    if len(entries) > limits.files:
        problems.append(Problem(".", f"{len(entries):,} files: {ONLY} {limits.files:,} were read"))
    kept = [entries[path] for path in fair_share(entries, limits.files)]
    return Snapshot(root, kept, Moment(), git=None, limits=limits, problems=problems)
