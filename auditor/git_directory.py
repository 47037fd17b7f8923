"""Where a repository lives, and whether its git directory is one that git may be let into.

A git directory in a stranger's folder can lead elsewhere: a `.git` file or link, shared objects, settings that include others.
git follows all of them, and waits for ever at a FIFO. So it is looked through first, without git (gitrepository-layout).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import AuditError

MOST_ENTRIES = 300_000
"""Files of refs and objects that are looked at; more is more than git itself could well bear as single files."""
SETTINGS_BYTES = 1_000_000
"""Settings are some hundred bytes."""
SINGLE = (
    "HEAD",
    "config",
    "config.worktree",
    "commondir",
    "index",
    "packed-refs",
    "shallow",
    "info",
    "info/exclude",
    "info/attributes",
    "info/sparse-checkout",
    "refs",
    "objects",
)
"""What git reads of a git directory by these names."""
TREES = ("refs", "objects")
"""Folders of which git reads any file, at any depth."""
INCLUDES = re.compile(rb"^[^#;]*\[[ \t]*include", re.IGNORECASE | re.MULTILINE)
"""A section of settings that names other files (git-config, "Includes"); also one that git would not take for that."""


@dataclass(frozen=True, slots=True)
class GitPlace:
    """Where a repository lives: its work tree (None if bare), its git directory and the one shared by worktrees."""

    work_tree: Path | None
    git_dir: Path
    common_dir: Path


def find_repository(path: Path) -> GitPlace | None:
    """The repository that holds `path`, looked for upwards from it; None where there is none."""
    for folder in (path, *path.parents):
        dot_git = folder / ".git"
        if dot_git.is_dir() and is_git_dir(dot_git):
            return GitPlace(folder, dot_git, common_dir(dot_git))
        if dot_git.is_file():
            target = pointed_git_dir(dot_git)
            if target is not None:
                return GitPlace(folder, target, common_dir(target))
        if is_git_dir(folder):
            return GitPlace(None, folder, common_dir(folder))
    return None


def is_git_dir(folder: Path) -> bool:
    """Whether `folder` looks like a git directory (gitrepository-layout: HEAD, and objects and refs here or shared)."""
    try:
        if not (folder / "HEAD").is_file():
            return False
        return ((folder / "objects").is_dir() and (folder / "refs").is_dir()) or (folder / "commondir").is_file()
    except OSError:
        return False


def pointed_git_dir(dot_git: Path) -> Path | None:
    """The git directory that a `.git` file (worktree, submodule) points to, if that one knows of the folder.

    A linked worktree's holds the way back in `gitdir`, a submodule's in its setting `core.worktree`. Without a way back
    the file was made to lead into somebody else's repository.
    """
    first = read_first_line(dot_git)
    if not first.startswith("gitdir:"):
        return None
    target = (dot_git.parent / first.removeprefix("gitdir:").strip()).resolve()
    if not is_git_dir(target):
        return None
    back = read_first_line(target / "gitdir")
    if back and (target / back).resolve() == dot_git.resolve():
        return target
    named = re.search(
        r'^\s*worktree\s*=\s*"?([^"\n]+?)"?\s*$', read_settings(target / "config"), re.MULTILINE | re.IGNORECASE
    )
    if named and (target / named[1]).resolve() == dot_git.parent.resolve():
        return target
    return None


def common_dir(git_dir: Path) -> Path:
    """The directory with objects and refs: `git_dir` itself, or the one that a linked worktree names."""
    first = read_first_line(git_dir / "commondir")
    return (git_dir / first).resolve() if first else git_dir


def read_first_line(path: Path) -> str:
    """The first line of a small file, empty where it cannot be read."""
    return read_bytes(path, 4096).partition(b"\n")[0].decode("utf-8", "surrogateescape").strip()


def read_settings(path: Path) -> str:
    """Settings as text; empty where they cannot be read."""
    return read_bytes(path, SETTINGS_BYTES).decode("utf-8", "surrogateescape")


def read_bytes(path: Path, size: int) -> bytes:
    """The first `size` bytes of a regular file; empty where it is none, or cannot be read."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def examine(place: GitPlace) -> None:
    """Raise AuditError where git would be led out of the repository, or stopped, by what its git directory holds."""
    for reason in objections(place):
        raise AuditError(f"{place.work_tree or place.git_dir}: {reason}; --no-git audits its files without history")


def objections(place: GitPlace) -> Iterator[str]:
    """Why git must not be let into a git directory, the first thing that is found first."""
    git_dir, common = place.git_dir, place.common_dir
    if git_dir.is_symlink():
        yield "its .git is a link to elsewhere"
    if common != git_dir and common != git_dir.parent.parent.resolve():
        yield "its git directory says that its objects are in another repository (commondir)"
    for folder in dict.fromkeys((git_dir, common)):
        for name in SINGLE:
            wrong = kind(folder / name, folder_wanted=name in ("info", *TREES))
            if wrong:
                yield f"{name} in its git directory is {wrong}"
        for name in ("config", "config.worktree"):
            settings = read_bytes(folder / name, SETTINGS_BYTES + 1)
            if len(settings) > SETTINGS_BYTES:
                yield f"{name} in its git directory is larger than any settings are"
            if INCLUDES.search(settings):
                yield f"{name} in its git directory includes other files"
    for name in ("alternates", "http-alternates"):
        if read_bytes(common / "objects/info" / name, 1):
            yield f"its objects are in another repository (objects/info/{name}); `git repack -a -d` brings them here"
    count = 0
    for name in TREES:
        for path, wrong in odd_entries(common / name):
            count += 1
            if wrong:
                yield f"{path.relative_to(common)} in its git directory is {wrong}"
            if count > MOST_ENTRIES:
                yield f"its git directory holds more than {MOST_ENTRIES:,} files"


def kind(path: Path, *, folder_wanted: bool) -> str:
    """What is wrong with the kind of a file or folder; empty where it is as it should be, or not there."""
    try:
        if path.is_symlink():
            return "a link"
        if not path.exists() or (path.is_dir() if folder_wanted else path.is_file()):
            return ""
    except OSError:
        return "not to be read"
    return "no folder" if folder_wanted else "no regular file"


def odd_entries(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file below a folder, with what is wrong with its kind; empty where nothing is."""
    todo = [folder]
    while todo:
        here = todo.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        yield Path(entry.path), "a link"
                    elif entry.is_dir(follow_symlinks=False):
                        todo.append(Path(entry.path))
                    else:
                        yield Path(entry.path), "" if entry.is_file(follow_symlinks=False) else "no regular file"
        except OSError:
            continue
