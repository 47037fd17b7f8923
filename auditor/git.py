"""The only door to git: every command goes through here, hardened against what a repository's own configuration can do.

A repository's configuration can name programs that git runs (fsmonitor, filters, external diff, gpg, ssh, credential
helpers, transports of a lazy fetch). So: the git directory is found without git, every place that git would look for is
passed explicitly, only commands that never touch file content in the work tree are used (no status, no diff against
it), transports are refused, and the user's and system's settings are not read.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from subprocess import PIPE, Popen

from git.cmd import Git
from git.exc import GitCommandError, GitCommandNotFound

from auditor.errors import AuditError
from auditor.git_objects import ObjectReader, Stored
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
NOT_INSTALLED = "git is not installed, or not on PATH: install git, or audit with --no-git"


@dataclass(frozen=True, slots=True)
class GitPlace:
    """Where a repository lives: its work tree (None if bare), its git directory and the one shared by worktrees."""

    work_tree: Path | None
    git_dir: Path
    common_dir: Path


@dataclass(frozen=True, slots=True)
class Origin:
    """The remote `origin`: its address, empty where there is none, and the refspecs that are fetched from it."""

    url: str = ""
    fetched: tuple[str, ...] = ()


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
        self.objects = ObjectReader(self._start_reader, limits.git_seconds)

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
            raise AuditError(NOT_INSTALLED) from None
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

    @cached_property
    def refs(self) -> tuple[tuple[str, str], ...]:
        """(hash, full name) of every local and remote branch; none where git cannot tell them."""
        out = self.try_run("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/remotes") or ""
        return tuple((tip, ref) for tip, _, ref in (line.partition(" ") for line in out.splitlines()))

    @cached_property
    def origin(self) -> Origin:
        """The remote `origin`, as the repository's own settings have it."""
        out = self.try_run("config", "-z", "--get-regexp", r"^remote\.origin\.(url|fetch)$") or ""
        settings = [(key, value) for key, _, value in (record.partition("\n") for record in out.split("\0"))]
        urls = [value for key, value in settings if key == "remote.origin.url"]
        return Origin(urls[-1] if urls else "", tuple(value for key, value in settings if key == "remote.origin.fetch"))

    def commit(self, name: str) -> tuple[str, str] | None:
        """Hash and text of the commit that `name` stands for; None where it stands for none that is here."""
        found = self.objects.read(f"{name}^{{commit}}")
        if found is None or found.data is None:
            return None
        return found.name, found.data.decode("utf-8", "surrogateescape")

    def blob_size(self, name: str) -> int | None:
        """Size of a blob in bytes; None where it is not in the object store (partial clone).

        `name` is its hash, or `commit:path`.
        """
        found = self.objects.size(name)
        return found.size if found is not None and found.kind == "blob" else None

    def blob(self, name: str) -> bytes | None:
        """Content of a blob; None where it is not in the object store, or damaged there."""
        found = self.bounded_blob(name, sys.maxsize)
        return found and found.data

    def bounded_blob(self, name: str, at_most: int) -> Stored | None:
        """A blob, without its data where that is larger than `at_most` bytes; None as for `blob`."""
        found = self.objects.read(name, at_most)
        return found if found is not None and found.kind == "blob" else None

    def _start_reader(self, option: str) -> Popen[bytes]:
        try:
            helper = self._git.execute(
                ["git", *self._options, "cat-file", option], istream=PIPE, as_process=True, with_exceptions=False
            )
        except GitCommandNotFound:
            raise AuditError(NOT_INSTALLED) from None
        process, helper.proc = helper.proc, None  # the reader ends it
        if process is None:
            raise OSError("git's helper did not start")
        return process

    def close(self) -> None:
        """End git's helper processes."""
        self.objects.close()


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
