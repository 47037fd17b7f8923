"""Commands: what the project offers, what its documents tell the reader to type, and what containers run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import TypeVar

from auditor.facts.containers import Containers
from auditor.facts.documents.markdown import Docs
from auditor.facts.project_commands.documented import (
    documented_commands,
    may_be_notes,
    read_notes,
    read_plain_text,
    read_rst,
)
from auditor.facts.project_commands.expansion import expand
from auditor.facts.project_commands.image_builds import ImageBuild, container_runs, image_builds
from auditor.facts.project_commands.makefile import read_justfile, read_makefile
from auditor.facts.project_commands.model import CommandUse, ProjectCommand
from auditor.facts.project_commands.notebooks import notebook_commands
from auditor.facts.project_commands.other_names import behind
from auditor.facts.project_commands.other_runners import (
    is_playbook,
    read_package_json,
    read_playbook,
    read_taskfile,
    read_vscode_tasks,
)
from auditor.facts.project_commands.python_tasks import python_tasks
from auditor.facts.project_commands.python_tools import read_setup_cfg, read_toml_commands, read_tox
from auditor.facts.project_commands.started import StartedCommand, StartedCommands
from auditor.facts.python import PythonProject
from auditor.formats.shell import Command, parse_commands
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.file_by_file import each_file, first_line
from auditor.repository.snapshot import Snapshot

__all__ = [
    "CommandUse",
    "Commands",
    "ImageBuild",
    "ProjectCommand",
    "StartedCommand",
    "StartedCommands",
    "container_runs",
    "image_builds",
]

T = TypeVar("T")

SCRIPT_FOLDERS = frozenset({"scripts", "script", "bin", "hooks", "ci", "tools", "dev", "tasks", "run"})
MAX_FILES = 300
"""Files of one kind that are read."""
MAX_NOTES = 50

READERS: tuple[tuple[tuple[str, ...], Callable[[str, str], Iterator[ProjectCommand]]], ...] = (
    (("makefile", "gnumakefile", "*.mk"), read_makefile),
    (("justfile", ".justfile", "*.just"), read_justfile),
    (
        ("pyproject.toml", "pixi.toml", "hatch.toml", "tox.toml", "mise.toml", ".mise.toml", "pipfile"),
        read_toml_commands,
    ),
    (("setup.cfg",), read_setup_cfg),
    (("tox.ini",), read_tox),
    (("package.json",), read_package_json),
    (("taskfile.yml", "taskfile.yaml", "taskfile.dist.yml", "taskfile.dist.yaml"), read_taskfile),
)


class Commands(Record, dict=True):
    """Every command that the repository holds in a file made for it, with where it comes from."""

    project: tuple[ProjectCommand, ...]
    documented: tuple[CommandUse, ...]
    containers: tuple[CommandUse, ...]
    """RUN steps and entry points of Dockerfiles, and Cloud Build steps."""
    behind: tuple[ProjectCommand, ...] = ()
    """What runners reach by other names: a Makefile's first target, sessions by their tags, services of Compose files."""
    notebooks: tuple[CommandUse, ...] = ()
    """What cells hand to a shell, and magics."""

    started: StartedCommands = StartedCommands()
    """What Python code starts, dead code included."""

    @cached_property
    def uses(self) -> tuple[CommandUse, ...]:
        """All shell commands; of those that Python code starts, the live ones."""
        offered = [CommandUse(p.kind, p.name, command) for p in self.project for command in p.commands]
        known = {id(use.command) for use in offered}
        code = (
            CommandUse("code", one.call.path, one.command)
            for one in self.started.all
            if one.live and not one.call.only_tests and id(one.command) not in known
        )
        return (*offered, *self.containers, *code, *self.notebooks, *self.documented)

    def running(self, *names: str) -> list[CommandUse]:
        """The commands that run one of `names`: `pytest`, `docker build`, ..."""
        return [use for use in self.uses if use.command.runs(*names)]

    def named(self, kind: str, name: str) -> list[ProjectCommand]:
        """What the project offers under a name."""
        return self._by_name.get((kind, name), [])

    def expand(self, command: Command, folder: str = "") -> tuple[Command, ...]:
        """`command` and all that it runs in turn through the project's own commands (`make test`, `bash x.sh`, ...).

        `folder` is the one that it is given in, where that is known.
        """
        return expand(command, self.named, folder)

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[ProjectCommand]]:
        found: dict[tuple[str, str], list[ProjectCommand]] = {}
        for command in (*self.project, *self.behind):
            found.setdefault((command.kind, command.name), []).append(command)
        return found


@fact
def commands(
    snapshot: Snapshot, docs: Docs, containers: Containers, python: PythonProject, started: StartedCommands
) -> Commands:
    """Every command of the repository, workflows aside."""
    offered = (*project_commands(snapshot), *python_tasks(python.files, started))
    return Commands(
        offered,
        tuple(document_commands(snapshot, docs)),
        tuple(container_commands(containers)),
        tuple(behind(offered, containers, snapshot, python)),
        tuple(
            use
            for path in snapshot.named("*.ipynb")[:MAX_FILES]
            for use in read_with(snapshot, path, notebook_commands)
        ),
        started,
    )


def project_commands(snapshot: Snapshot) -> Iterator[ProjectCommand]:
    """The commands that files other than Python's offer."""
    for patterns, reader in READERS:
        for path in snapshot.named(*patterns)[:MAX_FILES]:
            yield from read_with(snapshot, path, reader)
    for path in snapshot.paths:
        if path.endswith(".vscode/tasks.json"):
            yield from read_with(snapshot, path, read_vscode_tasks)
    for path in snapshot.named("*.yml", "*.yaml"):
        if is_playbook(path):
            yield from read_with(snapshot, path, read_playbook)
    for path in shell_scripts(snapshot):
        yield from read_with(snapshot, path, read_shell_script)


def read_with(snapshot: Snapshot, path: str, reader: Callable[[str, str], Iterable[T]]) -> Iterator[T]:
    """What `reader` finds in a file; nothing, with a problem noted, where it is not what its name says."""

    def read(snapshot: Snapshot, path: str) -> list[T]:
        text = snapshot.text(path)
        try:
            return list(reader(path, text)) if text else []
        except ValueError as error:
            snapshot.note_unread(path, error)
            return []

    return each_file(snapshot, [path], read)


def read_shell_script(path: str, text: str) -> Iterator[ProjectCommand]:
    """A shell script as one command, named by its path."""
    yield ProjectCommand("shell", path, path, 1, parse_commands(text, path=path))


def shell_scripts(snapshot: Snapshot) -> list[str]:
    """Shell scripts: by their ending, or at the root and in a folder of scripts by their first line."""
    found = list(snapshot.named("*.sh", "*.bash", "*.zsh", "*.ps1", "*.bat"))
    for path in snapshot.paths:
        *folders, name = path.split("/")
        if "." not in name and (not folders or folders[-1].lstrip(".") in SCRIPT_FOLDERS):
            first = first_line(snapshot, path)
            if first.startswith("#!") and "sh" in first:
                found.append(path)
    return found[:MAX_FILES]


def document_commands(snapshot: Snapshot, docs: Docs) -> Iterator[CommandUse]:
    """The commands in Markdown, reStructuredText and plain text READMEs."""
    for document in docs.documents:
        yield from documented_commands(document)
    for path in docs.rst_paths[:MAX_FILES]:
        yield from read_with(snapshot, path, read_rst)
    readmes = snapshot.named("readme", "readme.txt", "install.txt", "usage.txt")
    for path in readmes[:MAX_FILES]:
        yield from read_with(snapshot, path, read_plain_text)
    notes = (path for path in snapshot.named("*.txt") if path not in readmes and may_be_notes(path))
    for path in islice(notes, MAX_NOTES):
        yield from read_with(snapshot, path, read_notes)


def container_commands(containers: Containers) -> Iterator[CommandUse]:
    """What Dockerfiles run at build and at start, what services of Compose files run, and what Cloud Build's steps run."""
    for dockerfile in containers.dockerfiles:
        for step in dockerfile.own_steps:
            if step.name == "RUN":
                for command in parse_commands(step.shell, path=dockerfile.path, line=step.line):
                    yield CommandUse("container", dockerfile.path, command)
        entry = dockerfile.entrypoint
        if entry is not None:
            for command in parse_commands(entry.shell, path=dockerfile.path, line=entry.line):
                yield CommandUse("container", dockerfile.path, command)
    for service in containers.services:
        for command in parse_commands(service.command, path=service.path, line=service.line):
            yield CommandUse("container", service.path, command)
    for build in containers.cloud_builds:
        for cloud_step in build.steps:
            for command in cloud_step.commands:
                yield CommandUse("cloudbuild", build.path, command)
