"""Files that could not be read or parsed: what they hold is not known, so nothing that might stand in them is called absent.

A claim says in the catalogue what kinds of files its evidence is read from (`read_in`); an unreadable file of another kind changes
nothing for it, nor does one that is somebody else's, the template's, or a template itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from auditor.evidence import NOT_KNOWN, Trace, half, seen
from auditor.facts.configs import Configs
from auditor.facts.configs.files import config_kind
from auditor.facts.containers import Containers
from auditor.facts.data_versioning import DataVersioning
from auditor.facts.dependencies import Dependencies
from auditor.facts.dependencies.generated import is_generated
from auditor.facts.own_work.template import Template
from auditor.facts.own_work.vendored import is_vendored
from auditor.facts.pre_commit import PreCommit
from auditor.facts.python import PythonProject
from auditor.facts.python.model import Role
from auditor.facts.workflows import Workflows
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.snapshot import Snapshot, plain_name

MOST = 3
"""Places that are shown: one would do to ask a question."""
NOT_PARSED = f"it cannot be parsed, {NOT_KNOWN}"
NOT_READ = f"it could not be read, {NOT_KNOWN}"

NAMED: Mapping[str, tuple[str, ...]] = {
    "workflows": (
        "*.github/workflows/*.yml", "*.github/workflows/*.yaml", ".github/actions/*.yml", ".github/actions/*.yaml",
        ".gitlab-ci.yml", "azure-pipelines.yml", "azure-pipelines.yaml", ".circleci/config.yml",
    ),
    "containers": ("*dockerfile*", "*containerfile*", "*compose*.yml", "*compose*.yaml", "devcontainer.json"),
    "data_versioning": ("*.dvc/config", "dvc.yaml", "dvc.lock", "*.dvc"),
    "hooks": (".pre-commit-config.yaml", ".pre-commit-config.yml"),
    "cloud": ("*cloudbuild*.yml", "*cloudbuild*.yaml", "*.tf", "*vertex*.yaml", "*vertex*.yml"),
    "dependencies": ("pyproject.toml", "setup.cfg", "pipfile", "*requirements*.txt", "*environment*.yml", "*environment*.yaml"),
    "documentation": ("mkdocs.yml", "mkdocs.yaml"),
    "settings": ("pyproject.toml", "setup.cfg", "tox.ini", "pixi.toml", "ruff.toml", ".coveragerc"),
}  # fmt: skip
"""Kinds of files by the patterns of their names, or of their paths where a folder is named. `*` spans folders."""
PYTHON = {"python": (Role.OWN, Role.NOTEBOOK), "tests": (Role.TEST,)}
"""Kinds of Python files by their part in the project."""
CONFIGURATION = "configuration"
"""Whatever may be a configuration file of the project's own."""
KINDS = frozenset({*NAMED, *PYTHON, CONFIGURATION})


class Unread(Record):
    """Places of files that could not be read, by the kinds of the files."""

    files: Mapping[str, tuple[Trace, ...]]

    def of(self, kinds: Iterable[str]) -> tuple[Trace, ...]:
        """The first files of these kinds that could not be read, each counting by half: what they hold is not known."""
        return tuple(dict.fromkeys(trace for kind in kinds for trace in self.files.get(kind, ())))[:MOST]


@fact
def unread_files(
    snapshot: Snapshot,
    project: PythonProject,
    template: Template,
    workflows: Workflows,
    configs: Configs,
    containers: Containers,
    data: DataVersioning,
    dependencies: Dependencies,
    hooks: PreCommit,
) -> Unread:
    """The files that gave nothing. The facts are asked for so that every reader has read: each notes what it could not."""
    del workflows, configs, containers, data, dependencies, hooks
    found: dict[str, list[Trace]] = {}
    for kind, roles in PYTHON.items():
        for file in project.of(*roles):
            if file.problem and not is_template(file.path) and not template.is_stub(file.path):
                found.setdefault(kind, []).append(unread(file.path, file.problem_line, file.problem))
    noted = {problem.path: problem for problem in reversed(snapshot.problems) if problem.unread}
    for path in snapshot.paths:
        kinds = kinds_of(path)
        if not kinds or is_vendored(path) or is_generated(path) or is_template(path):
            continue
        if path in noted:
            trace = unread(path, noted[path].line, noted[path].message)
        elif snapshot.text(path) is None:
            trace = unread(path, None, "no text")
        else:
            continue
        for kind in kinds:
            found.setdefault(kind, []).append(trace)
    return Unread({kind: tuple(traces) for kind, traces in found.items()})


def unread(path: str, line: int | None, message: str) -> Trace:
    """A file that is not read, as something that may hold what is looked for."""
    return half(seen(path, line, message), NOT_READ if line is None else NOT_PARSED)


def kinds_of(path: str) -> tuple[str, ...]:
    """The kinds of a file that is no Python, by its path."""
    name = plain_name(path)
    found = [
        kind
        for kind, patterns in NAMED.items()
        if any(fnmatchcase(path.lower() if "/" in pattern else name, pattern) for pattern in patterns)
    ]
    plain = not {"workflows", "hooks", "data_versioning", "documentation"}.intersection(found)
    return (*found, CONFIGURATION) if plain and config_kind(path) else tuple(found)


def is_template(path: str) -> bool:
    """Whether a file is there for others to be made of: what stands in it for the rest to be filled in does not parse."""
    folders = path.lower().split("/")[:-1]
    return "{{" in path or not {"template", "templates"}.isdisjoint(folders)
