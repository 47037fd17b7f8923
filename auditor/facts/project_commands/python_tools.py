"""Commands in `pyproject.toml`, `pixi.toml`, `hatch.toml`, `tox.toml`, `mise.toml`, `Pipfile`, `setup.cfg` and `tox.ini`.

Sources: PyPA "Entry points specification"; the documentation of Poetry (scripts), PDM (user scripts), Poe the Poet
(tasks), Hatch (environment scripts), taskipy, Pixi (tasks) and tox (configuration).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

from auditor.facts.project_commands.model import ProjectCommand
from auditor.formats.ini_lines import parse_ini
from auditor.formats.shell import Command, parse_commands
from auditor.formats.toml_lines import TomlPath, parse_toml, toml_lines
from auditor.patterns import pattern
from auditor.records import Record

MAX_COMMANDS = 500
MAX_TABLES = 50
"""Environments or features of one tool that are read."""
SUBSTITUTION = pattern(r"\{\[testenv(?::([\w.-]+))?\]commands\}")
CONDITION = pattern(r"^!?[A-Za-z0-9_{},.!-]+:\s+(?=\S)")
"""Factors of tox before a line, for which alone it is meant: `py312: pytest`."""


class TomlCommands(Record):
    """One TOML document on the way to its commands."""

    path: str
    document: dict[str, Any]
    lines: dict[TomlPath, int]

    def table(self, *keys: str) -> dict[str, Any]:
        """The table at `keys`; an empty one where there is none."""
        value: Any = self.document
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def entry_points(self, *keys: str) -> Iterator[ProjectCommand]:
        """`name = "module:function"`."""
        for name, value in self.table(*keys).items():
            if isinstance(value, dict):
                value = value.get("callable") or value.get("reference")
            if isinstance(value, str) and value.strip():
                yield ProjectCommand("script", name, self.path, self.line(*keys, name), target=value.strip())

    def tasks(self, kind: str, *keys: str) -> Iterator[ProjectCommand]:
        """`name = "shell text"`, a list, or a table with `cmd`, `shell`, ..."""
        for name, value in self.table(*keys).items():
            if name.startswith("_") and kind in ("pdm", "poe") and isinstance(value, dict) and not value.get("cmd"):
                continue
            line = self.line(*keys, name)
            texts, needs, target = task(value, kind)
            if kind == "hatch":  # a script may begin with the name of another one
                needs = [*needs, *(text.split(None, 1)[0] for text in texts if text.strip())]
            commands = tuple(c for text in texts for c in parse_commands(text, path=self.path, line=line))
            yield ProjectCommand(kind, name, self.path, line, commands, tuple(needs), target)

    def line(self, *keys: str) -> int:
        """Line of a key; of the nearest table around it where it has none."""
        for n in range(len(keys), 0, -1):
            if keys[:n] in self.lines:
                return self.lines[keys[:n]]
        return 1


def task(value: Any, kind: str) -> tuple[list[str], list[str], str]:
    """Shell texts, names of other tasks, and the Python function of one task."""
    if isinstance(value, str):
        return [value], [], ""
    if isinstance(value, list):
        strings = [item for item in value if isinstance(item, str)]
        inner = [task(item, kind) for item in value if isinstance(item, dict)][:50]
        texts = [text for found in inner for text in found[0]]
        return ([], [*strings], "") if kind == "poe" else ([*strings, *texts], [], "")
    if not isinstance(value, dict):
        return [], [], ""
    texts = []
    for key in ("cmd", "shell", "command", "script", "run", "chain"):
        given = value.get(key)
        if isinstance(given, str) and not (key == "script" and kind == "poe"):
            texts.append(given)
        elif isinstance(given, list):
            texts.append(shlex.join(word for word in given if isinstance(word, str)))
    needs: list[str] = []
    for key in ("composite", "sequence", "ref", "deps", "depends-on", "depends_on"):
        given = value.get(key)
        for item in given if isinstance(given, list) else [given]:
            if isinstance(item, dict):
                item = item.get("task") or item.get("ref") or item.get("cmd")
            if isinstance(item, str):
                needs.append(item)
    target = value.get("call") or (value.get("script") if kind == "poe" else "")
    return texts, needs, target if isinstance(target, str) else ""


def read_toml_commands(path: str, text: str) -> Iterator[ProjectCommand]:
    """The commands of a tool's TOML file. Raises ValueError where it is not valid TOML."""
    toml = TomlCommands(path, parse_toml(text), toml_lines(text))
    name = path.rpartition("/")[2].lower()
    if name == "pixi.toml":
        yield from pixi_tasks(toml)
    elif name == "hatch.toml":
        yield from hatch_scripts(toml, "envs")
    elif name == "tox.toml":
        yield from tox_toml(toml)
    elif name in ("mise.toml", ".mise.toml"):
        yield from toml.tasks("mise", "tasks")
    elif name == "pipfile":
        yield from toml.tasks("pipenv", "scripts")
    else:
        yield from read_pyproject(toml)


def read_pyproject(toml: TomlCommands) -> Iterator[ProjectCommand]:
    """The commands of a `pyproject.toml`."""
    for keys in (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts")):
        yield from toml.entry_points(*keys)
    yield from toml.tasks("pdm", "tool", "pdm", "scripts")
    yield from toml.tasks("poe", "tool", "poe", "tasks")
    yield from toml.tasks("taskipy", "tool", "taskipy", "tasks")
    yield from toml.tasks("rye", "tool", "rye", "scripts")
    yield from pixi_tasks(toml, "tool", "pixi")
    yield from hatch_scripts(toml, "tool", "hatch", "envs")
    yield from tox_toml(toml, "tool", "tox")
    legacy = toml.table("tool", "tox").get("legacy_tox_ini")
    if isinstance(legacy, str):
        yield from read_tox(toml.path, legacy, toml.line("tool", "tox", "legacy_tox_ini"))


def pixi_tasks(toml: TomlCommands, *above: str) -> Iterator[ProjectCommand]:
    """Tasks of a workspace: for all, for one platform, and those of its features."""
    yield from toml.tasks("pixi", *above, "tasks")
    for part in ("feature", "target"):
        for name in list(toml.table(*above, part))[:MAX_TABLES]:
            yield from toml.tasks("pixi", *above, part, name, "tasks")
            for platform in list(toml.table(*above, part, name, "target"))[:MAX_TABLES]:
                yield from toml.tasks("pixi", *above, part, name, "target", platform, "tasks")


def hatch_scripts(toml: TomlCommands, *above: str) -> Iterator[ProjectCommand]:
    """Scripts of Hatch's environments."""
    for environment in list(toml.table(*above))[:MAX_TABLES]:
        yield from toml.tasks("hatch", *above, environment, "scripts")


def tox_toml(toml: TomlCommands, *above: str) -> Iterator[ProjectCommand]:
    """Environments of tox 4 in TOML: lists of words."""
    environments: dict[tuple[str, ...], str] = {(*above, "env_run_base"): "tox"}
    environments.update({(*above, "env", name): name for name in list(toml.table(*above, "env"))[:MAX_TABLES]})
    for keys, name in environments.items():
        table = toml.table(*keys)
        given = table.get("commands")
        if not isinstance(given, list):
            continue
        line = toml.line(*keys, "commands")
        found: list[Command] = []
        for words in given:
            if isinstance(words, list):
                text = shlex.join(word for word in words if isinstance(word, str))
                found += parse_commands(text, path=toml.path, line=line)
        yield ProjectCommand("tox", name, toml.path, line, tuple(found))


def read_tox(path: str, text: str, first_line: int = 1) -> Iterator[ProjectCommand]:
    """The environments of a `tox.ini` (or `[testenv]` in `setup.cfg`)."""
    for option in parse_ini(text):
        section = option.section
        if option.name not in ("commands", "commands_pre") or not section.startswith("testenv"):
            continue
        found: list[Command] = []
        needs: list[str] = []
        joined = ""
        for number, row in option.rows:
            joined += row.removesuffix("\\")
            if row.endswith("\\") and len(joined) < 5_000:
                continue
            text_of_command = CONDITION.sub("", joined.strip()).removeprefix("-").strip()
            needs += [match[1] or "tox" for match in SUBSTITUTION.finditer(text_of_command)]
            found += parse_commands(text_of_command, path=path, line=number + first_line - 1)
            joined = ""
        for name in braced(section.partition(":")[2].strip()) or ["tox"]:
            yield ProjectCommand("tox", name, path, option.line + first_line - 1, tuple(found), tuple(needs))


def braced(names: str) -> list[str]:
    """Names of environments with their alternatives written out: `py{311,312}-lint` (tox, "Generative environments")."""
    found = [""]
    for fixed, choice in re.findall(r"([^{},\s]*)(?:\{([^{}]*)\})?", names[:300]):
        choices = [one.strip() for one in choice.split(",")] if choice else [""]
        found = [f"{before}{fixed}{one}" for before in found for one in choices][:MAX_TABLES]
    return [name for name in found if name]


def read_setup_cfg(path: str, text: str) -> Iterator[ProjectCommand]:
    """Console scripts and tox environments in `setup.cfg`."""
    for option in parse_ini(text):
        if option.section == "options.entry_points" and option.name in ("console_scripts", "gui_scripts"):
            for number, row in option.rows[:MAX_COMMANDS]:
                name, equals, target = row.partition("=")
                if equals:
                    yield ProjectCommand("script", name.strip(), path, number, target=target.strip())
    yield from read_tox(path, text)
