"""What runners reach by other names than those in their files: by none at all, by a tag, as a service of a Compose file.

Sources: GNU make manual, "Rules" (the first target); just manual, "Default recipe"; nox, "Specifying one or more sessions" and
"Configuration"; tox, "env_list"; doit, "Default tasks"; Docker, "docker compose run".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.facts.containers import Containers
from auditor.facts.project_commands.expansion import FIRST
from auditor.facts.project_commands.model import ProjectCommand
from auditor.facts.project_commands.python_tools import braced
from auditor.facts.python import PythonProject
from auditor.formats.ini_lines import parse_ini
from auditor.formats.shell import parse_commands
from auditor.formats.toml_lines import parse_toml
from auditor.repository.snapshot import Snapshot

RUN_FIRST = ("make", "just")
"""Runners that run what stands first in their file."""
MAX_NEEDS = 50


def behind(
    offered: Iterable[ProjectCommand], containers: Containers, snapshot: Snapshot, python: PythonProject
) -> Iterator[ProjectCommand]:
    """Commands under the names that their runners know beside their own."""
    offered = tuple(offered)
    yield from first_of_files(offered)
    yield from sessions(offered, python)
    yield from tox_lists(snapshot)
    tasks = [command.name for command in offered if command.kind == "doit"]
    if tasks:
        yield group("doit", FIRST, tasks, "dodo.py")
    yield from composed(containers)


def group(kind: str, name: str, needs: Iterable[str], path: str) -> ProjectCommand:
    """A name that stands for others."""
    return ProjectCommand(kind, name, path, 1, needs=tuple(dict.fromkeys(needs))[:MAX_NEEDS])


def first_of_files(offered: tuple[ProjectCommand, ...]) -> Iterator[ProjectCommand]:
    """What make and just run without a name; a target of the customary name counts as well, whatever stands first."""
    seen: set[tuple[str, str]] = set()
    for command in offered:
        mark = (command.kind, command.path)
        first = command.kind in RUN_FIRST and mark not in seen
        if first or (command.kind in RUN_FIRST and command.name in ("all", "default")):
            seen.add(mark)
            yield group(command.kind, FIRST, [command.name], command.path)
    tasks = [command for command in offered if command.kind == "task" and command.name == "default"]
    yield from (group("task", FIRST, [command.name], command.path) for command in tasks)


def sessions(offered: tuple[ProjectCommand, ...], python: PythonProject) -> Iterator[ProjectCommand]:
    """Sessions of nox by their tags, and those that run without a name."""
    found = [command for command in offered if command.kind == "nox"]
    for tag in dict.fromkeys(tag for command in found for tag in command.tags):
        yield group("nox", f"tag:{tag}", [c.name for c in found if tag in c.tags], found[0].path)
    if found:
        chosen = [
            value.string
            for assignment in python.assignments("nox.options.sessions", "options.sessions")
            for value in assignment.value.elements
            if value.string
        ]
        yield group("nox", FIRST, chosen or [c.name for c in found if c.by_default], found[0].path)


def tox_lists(snapshot: Snapshot) -> Iterator[ProjectCommand]:
    """The environments that tox runs without a name: those of its list, which may have no section of their own."""
    for path in snapshot.named("tox.ini", "setup.cfg"):
        for option in parse_ini(snapshot.text(path) or ""):
            if option.section in ("tox", "tox:tox") and option.name in ("env_list", "envlist"):
                yield group("tox", FIRST, [*listed(option.value), "tox"], path)
    for path in snapshot.named("pyproject.toml", "tox.toml"):
        try:
            document = parse_toml(snapshot.text(path) or "")
        except ValueError:
            continue  # whoever reads its commands notes it
        table = document if path.endswith("tox.toml") else document.get("tool", {})
        table = table.get("tox", {}) if table is not document and isinstance(table, dict) else table
        given = table.get("env_list") if isinstance(table, dict) else None
        if isinstance(given, list):
            yield group("tox", FIRST, [*(one for one in given if isinstance(one, str)), "tox"], path)


def listed(value: str) -> Iterator[str]:
    """The names in tox' list: parted by commas and lines, commas in braces aside."""
    depth = 0
    name = ""
    for character in f"{value[:2000]},":
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth <= 0 and (character.isspace() or character == ","):
            yield from braced(name)
            name = ""
        else:
            name += character


def composed(containers: Containers) -> Iterator[ProjectCommand]:
    """Services of Compose files with what they run: their own command, else what their image starts with."""
    names: list[str] = []
    for service in containers.services:
        image = containers.by_path.get(service.dockerfile or "")
        if service.command:
            commands = parse_commands(service.command, path=service.path, line=service.line)
        elif image is not None and image.entrypoint is not None:
            commands = parse_commands(image.entrypoint.shell, path=image.path, line=image.entrypoint.line)
        else:
            continue
        names.append(service.name)
        yield ProjectCommand("compose", service.name, service.path, service.line, commands)
    if names:
        yield group("compose", FIRST, names, containers.services[0].path)
