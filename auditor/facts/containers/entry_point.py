"""Which file or module of the project a container's command runs.

Sources: the command line references of Python, Uvicorn, Gunicorn, Hypercorn, Streamlit, FastAPI, BentoML.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from auditor.formats.shell import Command, parse_commands
from auditor.formats.shell.wrappers import SHELLS
from auditor.patterns import pattern
from auditor.records import Record

APP = pattern(r"[A-Za-z_][\w./-]*:[A-Za-z_][\w.]*(?:\(\))?")
APP_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "granian", "daphne"})
FILE_RUNNERS = {"streamlit": "run", "fastapi": "run", "gradio": "", "chainlit": "run"}


class Program(Record):
    """A `file` or (dotted) `module` that is run. `own` where only a module of the project's own makes sense there."""

    kind: str
    target: str
    own: bool = False
    has_object: bool = False


def programs(shell: str) -> tuple[Program, ...]:
    """The files and modules that shell text runs, as far as it says so; none after a change of folder."""
    found: list[Program] = []
    for command in parse_commands(shell):
        if command.runs("cd", "pushd"):
            break
        found += program_of(command)
    return tuple(found)


def program_of(command: Command) -> Iterator[Program]:
    """What one command runs."""
    if not command.calls:
        return
    for outer, inner in pairwise(command.calls):
        if outer[0] in ("python", "uv", "coverage", "torchrun", "accelerate") and before(outer, inner[0]) == "-m":
            yield Program("module", inner[0])
    name, arguments = command.program, command.arguments
    first = next((word for word in arguments if not word.startswith("-")), "")
    if name == "python":
        script = python_script(arguments)
        if script.endswith(".py"):
            yield Program("file", script)
    elif name in APP_SERVERS:
        app = next((word for word in arguments if APP.fullmatch(word)), "")
        if app and not any(word.startswith(("--app-dir", "--chdir", "--pythonpath")) for word in arguments):
            yield Program("module", app.partition(":")[0], own=True, has_object=True)
    elif name in FILE_RUNNERS:
        file = next((word for word in arguments if word.endswith(".py")), "")
        if file:
            yield Program("file", file)
    elif name in SHELLS and first.endswith((".sh", ".bash")):
        yield Program("file", first)
    elif len(command.calls) == 1 and command.words[0].endswith(".sh") and "/" in command.words[0]:
        yield Program("file", command.words[0])


def before(words: tuple[str, ...], word: str) -> str:
    """The word before `word`."""
    return next((first for first, second in pairwise(words) if second == word), "")


def python_script(arguments: tuple[str, ...]) -> str:
    """The script that Python is given; empty for a module, `-c`, or none."""
    skip = False
    for word in arguments:
        if skip:
            skip = False
        elif word in ("-W", "-X"):
            skip = True
        elif word in ("-m", "-c", "-") or word.startswith("-m"):
            return ""
        elif not word.startswith("-"):
            return word
    return ""
