"""Pre-commit hooks (pre-commit documentation, "Adding pre-commit plugins to your project")."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.own_work.vendored import is_vendored
from auditor.facts.yaml_files import read_yaml
from auditor.formats.shell import Command, parse_commands
from auditor.injection import fact
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


class Hook(Record):
    """One hook: its id, the repository it comes from (`local`, `meta` or an address), and what a local one runs."""

    path: str
    line: int
    id: str
    repository: str
    entry: str = ""
    stages: tuple[str, ...] = ()
    in_effect: bool = True
    """Whether pre-commit runs it at commits or pushes: the file has its proper name, at the root of the repository or of a
    project in it, and the hook is not only for `pre-commit run --hook-stage manual`."""

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
    found = []
    folder = path.rpartition("/")[0]
    placed = not folder or any(f"{folder}/{name}" in snapshot for name in PROJECT_FILES)
    in_effect = path.endswith(".yaml") and placed
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
                automatic = in_effect and (not stages or set(stages) != {"manual"})
                found.append(Hook(path, hook.line_of("id"), name, address, entry, stages, automatic))
    return found
