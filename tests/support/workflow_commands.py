"""A step's output as GitHub's runner reads it ("Workflow commands for GitHub Actions")."""

from __future__ import annotations

import re
from typing import NamedTuple

KNOWN = frozenset(
    {"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice", "remove-matcher"}
    | {"save-state", "set-env", "set-output", "stop-commands", "warning", "internal-set-repo-path"}
)
"""The commands of a runner ("Workflow commands for GitHub Actions", and the older ones that it still knows)."""


class Command(NamedTuple):
    """A command as a runner reads it."""

    name: str
    properties: dict[str, str]
    data: str


def read_back(output: bytes) -> list[Command]:
    """What a runner makes of a step's output: each line is a command of the present form, or of the older one, or plain."""
    commands = []
    # Lines end where the runner's reader has them end: at either line break, and nowhere else.
    for line in re.split("\r\n|\r|\n", output.decode("utf-8")):
        found = present_form(line) or older_form(line)
        assert found is not None or line == "", line
        if found is not None:
            commands.append(found)
    return commands


def present_form(line: str) -> Command | None:
    """`::name key=value,key=value::data`, with blanks before it at most."""
    line = line.lstrip()
    if not line.startswith("::") or "::" not in line[2:]:
        return None
    info, _, data = line[2:].partition("::")
    name, _, rest = info.partition(" ")
    if name not in KNOWN:
        return None
    properties = {}
    for pair in rest.strip().split(","):
        key, _, value = pair.lstrip("=").partition("=")
        value = value.lstrip("=")
        if key and value:
            properties[key.lower()] = unescaped(value, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"})
    return Command(name, properties, unescaped(data, {"%0D": "\r", "%0A": "\n", "%25": "%"}))


def older_form(line: str) -> Command | None:
    """`##[name key=value;key=value]data`, anywhere in a line."""
    _, opened, rest = line.partition("##[")
    info, closed, data = rest.partition("]")
    name = info.partition(" ")[0]
    return Command(name, {}, data) if opened and closed and name in KNOWN else None


def unescaped(text: str, marks: dict[str, str]) -> str:
    """The runner replaces one escape after the other, the percent sign's last."""
    for escape, mark in marks.items():
        text = text.replace(escape, mark)
    return text
