"""Sample groups, built as real git repositories with history, for `auditor demo` and for the tests.

A sample is a folder with `history.yaml` and `tree/`. The tree holds the files as they are handed in; a name that starts
with `dot_` stands for one that starts with a dot, so that a sample's `.gitignore` or `.github` means nothing to the
repository that the sample lies in. The history looks like this:

    title: Kiln
    description: one line
    people: {ada: Ada Lind <ada@example.org>}
    commits:                                   # oldest first
      - by: ada
        date: 2026-01-05T10:12:00+01:00
        message: Add the data module
        paths: [src/kiln/data.py, "configs/*"] # files of the tree, as they are at the end; `*` also matches slashes
        files: {README.md: "# kiln"}           # optional: earlier versions of files
        remove: [old.py]                       # optional: files that this commit deletes
        branch: data                           # optional: a branch, made from main where it is first named
      - {by: ada, date: ..., message: "Merge pull request #1 from ...", merge: data}

What no commit has named goes into the last one, so that its tree is `tree/`. Merged branches are gone at the end,
others stay. The same sample gives the same commit hashes on every machine.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml
from git.cmd import Git
from git.exc import GitCommandError, GitCommandNotFound

from auditor.errors import AuditError
from auditor.limits import DEFAULT
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.git import ENVIRONMENT, SETTINGS

MAIN = "main"
DOT = "dot_"
"""Prefix of a file or folder name in a sample's tree that stands for a leading dot."""

PERSON = pattern(r"([^<>\n]{1,80}) <([^<>\s]{1,80})>")

BRANCH = pattern(r"[a-z0-9]+([-/][a-z0-9]+)*")

BUILD_SETTINGS = (*SETTINGS, "core.autocrlf=false", "core.fileMode=false", "core.logAllRefUpdates=false", "gc.auto=0")

Files = dict[str, bytes]


class Step(Record):
    """One commit of a sample's history. `number` counts from 1; `branch` is where it stands, `merge` what it merges."""

    number: int
    person: str
    date: datetime
    message: str
    branch: str = MAIN
    merge: str | None = None
    paths: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()


class Sample(Record):
    """A sample group: where it lies, what it is, its history and its files at the end."""

    folder: Path
    title: str
    description: str
    steps: tuple[Step, ...]
    tree: Files

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


@dataclass(slots=True)
class Branch:
    """The state of a branch while the history is written: its last commit, its files, and those it started from."""

    tip: int | None
    files: Files
    start: Files


def samples_folder() -> Path:
    """The folder that holds the samples: within the installed package, else in the checkout. Raises AuditError."""
    package = Path(__file__).resolve().parent
    for folder in (package / "samples_data", package.parent / "fixtures" / "projects"):
        if folder.is_dir():
            return folder
    raise AuditError(f"no samples beside {package}: install the auditor again, or run it from a checkout")


def read_samples() -> list[Sample]:
    """All samples, by name. Raises AuditError where one is broken."""
    return [read_sample(path.parent) for path in sorted(samples_folder().glob("*/history.yaml"))]


def build_samples(folder: Path) -> list[Path]:
    """Build every sample as a git repository in `folder`; the repositories' paths, by name. Raises AuditError."""
    return [build_sample(sample, folder / sample.name) for sample in read_samples()]


def build_sample(sample: Sample, target: Path) -> Path:
    """Build `sample` as a git repository at `target`, a new or empty folder; returns it. Raises AuditError."""
    stream = import_stream(sample)
    target = target.absolute()
    try:
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise AuditError(f"{target}: is not empty; give a new folder")
    except OSError as error:
        raise AuditError(f"{target}: cannot be written: {error.strerror}") from None
    git = Git(str(target))
    git_dir = target / ".git"
    # Named one by one: the auditor may itself run inside a git hook, where the caller's repository stands in these.
    git.update_environment(
        **ENVIRONMENT,
        GIT_DIR=str(git_dir),
        GIT_COMMON_DIR=str(git_dir),
        GIT_WORK_TREE=str(target),
        GIT_INDEX_FILE=str(git_dir / "index"),
        GIT_OBJECT_DIRECTORY=str(git_dir / "objects"),
    )
    options = [word for setting in BUILD_SETTINGS for word in ("-c", setting)]
    with tempfile.TemporaryFile() as file:
        file.write(stream)
        file.seek(0)
        try:
            for words, source in (
                (("init", "--quiet", "--template=", "--object-format=sha1", "-b", MAIN), None),
                (("fast-import", "--quiet", "--date-format=raw"), file),
                (("reset", "--quiet", "--hard", MAIN), None),
            ):
                git.execute(["git", *options, *words], istream=source, kill_after_timeout=DEFAULT.git_seconds)
        except GitCommandNotFound:
            raise AuditError("git is not installed, or not on PATH: install git") from None
        except GitCommandError as error:
            said = str(error.stderr).strip().splitlines() or [f"exit status {error.status}"]
            raise AuditError(f"sample {sample.name}: git cannot build it: {said[-1]}") from None
    return target


def read_sample(folder: Path) -> Sample:
    """The sample in `folder`. Raises AuditError where its history or its tree is broken."""
    path = folder / "history.yaml"
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        raise AuditError(f"{path}: cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(document, dict) or not isinstance(document.get("people"), dict):
        raise AuditError(f"{path}: needs a mapping with title, description, people and commits")
    for name, person in document["people"].items():
        if not isinstance(person, str) or not PERSON.fullmatch(person):
            raise AuditError(f"{path}: people: {name} must be written as 'Name <address>'")
    commits = document.get("commits")
    if not isinstance(commits, list) or not commits:
        raise AuditError(f"{path}: has no commits")
    steps = tuple(read_step(path, number, entry, document["people"]) for number, entry in enumerate(commits, 1))
    title, description = document.get("title"), document.get("description")
    if not isinstance(title, str) or not isinstance(description, str) or "\n" in description.strip():
        raise AuditError(f"{path}: needs a title and a description of one line")
    return Sample(folder, title, description.strip(), steps, read_tree(folder / "tree"))


def read_step(path: Path, number: int, entry: object, people: dict[str, str]) -> Step:
    """One entry of `commits`. Raises AuditError where something is missing, unknown or of the wrong kind."""
    where = f"{path}: commit {number}"
    if not isinstance(entry, dict):
        raise AuditError(f"{where}: is not a mapping")
    allowed = {"by": str, "date": object, "message": str, "branch": str, "merge": str, "paths": list, "files": dict}
    allowed["remove"] = list
    for key, value in entry.items():
        if key not in allowed or not isinstance(value, allowed[key]):
            raise AuditError(f"{where}: {key}: is unknown or of the wrong kind")
    if entry.get("by") not in people:
        raise AuditError(f"{where}: by: must be one of {', '.join(people)}")
    if not str(entry.get("message", "")).strip():
        raise AuditError(f"{where}: has no message")
    try:
        date = datetime.fromisoformat(str(entry.get("date")))
    except ValueError:
        date = datetime.min
    if date.tzinfo is None:
        raise AuditError(f"{where}: date: must be a time with its zone, such as 2026-01-05T10:12:00+01:00")
    files: dict[Any, Any] = entry.get("files", {})
    if not all(isinstance(text, str) for pair in files.items() for text in pair):
        raise AuditError(f"{where}: files: must map paths to text")
    for name in files:
        check_path(where, name)
    if not BRANCH.fullmatch(entry.get("branch", MAIN)):
        raise AuditError(f"{where}: branch: {entry['branch']!r} can be no branch of a sample")
    if "merge" in entry and "branch" in entry:
        raise AuditError(f"{where}: a merge goes to {MAIN}: leave out branch")
    return Step(
        number,
        people[entry["by"]],
        date,
        entry["message"].strip() + "\n",
        entry.get("branch", MAIN),
        entry.get("merge"),
        tuple(map(str, entry.get("paths", ()))),
        dict(files),
        tuple(map(str, entry.get("remove", ()))),
    )


def check_path(where: str, path: str) -> None:
    """Raise AuditError where `path` can be no file of a repository, or none that git's import stream can name."""
    parts = path.split("/")
    if "\n" in path or path.startswith('"') or not {"", ".", "..", ".git"}.isdisjoint(parts):
        raise AuditError(f"{where}: {path!r} can be no file of a sample")


def read_tree(folder: Path) -> Files:
    """The files of a sample's tree under their real names. Raises AuditError."""
    files: Files = {}
    if not folder.is_dir():
        raise AuditError(f"{folder}: there is no such folder")
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if is_part(name))
        for name in filter(is_part, sorted(names)):
            path = Path(here, name)
            parts = path.relative_to(folder).parts
            real = "/".join("." + part.removeprefix(DOT) if part.startswith(DOT) else part for part in parts)
            check_path(str(folder), real)
            if path.is_symlink() or not path.is_file():
                raise AuditError(f"{path}: a sample holds regular files only")
            try:
                files[real] = path.read_bytes()
            except OSError as error:
                raise AuditError(f"{path}: cannot be read: {error.strerror}") from None
    if not files:
        raise AuditError(f"{folder}: is empty")
    return files


def is_part(name: str) -> bool:
    """Whether a name in a tree is the sample's own; caches are not (pip compiles the samples that it installs)."""
    return name != "__pycache__" and not name.startswith(".")


def import_stream(sample: Sample) -> bytes:
    """The history as a stream for `git fast-import` (git-fast-import documentation, "Input Format").

    One process writes all commits, and nothing but the stream decides their hashes. Raises AuditError where a commit
    names what does not exist or changes nothing.
    """
    branches = {MAIN: Branch(None, {}, {})}
    last = sample.steps[-1]
    if sample.steps[0].branch != MAIN or last.branch != MAIN:
        raise AuditError(f"{sample.folder / 'history.yaml'}: the first and the last commit must stand on {MAIN}")
    lines: list[bytes] = []
    for step in sample.steps:
        where = f"{sample.folder / 'history.yaml'}: commit {step.number}"
        branch = branches.get(step.branch)
        if branch is None:
            main = branches[MAIN]
            branch = branches[step.branch] = Branch(main.tip, dict(main.files), dict(main.files))
        before = dict(branch.files)
        merged: Branch | None = None
        if step.merge is not None:
            merged = branches.pop(step.merge, None) if step.merge != MAIN else None
            if merged is None:
                raise AuditError(f"{where}: merge: there is no open branch {step.merge}")
            carry_over(merged, branch.files)
        change(where, step, sample.tree, branch.files)
        if step is last:
            branch.files = dict(sample.tree)
        if branch.files == before and merged is None:
            raise AuditError(f"{where}: changes nothing")
        parents = [place.tip for place in (branch, merged) if place is not None and place.tip is not None]
        lines += commit_lines(step, parents, branch.files)
        branch.tip = step.number
    for name, branch in branches.items():
        lines += [b"reset refs/heads/%s" % name.encode(), b"from :%d" % branch.tip if branch.tip else b"", b""]
    return b"\n".join(lines) + b"\n"


def carry_over(merged: Branch, files: Files) -> None:
    """Apply to `files` what `merged` changed since it began, as a merge without conflicts does."""
    for path in merged.start.keys() - merged.files.keys():
        files.pop(path, None)
    for path, content in merged.files.items():
        if merged.start.get(path) != content:
            files[path] = content


def change(where: str, step: Step, tree: Files, files: Files) -> None:
    """Apply to `files` what `step` names. Raises AuditError where it names what does not exist."""
    for wanted in step.paths:
        found = [path for path in tree if fnmatchcase(path, wanted)]
        if not found:
            raise AuditError(f"{where}: paths: {wanted} matches no file of the tree")
        files.update((path, tree[path]) for path in found)
    for path in step.remove:
        if files.pop(path, None) is None:
            raise AuditError(f"{where}: remove: there is no {path}")
    files.update((path, text.encode()) for path, text in step.files.items())


def commit_lines(step: Step, parents: Iterable[int], files: Files) -> list[bytes]:
    """One commit of the stream with all its files."""
    zone = step.date.strftime("%z")[:5]
    stamp = f"{step.person} {int(step.date.timestamp())} {zone}".encode()
    message = step.message.encode()
    # Every commit is written to main with its parents named; where the branches point is said at the end.
    lines = [
        b"commit refs/heads/" + MAIN.encode(),
        b"mark :%d" % step.number,
        b"author " + stamp,
        b"committer " + stamp,
    ]
    lines += [b"data %d" % len(message), message]
    lines += [b"%s :%d" % (word, parent) for word, parent in zip((b"from", b"merge"), parents, strict=False)]
    lines.append(b"deleteall")
    for path, content in sorted(files.items()):
        lines += [b"M 100644 inline " + path.encode(), b"data %d" % len(content), content]
    return [*lines, b""]
