"""Pre-commit hooks (pre-commit documentation, "Adding pre-commit plugins to your project")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.evidence import Place, seen
from auditor.facts.own_work.vendored import is_vendored
from auditor.facts.yaml_files import read_yaml
from auditor.formats.shell import Command, parse_commands
from auditor.formats.yaml_lines import YamlMap
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

FILES = (".pre-commit-config.yaml", ".pre-commit-config.yml")
"""pre-commit reads the first from the repository's root; the second is a common slip that still shows what was meant."""
PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "environment.yml")
"""What makes a folder a project of its own, in which a configuration may be meant by `pre-commit run --config`."""
WITHOUT_REVISION = ("local", "meta")
SCRIPT_FOLDERS = frozenset({".githooks", "githooks", "git-hooks", ".git-hooks", ".husky", "hooks", ".hooks"})
OTHER_MANAGERS = ("lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml", "prek.toml")
"""Files of other managers of git hooks (Lefthook, prek)."""
MAX_FILES = 50
MAX_FILTERS = 100
"""Hooks of a file whose filters are held against all files."""
NOTHING = frozenset({"^$", "$^", "(?!)", "^\\b$", "a^", "$.", "^$^"})
EVERYTHING = frozenset({"", ".*", "^.*$", ".", "^", "^.*", ".*$", ".+", "^.+$"})
"""Regular expressions that no path matches, and such that every path does."""
PLAIN = pattern(r"(?P<start>\^?)(?P<text>(?:[\w/ -]|\\[./_-])+)(?P<end>\$?)")
"""A regular expression that is plain text, at the start or end of a path or anywhere."""


class Hook(Record):
    """One hook: its id, the repository it comes from (`local`, `meta` or an address), and what a local one runs."""

    path: str
    line: int
    id: str
    repository: str
    entry: str = ""
    stages: tuple[str, ...] = ()
    why: str = ""
    """Why pre-commit never runs it at commits or pushes, whatever is committed; empty where it does."""

    @property
    def in_effect(self) -> bool:
        """Whether pre-commit runs it at commits or pushes."""
        return not self.why

    @property
    def evidence(self) -> Place:
        """The hook's line."""
        return seen(self.path, self.line, f"hook {self.id}")

    @property
    def commands(self) -> tuple[Command, ...]:
        """What a local hook runs."""
        return parse_commands(self.entry, path=self.path, line=self.line)


class PreCommit(Record):
    """The hooks of every configuration found, and configurations without any."""

    hooks: tuple[Hook, ...] = ()
    empty: tuple[Place, ...] = ()
    """Configurations that hold no valid hook: empty, commented out, or broken."""
    scripts: tuple[Place, ...] = ()
    """Hooks by git's own means (githooks documentation), or by another manager of hooks."""


@fact
def read_pre_commit(snapshot: Snapshot) -> PreCommit:
    """The hooks of the configurations at the root and in nested projects."""
    hooks: list[Hook] = []
    empty: list[Place] = []
    for path in snapshot.named(*FILES)[:MAX_FILES]:
        if is_vendored(path):
            continue
        found = list(each_file(snapshot, [path], hooks_of))
        hooks += found
        if not found:
            empty.append(seen(path, None, "no hook in it"))
    return PreCommit(tuple(hooks), tuple(empty), tuple(other_hooks(snapshot)))


def other_hooks(snapshot: Snapshot) -> Iterator[Place]:
    """Scripts that git runs before a commit or push, and settings of other managers of hooks."""
    named = snapshot.named("pre-commit", "pre-push")
    scripts = [p for p in named if SCRIPT_FOLDERS.intersection(p.split("/")[-2:-1]) and not is_vendored(p)]
    yield from each_file(snapshot, scripts, script_of_git)
    managers = (path for path in snapshot.named(*OTHER_MANAGERS) if not is_vendored(path))
    yield from each_file(snapshot, managers, settings_of_manager)


def script_of_git(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """The first command of a script that git runs."""
    commands = parse_commands(snapshot.text(path) or "", path=path)
    yield from (command.evidence for command in commands[:1])


def settings_of_manager(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """The first line of a manager's settings that says something."""
    lines = enumerate(snapshot.lines(path), start=1)
    line = next((n for n, text in lines if text.strip() and text.strip()[0] != "#"), None)
    if line is not None:
        yield seen(path, line, "git hooks by another manager")


def hooks_of(snapshot: Snapshot, path: str) -> list[Hook]:
    """The valid hooks of one configuration: entries of `repos` that name a `repo`, its `rev`, and hooks with an `id`."""
    file = read_yaml(snapshot, path)
    if file is None:
        return []
    found: list[Hook] = []
    folder = path.rpartition("/")[0]
    why = ""
    if not path.endswith(".yaml"):
        why = "pre-commit reads .pre-commit-config.yaml, by this name only"
    elif folder and not any(f"{folder}/{name}" in snapshot for name in PROJECT_FILES):
        why = f"{folder} is no project of its own: pre-commit reads the file at the repository's root"
    why = why or matches_nothing(file.mapping, snapshot.paths)
    for repository in file.mapping.list_at("repos").maps():
        address = repository.get("repo")
        if not isinstance(address, str) or not (
            address in WITHOUT_REVISION or "rev" in repository or "sha" in repository
        ):
            continue
        for hook in repository.list_at("hooks").maps():
            name = hook.get("id")
            if isinstance(name, str) and name:
                stages = tuple(scalar.text for scalar in hook.scalars_at("stages"))
                entry = hook.text_of("entry") if "entry" in hook else ""
                only = "it is for the manual stage only" if stages and set(stages) == {"manual"} else ""
                held = len(found) < MAX_FILTERS
                reason = why or only or (matches_nothing(hook, snapshot.paths) if held else "")
                found.append(Hook(path, hook.line_of("id"), name, address, entry, stages, reason))
    return found


def matches_nothing(settings: YamlMap, paths: Iterable[str]) -> str:
    """Why no file passes the filters `files` and `exclude` of a hook or configuration; empty where one may.

    They are regular expressions of strangers, so only those are understood that are plain text or match nothing, or everything.
    """
    files, exclude = settings.text_of("files"), settings.text_of("exclude")
    if "exclude" in settings and exclude in EVERYTHING:
        return f"it excludes every file (exclude: {exclude or repr(exclude)})"
    if files in NOTHING:
        return f"it takes no file (files: {files})"
    plain = PLAIN.fullmatch(files)
    if plain is None or not files:
        return ""
    text = re.sub(r"\\(.)", r"\1", plain["text"])
    start, end = bool(plain["start"]), bool(plain["end"])
    for path in paths:
        if (path.startswith(text) if start else path.endswith(text) if end else text in path) and (
            not end or path.endswith(text)
        ):
            return ""
    return f"no file passes its filter (files: {files})"
