"""The files of one repository at one moment: a work tree, any commit read from the object store, or a plain folder.

Later stages see paths relative to the repository's root, with forward slashes, and ask for bytes or text. They never
see the disk. What could not be read is collected in `Snapshot.problems`, one line each.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from fnmatch import translate
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pathspec
from git.exc import GitCommandError

from auditor.errors import AuditError
from auditor.limits import DEFAULT, Limits
from auditor.records import dataclass
from auditor.repository.git import GitDoor, parse_raw_time
from auditor.repository.git_directory import find_repository
from auditor.repository.git_objects import files_by_depth

PROJECT_MARKS = (
    "pyproject.toml",
    "requirements.txt",
    "setup.py",
    "environment.yml",
    "environment.yaml",
    "uv.lock",
    "README.md",
    "reports/README.md",
    "report/README.md",
)
"""What makes a folder within a repository a project of its own; any other folder stands for the whole repository."""

LFS_HEADER = b"version https://git-lfs.github.com/spec/"
"""First bytes of a Git LFS pointer file (Git LFS Specification, "The Pointer")."""

MOST_LINKS = 40
"""Links that lead to each other (path_resolution(7): as many as Linux follows)."""
LISTING_SECONDS = 15.0
"""Time for listing untracked files."""
IGNORE_BYTES = 1_000_000
"""A longer ignore file is none that anybody wrote."""
MOST_FOLDERS = 20_000
"""Folders of a work tree in which ignore files are looked for."""

MOST_ASKED = 200
"""Files of which attributes are asked for at a time."""
MOST_DIFFERENCES = 1_000
"""Uncommitted files that are listed."""

NEVER_LISTED = frozenset(
    {".git", "__pycache__", "node_modules", ".venv", "venv", ".tox", ".mypy_cache", ".ruff_cache", "__MACOSX"}
)
"""Folders that may lie around without being tracked by git and that no hand-in consists of."""


LISTED = 6
"""Files that are listed, as a multiple of those that are read: which ones these are is decided when all are known."""

SHARED_DEPTH = 12
"""Folders within folders to which a share of the files is given."""
ONLY = "of every folder a share, in all only"

WILD = re.compile(r"[*?\[]")
"""What means something else than itself in a shell-style pattern."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not read, and why."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the snapshot. `sha` is its blob in git, where known; `on_disk` whether the work tree has it."""

    path: str
    on_disk: bool
    sha: str | None = None
    link: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """When the snapshot was taken: the commit (None without git), its time, whether the work tree differs from it."""

    commit: str | None = None
    committed_at: datetime | None = None
    dirty: bool = False
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is not in the work tree as it is in the last commit: `new`, `changed` or `deleted`."""

    path: str
    kind: str


class Snapshot:
    """The files of one repository at one moment. Made by `open_snapshot`; reads are bounded and remembered."""

    def __init__(
        self,
        root: Path,
        entries: Iterable[Entry],
        moment: Moment,
        *,
        git: GitDoor | None,
        limits: Limits,
        problems: Iterable[Problem] = (),
        focus: str = "",
    ) -> None:
        self.root = root
        self.moment = moment
        self.git = git
        self.limits = limits
        self.focus = focus
        """The subfolder that was asked for, relative to the root; empty for the whole repository."""
        self.problems: dict[Problem, None] = dict.fromkeys(problems)
        self._entries = {entry.path: entry for entry in entries}
        self._bytes: dict[str, bytes | None] = {}
        self._text: dict[str, str | None] = {}
        self._links: dict[str, str | None] = {}
        self._read_bytes = 0
        self._kept = 0
        self._counted: set[str] = set()

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file, sorted; links included, submodules not."""
        return tuple(sorted(self._entries))

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, at any depth; the root itself as the empty string."""
        found = {""}
        for path in self._entries:
            folder = path.rpartition("/")[0]
            while folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def exists(self, path: str) -> bool:
        """Whether `path` is a file or folder of the snapshot."""
        path = normalise(path)
        return path in self._entries or path in self.folders

    def find(self, *patterns: str) -> tuple[str, ...]:
        """Files whose path matches one of the gitignore-style `patterns` (`*.dockerfile`, `/Makefile`, `docs/**`)."""
        spec = pathspec.PathSpec.from_lines("gitignore", patterns)
        return tuple(path for path in self.paths if spec.match_file(path))

    def named(self, *patterns: str) -> tuple[str, ...]:
        """Files whose name, in lower case, matches one of the shell-style `patterns`, at any depth."""
        matches = one_of(patterns)
        return tuple(path for name, path in self._names if matches(name))

    @cached_property
    def _names(self) -> tuple[tuple[str, str], ...]:
        return tuple((path.rpartition("/")[2].lower(), path) for path in self.paths)

    def note(self, path: str, message: str) -> None:
        """Remember that `path` was not read, or not wholly."""
        self.problems[Problem(path, message)] = None

    def read(self, path: str) -> bytes | None:
        """Content of a file; None, with a problem noted, where it cannot be had. Links within are followed."""
        if path not in self._bytes:
            data = self._read(path)
            self._bytes[path] = data
            self._keep(len(data or b""))
            return data
        return self._bytes[path]

    def text(self, path: str) -> str | None:
        """Content of a file as text; None, with a problem noted, where it is none. Line ends are made line feeds."""
        if path not in self._text:
            data = self.read(path)
            text = None if data is None else self._decode(path, data)
            self._text[path] = text
            if text is not None:
                replaced = self._bytes.pop(path, None)  # the text takes its place
                self._keep(sys.getsizeof(text) - len(replaced or b""))
            return text
        return self._text[path]

    def _left(self) -> int:
        """Bytes that a file may have that was not read before."""
        return min(self.limits.file_bytes, self.limits.total_bytes - self._read_bytes)

    def _keep(self, size: int) -> None:
        """Count `size` more bytes of content that is kept; what came first makes room where that is too much."""
        self._kept += size
        for kept in (self._bytes, self._text):
            for path in list(kept) if self._kept > self.limits.kept_bytes else ():
                content = kept[path]
                if content is not None:
                    self._kept -= sys.getsizeof(content) if isinstance(content, str) else len(content)
                    del kept[path]
                if self._kept <= self.limits.kept_bytes:
                    break

    def lines(self, path: str) -> list[str]:
        """Lines of a text file, empty where it cannot be read."""
        text = self.text(path)
        return text.split("\n") if text else []

    def _decode(self, path: str, data: bytes) -> str | None:
        if data.startswith(LFS_HEADER):
            self.note(path, "Git LFS pointer: the content is not in the repository")
            return None
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16", "replace")
        elif b"\0" in data[:8192]:
            self.note(path, "not text (contains NUL bytes)")
            return None
        else:
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                self.note(path, "not UTF-8: read as Windows-1252")
                text = data.decode("cp1252", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _read(self, path: str) -> bytes | None:
        entry = self._entries.get(path)
        if entry is None:
            return None
        if entry.link:
            target = self._link_target(entry)
            if target is None:
                return None
            return self.read(target)
        data = self._read_disk(entry) if entry.on_disk else self._read_blob(entry)
        if data is not None and path not in self._counted:
            self._counted.add(path)
            self._read_bytes += len(data)
        return data

    def _too_large(self, path: str, size: int) -> bool:
        if size > self.limits.file_bytes:
            self.note(path, f"not read: {size:,} bytes, more than {self.limits.file_bytes:,}")
            return True
        if path not in self._counted and self._read_bytes + size > self.limits.total_bytes:
            self.note(path, f"not read: {self.limits.total_bytes:,} bytes were read before it")
            return True
        return False

    def _read_blob(self, entry: Entry) -> bytes | None:
        if self.git is None or entry.sha is None:
            return None
        found = self.git.bounded_blob(
            entry.sha, self.limits.file_bytes if entry.path in self._counted else self._left()
        )
        if found is not None:
            return None if self._too_large(entry.path, found.size) else found.data
        if self.git.blob_size(entry.sha) is None:
            self.note(entry.path, "not in this clone (its content was left out of a partial clone)")
        else:
            self.note(entry.path, "could not be read from git")
        return None

    def _read_disk(self, entry: Entry) -> bytes | None:
        try:
            with open_inside(self.root, entry.path) as file:
                size = os.fstat(file.fileno()).st_size
                if self._too_large(entry.path, size):
                    return None
                data = file.read(self.limits.file_bytes + 1)
        except OSError as error:
            self.note(entry.path, f"could not be read: {error.strerror or error}")
            return None
        if len(data) > self.limits.file_bytes:
            self.note(entry.path, f"not read: more than {self.limits.file_bytes:,} bytes")
            return None
        return data

    def _link_target(self, entry: Entry) -> str | None:
        path = entry.path
        seen = {path}
        while True:
            raw = self._raw_link(entry)
            if raw is None:
                self.note(path, "symbolic link could not be read")
                return None
            target = normalise(str(PurePosixPath(entry.path).parent / raw))
            if raw.startswith("/") or target.startswith("../") or target == "..":
                self.note(path, "symbolic link out of the repository: not followed")
                return None
            following = self._entries.get(target)
            if following is None or target in seen or len(seen) > MOST_LINKS:
                self.note(path, "symbolic link to a folder, to itself, or to nothing: not followed")
                return None
            if not following.link:
                return target
            seen.add(target)
            entry = following

    def _raw_link(self, entry: Entry) -> str | None:
        if entry.path not in self._links:
            self._links[entry.path] = self._read_link(entry)
        return self._links[entry.path]

    def _read_link(self, entry: Entry) -> str | None:
        if entry.on_disk:
            try:
                return os.readlink(self.root / entry.path)  # noqa: PTH115
            except OSError:
                return None
        data = self._read_blob(entry)
        return None if data is None else data.decode("utf-8", "surrogateescape")

    def blob_name(self, path: str) -> str | None:
        """Name that git gives to a file's content, also where this clone lacks the content; None without any."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        if not entry.on_disk and not entry.link:
            return entry.sha
        data = self.read(path)
        return None if data is None else blob_hash(data)

    @cached_property
    def uncommitted(self) -> tuple[Difference, ...]:
        """How the work tree differs from the last commit, by path; nothing for a commit or a plain folder."""
        if self.git is None or self.moment.commit is None or not self.moment.dirty:
            return ()
        before = committed(self.git, self.moment.commit, self.limits)
        if before is None:
            return ()
        if self.focus:
            before = {path: sha for path, sha in before.items() if path.startswith(self.focus + "/")}
        found = [Difference(path, "deleted") for path in before if path not in self._entries]
        for path, entry in self._entries.items():
            if entry.sha is None or path not in before:
                if not self.focus or path.startswith(self.focus + "/"):
                    found.append(Difference(path, "new"))
            elif entry.sha != before[path] or differs(self.git, self.root, entry, self.limits):
                found.append(Difference(path, "changed"))
            if len(found) >= MOST_DIFFERENCES:
                break
        unstaged = [
            one.path for one in found if one.kind == "changed" and self._entries[one.path].sha == before[one.path]
        ]
        filtered = converted(self.git, unstaged)
        return tuple(sorted((one for one in found if one.path not in filtered), key=lambda one: one.path))

    def holds(self, commit: str, path: str) -> bool:
        """Whether the content that a file has at another commit stands here, under whatever name."""
        found = None if self.git is None else self.git.objects.size(f"{commit}:{path}")
        return found is not None and found.name in self._blobs

    @cached_property
    def _blobs(self) -> frozenset[str]:
        return frozenset(entry.sha for entry in self._entries.values() if entry.sha is not None)

    def kept_size(self, path: str) -> int | None:
        """Bytes that git keeps of a file, of one in Git LFS those of its pointer; None where it keeps none."""
        entry = self._entries.get(path)
        if self.git is None or entry is None or entry.sha is None:
            return None
        return self.git.blob_size(entry.sha)

    def size(self, path: str) -> int | None:
        """Bytes of a file, of a link those of its target's name; None where that cannot be told."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        if entry.on_disk:
            try:
                return os.lstat(self.root / path).st_size
            except (OSError, ValueError):
                return None
        return self.kept_size(path)

    def text_at(self, commit: str, path: str) -> str | None:
        """Content of a text file at another commit of the history; None where it was not there or cannot be had."""
        if self.git is None:
            return None
        found = self.git.bounded_blob(f"{commit}:{path}", self.limits.file_bytes)
        if found is None or found.data is None or b"\0" in found.data:
            return None
        return found.data.decode("utf-8", "replace").replace("\r\n", "\n")

    def within(self, folders: Iterable[str]) -> Snapshot:
        """The same moment without the files outside of `folders`, those right in the root and in its hidden folders aside.

        What such files say of the repository as a whole (workflows, DVC, settings) belongs to every part of it.
        """
        inside = tuple(f"{folder}/" for folder in folders if folder)
        entries = (e for path, e in self._entries.items() if "/" not in path or path.startswith((*inside, ".")))
        kept = Snapshot(
            self.root, entries, self.moment, git=self.git, limits=self.limits, problems=self.problems, focus=self.focus
        )
        if len(kept.paths) < len(self.paths):
            left_out = len(self.paths) - len(kept.paths)
            kept.note(".", f"{left_out} files outside of {', '.join(folders)} were left out, as the settings say")
        return kept

    def close(self) -> None:
        """End git's helper processes."""
        if self.git is not None:
            self.git.close()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@lru_cache(maxsize=512)
def one_of(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a name matches one of the shell-style `patterns` as a whole.

    Most of them are a plain name, an ending or a beginning: only the others are worth a regular expression.
    """
    plain: set[str] = set()
    starts: list[str] = []
    ends: list[str] = []
    others: list[str] = []
    for pattern in patterns:
        if not WILD.search(pattern):
            plain.add(pattern)
        elif pattern[0] == "*" and not WILD.search(pattern, 1):
            ends.append(pattern[1:])
        elif pattern[-1] == "*" and not WILD.search(pattern[:-1]):
            starts.append(pattern[:-1])
        else:
            others.append(pattern)
    beginnings, endings = tuple(starts), tuple(ends)
    rest = re.compile("|".join(map(translate, others))).match if others else None

    def matches(name: str) -> bool:
        if name in plain or name.endswith(endings) or name.startswith(beginnings):
            return True
        return rest is not None and rest(name) is not None

    return matches


def holds_project(entries: Iterable[str], focus: str) -> bool:
    """Whether a folder holds a project, and is not just a part of one (`src`, `reports`).

    A README alone is no project where it is the report itself, in `reports/`.
    """
    names = {path[len(focus) + 1 :] for path in entries if path.startswith(focus + "/")}
    marks = PROJECT_MARKS if focus.rpartition("/")[2] not in ("reports", "report", "docs") else PROJECT_MARKS[:-3]
    return not names or any(mark in names for mark in marks)


def normalise(path: str) -> str:
    """`path` without `.`, doubled slashes and `a/..`; leading `..` are kept."""
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


@contextmanager
def open_inside(root: Path, path: str) -> Iterator[BinaryIO]:
    """Open the regular file `path` below `root`, following no link on the way.

    Each folder is opened relative to the one before it, so that a link swapped in during the audit leads nowhere; a
    FIFO or device is refused before it can block. Raises OSError.
    """
    *folders, name = path.split("/")
    if ".." in (*folders, name):
        raise OSError(None, "a path that leads out of the repository")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if os.open not in os.supports_dir_fd:  # Windows
        descriptor = os.open(root / path, flags)
    else:
        here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
                os.close(here)
                here = inner
            descriptor = os.open(name, flags, dir_fd=here)
        finally:
            os.close(here)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(None, "not a regular file")
        yield file


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
    except GitCommandError as error:
        git.close()
        raise AuditError(f"{path}: git cannot read this repository: {last_line(error)}") from None
    except BaseException:
        git.close()
        raise


def last_line(error: GitCommandError) -> str:
    """What git said last, in one line."""
    text = error.stderr if isinstance(error.stderr, str) else ""
    lines = [line.strip(" '") for line in text.splitlines() if line.strip(" '")]
    return lines[-1].removeprefix("stderr: ").strip("' ") if lines else f"exit status {error.status}"


def plain_folder(root: Path, limits: Limits) -> Snapshot:
    """The files of a folder without git, left-over environments and caches aside."""
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    most = limits.files * LISTED
    for folder, folders, names in os.walk(root, onerror=None, followlinks=False):
        folders[:] = sorted(f for f in folders if f not in NEVER_LISTED)
        here = Path(folder)
        links = [f for f in folders if os.path.islink(here / f)]  # noqa: PTH114 (raises nothing)
        for name in (*sorted(names), *links)[: most - len(entries)]:
            full = here / name
            path = full.relative_to(root).as_posix()
            try:
                link = full.is_symlink()
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


def work_tree(git: GitDoor, root: Path, head: str, focus: str, limits: Limits) -> Snapshot:
    """The files as they lie in the work tree: tracked ones, and untracked ones that are not ignored.

    A file that git keeps out of a sparse work tree is read from the object store. So is everything where the index is
    empty though the commit is not: what an interrupted checkout leaves behind.
    """
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    staged: dict[str, str] = {}
    dirty = False
    records, all_staged = git.records("ls-files", "-z", "-t", "--stage", most=limits.files * LISTED)
    if not all_staged:
        problems.append(Problem(".", f"more than {limits.files * LISTED:,} tracked files: the others were left out"))
    for record in records:
        head_part, _, path = record.partition("\t")
        tag, mode, sha, stage = head_part.split(" ")
        if mode == "160000":
            problems.append(Problem(path, "submodule: its files are not part of this repository"))
            continue
        staged[path] = sha
        dirty = dirty or stage != "0"
        if tag == "S" and not (root / path).exists():
            entries[path] = Entry(path, on_disk=False, sha=sha, link=mode == "120000")
    if not staged and git.records("ls-tree", "-z", head, most=1)[0]:
        snapshot = at_commit(git, root, head, focus, limits)
        snapshot.note(".", "the index is empty (an interrupted checkout): the files were read from the last commit")
        return snapshot
    untracked = []
    for path in others(git, problems):
        if path.endswith("/"):
            problems.append(Problem(path, "a git repository of its own: its files are not part of this one"))
        elif NEVER_LISTED.isdisjoint(path.split("/")):
            untracked.append(path)
    dirty = dirty or bool(untracked)
    for path in (*staged, *untracked):
        if path in entries:
            continue
        try:
            mode_bits = os.lstat(root / path).st_mode
        except (OSError, ValueError):
            dirty = True
            continue
        if stat.S_ISLNK(mode_bits) or stat.S_ISREG(mode_bits):
            entries[path] = Entry(path, on_disk=True, sha=staged.get(path), link=stat.S_ISLNK(mode_bits))
        else:
            dirty = True
            problems.append(Problem(path, "not a regular file: not read"))
    dirty = dirty or committed(git, head, limits) not in (None, staged)
    if not dirty:
        changed = list(islice((e.path for e in entries.values() if differs(git, root, e, limits)), MOST_ASKED))
        dirty = not converted(git, changed).issuperset(changed)
    moment = Moment(head, commit_time(git, head), dirty, current_branch(git))
    return bounded(root, entries, moment, git, limits, problems, focus)


def others(git: GitDoor, problems: list[Problem]) -> list[str]:
    """Files in the work tree that git neither tracks nor ignores; none, with a problem, where they cannot be listed."""
    odd = odd_ignore_file(git.place.work_tree)
    if odd:
        problems.append(Problem(odd, "no ignore file that can be read: only tracked files were read"))
        return []
    try:
        return fields(git.run("ls-files", "-z", "--others", "--exclude-standard", seconds=LISTING_SECONDS))
    except GitCommandError:
        problems.append(Problem(".", "untracked files could not be listed: only tracked ones were read"))
        return []


def odd_ignore_file(root: Path | None) -> str:
    """An ignore file at which git would wait for ever, or which it would read whole; empty where there is none."""
    for number, (folder, folders, names) in enumerate(os.walk(root) if root else ()):
        folders[:] = [name for name in folders if name not in NEVER_LISTED]
        if number > MOST_FOLDERS:
            break
        if ".gitignore" in names:
            path = Path(folder, ".gitignore")
            try:
                found = os.lstat(path)
            except OSError:
                continue
            regular = stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode)  # git follows no link there
            if not regular or found.st_size > IGNORE_BYTES:
                return path.relative_to(root).as_posix() if root else ""
    return ""


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
    moment = Moment(commit, commit_time(git, commit), dirty=False, branch=current_branch(git))
    return bounded(root, entries, moment, git, limits, problems, focus)


def bounded(
    root: Path,
    entries: dict[str, Entry],
    moment: Moment,
    git: GitDoor,
    limits: Limits,
    problems: list[Problem],
    focus: str,
) -> Snapshot:
    """The snapshot of `entries` within the limits; with a focus, of the focused folder and the settings at the root.

    Raises AuditError where the focused folder is only lying around in the repository: its history is not the folder's.
    """
    if focus:
        if not any(entry.sha is not None and path.startswith(focus + "/") for path, entry in entries.items()):
            raise AuditError(
                f"{root / focus}: the repository {root} tracks no file in this folder;"
                " to read the folder as it lies there, without history, add --no-git"
            )
        if not holds_project(entries, focus):
            focus = ""
    if focus:
        entries = {p: e for p, e in entries.items() if p.startswith((focus + "/", "."))}
    unsafe = [p for p in entries if p.startswith("/") or ".." in p.split("/") or "\\" in p]
    for path in unsafe:
        problems.append(Problem(path, "a path that leads out of the repository: not read"))
        del entries[path]
    if len(entries) > limits.files:
        problems.append(Problem(".", f"{len(entries):,} files: {ONLY} {limits.files:,} were read"))
        tracked = fair_share([p for p, entry in entries.items() if entry.sha is not None], limits.files)
        others = [p for p, entry in entries.items() if entry.sha is None]
        entries = {p: entries[p] for p in (*tracked, *fair_share(others, limits.files - len(tracked)))}
    return Snapshot(root, entries.values(), moment, git=git, limits=limits, problems=problems, focus=focus)


def fair_share(paths: Iterable[str], most: int) -> list[str]:
    """At most `most` of the paths, sorted: every folder's own files and folders are given the same number of places.

    Thousands of files lie in folders of data, and must not crowd out the code for standing before it in the alphabet.
    """
    left = sorted(paths)
    if len(left) <= most:
        return left
    found: list[str] = []
    waiting = [("", left, most)]
    while waiting:
        folder, inside, places = waiting.pop()
        if len(inside) <= places or folder.count("/") >= SHARED_DEPTH:
            found += inside[:places]
            continue
        groups: dict[str, list[str]] = {}
        for path in inside:
            name, slash, _ = path[len(folder) :].partition("/")
            groups.setdefault(f"{folder}{name}/" if slash else folder, []).append(path)
        for number, (group, files) in enumerate(sorted(groups.items(), key=lambda item: (len(item[1]), item[0]))):
            share = min(len(files), places // (len(groups) - number))
            places -= share
            if group == folder:
                found += files[:share]
            elif share:
                waiting.append((group, files, share))
    return sorted(found)


def fields(text: str) -> list[str]:
    """Records that end in NUL."""
    return [record for record in text.split("\0") if record]


def tree(git: GitDoor, commit: str, limits: Limits) -> tuple[list[tuple[str, str, str]], bool]:
    """(mode, blob, path) of the files of a commit, LISTED times as many as are read at most, and whether these are all."""
    rows = []
    records, whole = git.records("ls-tree", "-r", "-z", "--full-tree", commit, most=limits.files * LISTED)
    for record in records:
        head, _, path = record.partition("\t")
        mode, _, sha = head.split(" ")
        rows.append((mode, sha, path))
    return rows, whole


def committed(git: GitDoor, head: str, limits: Limits) -> dict[str, str] | None:
    """Blob of every file of a commit, submodules left out; None where they are too many to tell."""
    rows, whole = tree(git, head, limits)
    return {path: sha for mode, sha, path in rows if mode != "160000"} if whole else None


def converted(git: GitDoor, paths: list[str]) -> frozenset[str]:
    """Those of `paths` that git keeps otherwise than they lie in the work tree (gitattributes(5): filters, ident, encodings).

    Only git could tell whether they were changed, by running what the repository names. The attributes are read from the index.
    """
    words = ("check-attr", "--cached", "-z", "filter", "ident", "working-tree-encoding", "--")
    found: list[str] = []
    for start in range(0, len(paths), MOST_ASKED):
        found += fields(git.try_run(*words, *paths[start : start + MOST_ASKED]) or "")
    return frozenset(
        path for path, value in zip(found[::3], found[2::3], strict=False) if value not in ("unspecified", "unset")
    )


def differs(git: GitDoor, root: Path, entry: Entry, limits: Limits) -> bool:
    """Whether a tracked file in the work tree is another than the committed one.

    git itself is not asked: comparing content would run the clean filters that a repository configures. Line ends that
    git may have changed at checkout are no difference, nor is what Git LFS put in the place of its pointer; a file over
    a megabyte is taken as equal.
    """
    if not entry.on_disk or entry.sha is None or len(entry.sha) != 40:  # SHA-256 repositories: unknown
        return False
    try:
        if entry.link:
            data = os.fsencode(os.readlink(root / entry.path))  # noqa: PTH115 (a Path would tidy the target up)
        else:
            with open_inside(root, entry.path) as file:
                if os.fstat(file.fileno()).st_size > min(1_000_000, limits.file_bytes):
                    return False
                data = file.read()
    except OSError:
        return False
    if entry.sha == blob_hash(data) or (b"\r\n" in data and entry.sha == blob_hash(data.replace(b"\r\n", b"\n"))):
        return False
    if (git.blob_size(entry.sha) or 1_000) >= 1_000:  # a pointer is shorter, by its specification
        return True
    stored = git.blob(entry.sha) or b""
    return not (stored.startswith(LFS_HEADER) and hashlib.sha256(data).hexdigest().encode() in stored)


def blob_hash(data: bytes) -> str:
    """The name that git gives to a blob (gitformat-loose: SHA-1 of a header and the content)."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def commit_time(git: GitDoor, commit: str) -> datetime | None:
    """Committer time of a commit, read from the commit itself: its parents may be missing from this clone."""
    _, text = git.commit(commit) or ("", "")
    for line in text.split("\n"):
        if line.startswith("committer "):
            return parse_raw_time(line.rpartition("> ")[2])
        if not line:
            break
    return None


def current_branch(git: GitDoor) -> str | None:
    """Name of the branch that HEAD is on; None where it is detached."""
    name = git.try_run("symbolic-ref", "--quiet", "--short", "HEAD")
    return name.strip() if name else None


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


def parse_moment(text: str) -> datetime | None:
    """A date (its last second) or a time, in this machine's zone where it names none; None where it is neither."""
    if len(text) < 10 or text[4:5] != "-":
        return None
    try:
        moment = datetime.fromisoformat(text)
        if len(text) == 10:
            moment += timedelta(days=1, seconds=-1)
        return moment.astimezone()
    except (ValueError, OverflowError, OSError):
        return None
