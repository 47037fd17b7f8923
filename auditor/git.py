"""The only door to git: every command goes through here, hardened against what a repository's own configuration can do.

A repository's configuration can name programs that git runs (fsmonitor, filters, external diff, gpg, ssh, credential
helpers, transports of a lazy fetch). So: the git directory is found without git, every place that git would look for is
passed explicitly, only commands that never touch file content in the work tree are used (no status, no diff against
it), transports are refused, and the user's and system's settings are not read.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from git.cmd import Git
from git.exc import GitCommandError, GitCommandNotFound

from auditor.errors import AuditError
from auditor.limits import Limits

SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.alternateRefsCommand=",
    "core.sshCommand=false",
    "core.pager=cat",
    "core.quotePath=false",
    "core.precomposeUnicode=false",
    "credential.helper=",
    "diff.external=",
    "gpg.program=false",
    "gpg.openpgp.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "log.mailmap=false",  # it would be read from the work tree, whatever lies there under its name
    "log.showSignature=false",
    "mailmap.file=",
    "protocol.allow=never",
    "submodule.recurse=false",
)
ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "0",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_PAGER": "cat",
    "GIT_TRACE": "0",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
    "GIT_NAMESPACE": "",
    "GIT_EXTERNAL_DIFF": "",
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
}


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
    """The git directory that a `.git` file (worktree, submodule) points to."""
    first = read_first_line(dot_git)
    if not first.startswith("gitdir:"):
        return None
    target = (dot_git.parent / first.removeprefix("gitdir:").strip()).resolve()
    return target if is_git_dir(target) else None


def common_dir(git_dir: Path) -> Path:
    """The directory with objects and refs: `git_dir` itself, or the one that a linked worktree names."""
    first = read_first_line(git_dir / "commondir")
    return (git_dir / first).resolve() if first else git_dir


def read_first_line(path: Path) -> str:
    """The first line of a small file, empty where it cannot be read."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return file.readline(4096).decode("utf-8", "replace").strip()
    except OSError:
        return ""


class GitDoor:
    """Runs read-only git commands in one repository."""

    def __init__(self, place: GitPlace, limits: Limits) -> None:
        self.place = place
        self.limits = limits
        self._git = Git(str(place.work_tree or place.git_dir))
        self._git.update_environment(
            **ENVIRONMENT,
            GIT_DIR=str(place.git_dir),
            GIT_COMMON_DIR=str(place.common_dir),
            GIT_INDEX_FILE=str(place.git_dir / "index"),
            GIT_OBJECT_DIRECTORY=str(place.common_dir / "objects"),
            GIT_WORK_TREE=str(place.work_tree or place.git_dir),
        )
        self._options = [word for setting in SETTINGS for word in ("-c", setting)]
        self._git.set_persistent_git_options(c=list(SETTINGS))

    def run(self, *words: str) -> str:
        """Standard output of `git WORDS`, undecodable bytes kept as surrogates.

        Raises AuditError where git is not installed, and GitCommandError where the command fails or takes too long.
        """
        try:
            out: bytes = self._git.execute(
                ["git", *self._options, *words],
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                kill_after_timeout=None
                if sys.platform == "win32"
                else self.limits.git_seconds,  # GitPython has none there
            )
        except GitCommandNotFound:
            raise AuditError("git is not installed, or not on PATH: install git, or audit with --no-git") from None
        return out.decode("utf-8", "surrogateescape")

    def try_run(self, *words: str) -> str | None:
        """As `run`, None where the command fails."""
        try:
            return self.run(*words)
        except GitCommandError:
            return None

    @property
    def shallow(self) -> bool:
        """Whether history was cut off when cloning (gitrepository-layout: `shallow`)."""
        return (self.place.common_dir / "shallow").is_file()

    def blob_size(self, name: str) -> int | None:
        """Size of a blob in bytes; None where it is not in the object store (partial clone).

        `name` is its hash, or `commit:path`.
        """
        header = self._ask(name, with_data=False)
        return header and header[0]

    def blob(self, name: str) -> bytes | None:
        """Content of a blob; None where it is not in the object store, or damaged there."""
        found = self._ask(name, with_data=True)
        return found and found[1]

    def _ask(self, name: str, *, with_data: bool) -> tuple[int, bytes] | None:
        """Size and content of a blob from git's long-running helper, which is started anew where it had died."""
        if "\n" in name or "\0" in name:
            return None
        for _ in range(2):
            try:
                with self._watched():
                    if not with_data:
                        _, kind, size = self._git.get_object_header(name)
                        return (int(size), b"") if kind in ("blob", b"blob") else None
                    _, kind, size, data = self._git.get_object_data(name)
                if len(data) == size:
                    return (int(size), bytes(data)) if kind in ("blob", b"blob") else None
            except (ValueError, GitCommandError, OSError) as error:
                if "could not be resolved" in str(error):  # git's answer for an object that it does not have
                    return None
            self._git.clear_cache()
        return None

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """End git's helper processes where they take too long, so that a read from them comes back."""
        watch = threading.Timer(self.limits.git_seconds, self._kill_helpers)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _kill_helpers(self) -> None:
        for helper in (self._git.cat_file_all, self._git.cat_file_header):
            if helper is not None and helper.proc is not None:
                helper.proc.kill()

    def close(self) -> None:
        """End git's helper processes."""
        self._git.clear_cache()


def parse_raw_time(text: str) -> datetime | None:
    """A time as git stores it, `1767225600 +0100` (git-log, `--date=raw`); None where it is no time that can be told.

    A zone that no clock has is read as UTC: the moment is right all the same.
    """
    seconds, _, zone = text.strip().partition(" ")
    try:
        offset = timedelta(hours=int(zone[-4:-2]), minutes=int(zone[-2:])) * (-1 if zone.startswith("-") else 1)
        place = timezone(offset)
    except ValueError:
        place = UTC
    try:
        return datetime.fromtimestamp(int(seconds), place)
    except (ValueError, OverflowError, OSError):
        return None
