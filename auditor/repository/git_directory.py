"""Where a repository lives, and whether its git directory is one that git may be let into.

A git directory in a stranger's folder can lead elsewhere: a `.git` file or link, shared objects, settings that include others.
git follows all of them, and waits for ever at a FIFO. So it is looked through first, without git (gitrepository-layout).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from auditor.errors import AuditError
from auditor.patterns import pattern
from auditor.records import Record

MOST_ENTRIES = 300_000
"""Files of refs and objects that are looked at; more is more than git itself could well bear as single files."""
MOST_DEEP = 200
"""Folders in each other; parts of a branch's name are folders."""
SETTINGS_BYTES = 1_000_000
"""Settings are some hundred bytes."""
SINGLE = tuple(
    """HEAD config config.worktree commondir index packed-refs shallow info info/exclude info/attributes
    info/sparse-checkout refs objects""".split()
)
"""What git reads of a git directory by these names."""
TREES = ("refs", "objects")
"""Folders of which git reads any file, at any depth."""
WORK_TREE = pattern(r'^\s*worktree\s*=\s*"?([^"\n]+?)"?\s*$', re.MULTILINE | re.IGNORECASE)
KEPT_BACK = pattern(rb"^[^#;\n]*\[[ \t]*(?:include|log\b)", re.IGNORECASE | re.MULTILINE)
"""Sections of settings that git must not see: they name other files (git-config, "Includes"), or stop it by a wrong value."""
FORMAT = pattern(
    rb"^\s*(repositoryformatversion|objectformat|partialclone)\s*=\s*([\w.-]{1,60})\s*$", re.IGNORECASE | re.MULTILINE
)
"""Settings without which git cannot read the objects (git-config, "extensions.*")."""


class GitPlace(Record):
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
    """The git directory that a `.git` file points to: that of a linked worktree or of a submodule, which knows of the folder.

    The former holds the way back in `gitdir`, the latter in its setting `core.worktree`. A file that points anywhere else, or
    to one without a way back, was made to lead into somebody else's repository.
    """
    first = read_first_line(dot_git)
    if not first.startswith("gitdir:"):
        return None
    target = (dot_git.parent / first.removeprefix("gitdir:").strip()).resolve()
    if target.parent.name == "worktrees":
        back = read_first_line(target / "gitdir")
        known = bool(back) and (target / back).resolve() == dot_git.resolve()
    elif any(target.is_relative_to(folder / ".git" / "modules") for folder in dot_git.resolve().parents):
        named = WORK_TREE.search(read_bytes(target / "config", SETTINGS_BYTES).decode("utf-8", "surrogateescape"))
        known = named is not None and (target / named[1]).resolve() == dot_git.parent.resolve()
    else:
        known = False
    return target if known and is_git_dir(target) else None


def common_dir(git_dir: Path) -> Path:
    """The directory with objects and refs: `git_dir` itself, or the one that a linked worktree names."""
    first = read_first_line(git_dir / "commondir")
    return (git_dir / first).resolve() if first else git_dir


def read_first_line(path: Path) -> str:
    """The first line of a small file, empty where it cannot be read."""
    first = read_bytes(path, 4096).partition(b"\n")[0]
    return "" if b"\0" in first else first.decode("utf-8", "surrogateescape").strip()  # no path can hold a NUL


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
    for name in ("alternates", "http-alternates"):
        if read_bytes(common / "objects/info" / name, 1):
            yield f"its objects are in another repository (objects/info/{name}); `git repack -a -d` brings them here"
    count = 0
    for name in TREES:
        for path, wrong in odd_entries(common / name):
            count += 1
            if wrong:
                yield f"{path.relative_to(common)} in its git directory is {wrong}"
            if len(path.relative_to(common).parts) > MOST_DEEP:
                yield f"its git directory holds more than {MOST_DEEP} folders in each other"
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


def keeps_back(place: GitPlace) -> bool:
    """Whether the settings hold something that git must not see."""
    names = ("config", "config.worktree")
    folders = (place.git_dir, place.common_dir)
    return any(KEPT_BACK.search(read_bytes(folder / name, SETTINGS_BYTES)) for folder in folders for name in names)


def without_settings(place: GitPlace, into: Path) -> GitPlace:
    """A git directory in the empty folder `into` with the branches of `place`, and settings that say its format only.

    Its objects and its index stay where they are. `place` must have been examined.
    """
    settings = ["[core]", "bare = false"]
    extensions = ["[extensions]"]
    for name, value in FORMAT.findall(read_bytes(place.common_dir / "config", SETTINGS_BYTES)):
        line = f"{name.decode()} = {value.decode()}"
        (settings if name.lower() == b"repositoryformatversion" else extensions).append(line)
    (into / "config").write_text("\n".join((*settings, *extensions)) + "\n", encoding="utf-8")
    for source in (place.common_dir, place.git_dir):
        for name in ("HEAD", "packed-refs", "shallow", "info/exclude"):
            if (source / name).is_file():
                (into / name).parent.mkdir(exist_ok=True)
                (into / name).write_bytes((source / name).read_bytes())
    shutil.copytree(place.common_dir / "refs", into / "refs", dirs_exist_ok=True)
    (into / "objects").mkdir()
    return GitPlace(place.work_tree, into, into)
