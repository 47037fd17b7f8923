"""Pre-commit hooks (pre-commit documentation, "Adding pre-commit plugins to your project")."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.evidence import Evidence
from auditor.facts.shell import Command, parse_commands
from auditor.facts.yaml_lines import read_yaml
from auditor.injection import fact
from auditor.snapshot import Snapshot

FILES = (".pre-commit-config.yaml", ".pre-commit-config.yml")
"""pre-commit reads the first from the repository's root; the second is a common slip that still shows what was meant."""


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook: its id, the repository it comes from (`local`, `meta` or an address), and what a local one runs."""

    path: str
    line: int
    id: str
    repository: str
    entry: str = ""
    stages: tuple[str, ...] = ()
    in_effect: bool = True
    """Whether pre-commit finds it: the file has its proper name, at the root of the repository or of a project in it."""

    @property
    def evidence(self) -> Evidence:
        """The hook's line."""
        return Evidence(self.path, self.line, f"hook {self.id}")

    @property
    def commands(self) -> tuple[Command, ...]:
        """What a local hook runs."""
        return parse_commands(self.entry, path=self.path, line=self.line)


@dataclass(frozen=True, slots=True)
class PreCommit:
    """The hooks of every configuration found, and configurations without any."""

    hooks: tuple[Hook, ...] = ()
    empty: tuple[Evidence, ...] = ()
    """Configurations that hold no valid hook: empty, commented out, or broken."""


@fact
def read_pre_commit(snapshot: Snapshot) -> PreCommit:
    """The hooks of the configurations at the root and in nested projects."""
    hooks: list[Hook] = []
    empty: list[Evidence] = []
    for path in snapshot.named(*FILES):
        found = hooks_of(snapshot, path)
        hooks += found
        if not found:
            empty.append(Evidence(path, None, "no hook in it"))
    return PreCommit(tuple(hooks), tuple(empty))


def hooks_of(snapshot: Snapshot, path: str) -> list[Hook]:
    """The valid hooks of one configuration: entries of `repos` that name a `repo` and hooks with an `id`."""
    file = read_yaml(snapshot, path)
    if file is None:
        return []
    found = []
    in_effect = path.endswith(".yaml") and not path.startswith(".github/")
    for repository in file.mapping.list_at("repos").maps():
        address = repository.get("repo")
        if not isinstance(address, str):
            continue
        for hook in repository.list_at("hooks").maps():
            name = hook.get("id")
            if isinstance(name, str) and name:
                stages = tuple(scalar.text for scalar in hook.scalars_at("stages"))
                entry = hook.text_of("entry") if "entry" in hook else ""
                found.append(Hook(path, hook.line_of("id"), name, address, entry, stages, in_effect))
    return found
