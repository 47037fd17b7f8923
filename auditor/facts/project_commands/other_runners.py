"""Commands in `package.json`, `Taskfile.yml`, `.vscode/tasks.json` and Ansible's playbooks.

Sources: npm "scripts"; Task "Taskfile schema"; Visual Studio Code "Schema for tasks.json"; Ansible, "command" and
"shell" modules.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

from auditor.facts.project_commands.model import ProjectCommand
from auditor.formats.shell import Command, parse_commands
from auditor.formats.yaml_lines import YamlMap, parse_yaml
from auditor.patterns import pattern

PLAYBOOK = pattern(r"(^|/)(ansible|playbooks?|roles)/.*\.ya?ml$|(^|/)(playbook|site)[^/]*\.ya?ml$|ansible[^/]*\.ya?ml$")
SHELL_TASK = pattern(r"\s*(?:-\s+)?(?:ansible\.builtin\.)?(?:command|shell|cmd):\s+(?![|>{\[])(\S.*)$")
MOST_LINES = 2_000


def read_package_json(path: str, text: str) -> Iterator[ProjectCommand]:
    """The scripts of a `package.json`. Raises ValueError where it is not JSON."""
    scripts = parse_json(text).get("scripts")
    for name, command in scripts.items() if isinstance(scripts, dict) else ():
        if isinstance(command, str):
            line = line_with(text, json.dumps(name), after='"scripts"')
            yield ProjectCommand("npm", name, path, line, parse_commands(command, path=path, line=line))


def read_vscode_tasks(path: str, text: str) -> Iterator[ProjectCommand]:
    """The tasks of a `tasks.json`, which may hold comments. Raises ValueError where it is not JSON."""
    plain = "\n".join("" if line.lstrip().startswith("//") else line for line in text.split("\n"))
    tasks = parse_json(plain).get("tasks")
    for task in tasks if isinstance(tasks, list) else ():
        if not isinstance(task, dict):
            continue
        name, command, arguments = task.get("label") or task.get("taskName"), task.get("command"), task.get("args")
        if not isinstance(name, str) or not isinstance(command, str):
            continue
        words = [word for word in arguments if isinstance(word, str)] if isinstance(arguments, list) else []
        line = line_with(text, json.dumps(name), after='"tasks"')
        whole = f"{command} {shlex.join(words)}" if words else command
        yield ProjectCommand("vscode", name, path, line, parse_commands(whole, path=path, line=line))


def parse_json(text: str) -> dict[str, Any]:
    """The JSON object in `text`; an empty one where it is another value. Raises ValueError."""
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    return document if isinstance(document, dict) else {}


def line_with(text: str, needle: str, after: str) -> int:
    """The line of `needle` behind `after`."""
    start = max(text.find(after), 0)
    return text.count("\n", 0, max(text.find(needle, start + len(after)), start)) + 1


def is_playbook(path: str) -> bool:
    """Whether a YAML file is Ansible's by where it lies or what it is called."""
    return PLAYBOOK.search(path.lower()) is not None


def read_playbook(path: str, text: str) -> Iterator[ProjectCommand]:
    """What the tasks of a playbook or role hand to a shell, as one command named by the path."""
    commands: list[Command] = []
    for number, line in enumerate(text.split("\n")[:MOST_LINES], start=1):
        if found := SHELL_TASK.match(line[:1_000]):
            commands += parse_commands(found[1].strip("\"'"), path=path, line=number)
    if commands:
        yield ProjectCommand("shell", path, path, 1, tuple(commands))


def read_taskfile(path: str, text: str) -> Iterator[ProjectCommand]:
    """The tasks of a `Taskfile.yml`. Raises YamlError (a ValueError) where it is not YAML."""
    tasks = parse_yaml(text).mapping.map_at("tasks")
    for name in tasks:
        task = tasks.map_at(name)
        commands: list[Command] = []
        needs: list[str] = []
        for owner, key in ((tasks, name), (task, "cmd"), (task, "cmds")):
            for scalar in owner.scalars_at(key):
                commands += parse_commands(scalar.text, path=path, line=scalar.line)
        for item in (*task.list_at("cmds").maps(), *task.list_at("deps").maps()):
            if isinstance(item, YamlMap) and item.text_of("cmd"):
                commands += parse_commands(item.text_of("cmd"), path=path, line=item.content_line_of("cmd"))
            needs.append(item.text_of("task"))
        needs += [scalar.text for scalar in task.scalars_at("deps")]
        yield ProjectCommand("task", name, path, tasks.line_of(name), tuple(commands), tuple(n for n in needs if n))
