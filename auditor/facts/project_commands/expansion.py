"""From a command to what it runs in turn: `make test`, `invoke test`, `bash scripts/test.sh`, `tox`, ...

Sources: the command lines of GNU make, Invoke, just, Poe the Poet, npm, PDM, Hatch, Pixi, Task, tox and nox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from auditor.facts.project_commands.model import ProjectCommand
from auditor.formats.shell import Command
from auditor.formats.shell.wrappers import SHELLS
from auditor.repository.paths import normalise

MAX_COMMANDS = 1_000
MAX_DEPTH = 8

Named = Callable[[str, str], list[ProjectCommand]]

RUNNERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "make": ("make", ()),
    "gmake": ("make", ()),
    "just": ("just", ()),
    "invoke": ("invoke", ()),
    "inv": ("invoke", ()),
    "poe": ("poe", ()),
    "poethepoet": ("poe", ()),
    "task": ("task", ()),
    "npm": ("npm", ("run", "run-script")),
    "pnpm": ("npm", ("run",)),
    "yarn": ("npm", ("run",)),
    "bun": ("npm", ("run",)),
}
"""Kind of command that a program runs, and the subcommands that may stand before its name."""
WITH_VALUE = frozenset(
    {"-C", "-f", "-c", "-r", "-d", "--file", "--directory", "--search-root", "--collection", "--justfile"}
)
DEFAULTS = {"make": ("all", "help"), "just": ("default",)}


def expand(command: Command, named: Named, folder: str = "") -> tuple[Command, ...]:
    """`command` and everything that it reaches, each once."""
    found: dict[tuple[str, int, tuple[str, ...]], Command] = {}
    seen: set[tuple[str, str, str]] = set()

    def visit(current: Command, depth: int) -> None:
        key = (current.path, current.line, current.words)
        if key in found or len(found) >= MAX_COMMANDS:
            return
        found[key] = current
        if depth >= MAX_DEPTH:
            return
        for kind, name in runs(current, folder):
            for offered in named(kind, name):
                enter(offered, depth + 1)

    def enter(offered: ProjectCommand, depth: int) -> None:
        mark = (offered.kind, offered.name, offered.path)
        if mark in seen or depth > MAX_DEPTH:
            return
        seen.add(mark)
        for need in offered.needs:
            for other in named(offered.kind, need):
                enter(other, depth + 1)
        for inner in offered.commands:
            visit(inner, depth)

    visit(command, 0)
    return tuple(found.values())


def runs(command: Command, folder: str = "") -> Iterator[tuple[str, str]]:
    """Kind and name of the project's commands that `command` may run."""
    for call in command.calls:
        program, arguments = call[0], call[1:]
        words = plain_words(arguments)
        if program in RUNNERS:
            kind, subcommands = RUNNERS[program]
            if subcommands and words and words[0] in subcommands:
                words = words[1:]
            for word in (words or list(DEFAULTS.get(kind, ())))[:20]:
                yield kind, word
                if program == "task":
                    yield "taskipy", word
        elif program in ("pdm", "hatch", "pixi") and words[:1] == ["run"]:
            for word in words[1:2]:
                yield program, word.rpartition(":")[2]
        elif program == "tox":
            for name in (*option_values(arguments, ("-e", "--env")), "tox"):
                yield "tox", name
        elif program == "nox":
            for name in option_values(arguments, ("-s", "-e", "--session", "--sessions")):
                yield "nox", name
        elif program in (*SHELLS, "source", "."):
            if words:
                yield from scripts(words[0], folder)
        elif program.endswith((".sh", ".bash", ".ps1", ".bat")):
            yield from scripts(command.words[0] if len(command.calls) == 1 else program, folder)
        else:
            yield "script", program


def scripts(path: str, folder: str) -> Iterator[tuple[str, str]]:
    """The shell script at `path`, seen from the folder, or from the root."""
    for base in dict.fromkeys((folder, "")):
        full = normalise(f"{base}/{path}")
        if not full.startswith(".."):
            yield "shell", full


def plain_words(arguments: tuple[str, ...]) -> list[str]:
    """The arguments that are no options, values of options or assignments."""
    words: list[str] = []
    skip = False
    for word in arguments:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in WITH_VALUE
        elif "=" not in word:
            words.append(word)
    return words


def option_values(arguments: tuple[str, ...], options: tuple[str, ...]) -> list[str]:
    """The values of `options`, which may be lists with commas."""
    values: list[str] = []
    for index, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if word in options and index + 1 < len(arguments):
            values += arguments[index + 1].split(",")
        elif equals and name in options:
            values += value.split(",")
    return values
