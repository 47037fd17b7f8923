"""From a command to what it runs in turn: `make test`, `invoke test`, `bash scripts/test.sh`, `tox`, ...

Sources: the command lines of GNU make, Invoke, just, Poe the Poet, npm, PDM, Hatch, Pixi, Rye, Pipenv, Task, mise, doit, tox,
nox and Docker Compose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from auditor.facts.project_commands.model import ProjectCommand
from auditor.formats.shell import Command
from auditor.formats.shell.options import values_of
from auditor.formats.shell.wrappers import SHELLS
from auditor.repository.paths import normalise

MAX_COMMANDS = 1_000
MAX_DEPTH = 8

Named = Callable[[str, str], list[ProjectCommand]]

RUNNERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "make": ("make", ()),
    "gmake": ("make", ()),
    "just": ("just", ()),
    "doit": ("doit", ("run",)),
    "duty": ("duty", ("run",)),
    "mise": ("mise", ("run", "r", "tasks")),
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
    """-C -f -c -r -d --file --directory --search-root --collection --justfile --makefile -j""".split()
)
FIRST = ""
"""The name under which stands what a runner runs when it is given no name: a Makefile's first target, nox' sessions."""
TASK_RUNNERS = {"pdm": "pdm", "hatch": "hatch", "pixi": "pixi", "rye": "rye", "pipenv": "pipenv", "npx": "npm"}
"""Project managers whose `run` takes a task of the project's before a program, and the kind of the task."""


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
            for offered in named(kind, name) or named(kind, fallback(kind, name)):
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
    """Kind and name of the project's commands that `command` may run; the first kind that is there is meant."""
    outer = ""
    for call in command.calls:
        program, arguments = call[0], call[1:]
        words = plain_words(arguments)
        if outer in TASK_RUNNERS:
            yield TASK_RUNNERS[outer], program
        if program in RUNNERS:
            kind, subcommands = RUNNERS[program]
            if subcommands and words and words[0] in subcommands:
                words = words[1:]
            for word in (words or [FIRST])[:20]:
                yield kind, word
                if program == "task":
                    yield "taskipy", word
        elif program == "pdm" and words and words[0] != "run":
            yield "pdm", words[0]  # a script of the user's is a subcommand, too
        elif program == "tox":
            yield from (("tox", name) for name in tox_names(arguments, command))
        elif program == "nox":
            yield from (("nox", name) for name in nox_names(arguments, command))
        elif program in ("docker", "podman", "docker-compose"):
            yield from (("compose", name) for name in services(call))
        elif program in (*SHELLS, "source", "."):
            if words:
                yield from scripts(words[0], folder)
        elif program.endswith((".sh", ".bash", ".ps1", ".bat")):
            yield from scripts(command.words[0] if len(command.calls) == 1 else program, folder)
        else:
            yield "script", program
            if "/" in program or (len(command.calls) == 1 and command.words[0].startswith("./")):
                yield from scripts(program, folder)
        outer = program


def tox_names(arguments: tuple[str, ...], command: Command) -> list[str]:
    """Environments that tox is told to run: by options, by `TOXENV`; all of its list where it is told nothing."""
    names = values_of(arguments, "-e", "--env", "-f", "-m")
    names += [word[2:] for word in arguments if word.startswith("-e") and len(word) > 2]
    names = [one for name in names for one in name.lstrip("=").split(",") if one]
    if not names:
        names = [one for key, value in command.environment if key == "TOXENV" for one in value.split(",")]
    return names or [FIRST]


def nox_names(arguments: tuple[str, ...], command: Command) -> list[str]:
    """Sessions that nox is told to run: by their names, tags (`tag:...`) or `NOXSESSION`; all where it is told nothing.

    Unlike other programs' options, `-s` and `-t` take all words up to the next option. A session that runs for several
    Pythons is named with its Python, too: `tests-3.12`, `tests(django="5")`.
    """
    names: list[str] = []
    kind = ""
    for word in arguments:
        if word == "--":
            break
        if word.startswith("-"):
            name, equals, value = word.partition("=")
            kind = {"-s": "s", "-e": "s", "--session": "s", "--sessions": "s", "-t": "t", "--tags": "t", "-k": "k"}.get(
                name, ""
            )
            kind = "k" if name == "--keywords" else kind
            if equals and kind:
                names += [f"tag:{value}" if kind == "t" else value]
        elif kind == "t":
            names.append(f"tag:{word}")
        elif kind in ("s", "k"):
            names += word.replace("(", " ").split()[:1] if kind == "s" else word.split()
    if not names:
        names = [one for key, value in command.environment if key == "NOXSESSION" for one in value.split(",")]
    return names or [FIRST]


def services(call: tuple[str, ...]) -> list[str]:
    """The services of a Compose file that a call of Docker runs; all for `up` without a name."""
    words = plain_words(call[1:])
    if call[0] != "docker-compose":
        if words[:1] != ["compose"]:
            return []
        words = words[1:]
    if words[:1] == ["run"]:
        return words[1:2]
    return (words[1:] or [FIRST]) if words[:1] == ["up"] else []


def fallback(kind: str, name: str) -> str:
    """The name under which a runner looks when it has none of this name: tox' general environment, a session less its Python."""
    if kind == "tox":
        return "tox"
    return re.sub(r"-(pypy)?[0-9.]+$", "", name) if kind == "nox" else name


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
