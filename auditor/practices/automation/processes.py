"""Commands that Python code gives: by a function that starts a process, or by a tool's own function (`pytest.main`).

Sources: Python documentation, "subprocess", "os", "asyncio subprocesses"; pytest, "Calling pytest from Python code"; the
programming interfaces of pylint, flake8, Ruff's and unittest's `main`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from auditor.facts.project_commands import Commands, StartedCommands
from auditor.facts.project_commands.started import PROCESSES
from auditor.facts.python import Call, Function, PythonFile, PythonProject, Value, reached
from auditor.formats.shell import Command, parse_commands
from auditor.patterns import pattern
from auditor.repository.paths import normalise

TOOLS = {
    "pytest.main": "pytest",
    "pytest.console_main": "pytest",
    "unittest.main": "python -m unittest",
    "unittest.TextTestRunner().run": "python -m unittest",
    "nose2.discover": "nose2",
    "doctest.testmod": "python -m doctest",
    "pylint.lint.Run": "pylint",
    "pylint.run_pylint": "pylint",
    "flake8.main.application.Application().run": "flake8",
    "black.main": "black",
    "black.patched_main": "black",
    "mypy.api.run": "mypy",
    "pre_commit.main.main": "pre-commit",
    "coverage.cmdline.main": "coverage",
    "invoke.main.program.run": "invoke",
}
"""Functions by which a tool is run in the same process, and its command."""
MAX_LISTS = 50
MAX_CODE = 20_000
_STARTING = pattern(
    r"(?:subprocess\.\w+|os\.(?:system|popen))\(\s*(\[[^\[\]]{1,500}\]|\"[^\"\n]{1,500}\"|'[^'\n]{1,500}')"
)
_QUOTED = pattern(r"\"([^\"\n]*)\"|'([^'\n]*)'")


def word(value: Value) -> str:
    """A word of a command as far as it is known."""
    if value.string is not None:
        return value.string
    return "python" if value.name == "sys.executable" else "{}"


def run_by(command: Command, project: PythonProject, commands: Commands, folder: str = "") -> Iterator[Command]:
    """The commands that a program of the project's gives when `command` runs it: a script, a module, an entry point."""
    for call in command.calls:
        if call[0] == "python":
            code = next((call[n + 1] for n, one in enumerate(call[:-1]) if one == "-c"), "") or command.heredoc or ""
            yield from in_python(code, command.path, command.line)
        for file in files_run(call, project, folder):
            yield from given_in(file, project, commands.started)
        for offered in commands.named("script", call[0]):
            function = project.function(offered.target.replace(":", ".")) if offered.target else None
            if function is not None:
                yield from given_by(function, project, commands.started)


def files_run(call: tuple[str, ...], project: PythonProject, folder: str) -> Iterator[PythonFile]:
    """Own files that a call of Python runs, and the module that a wrapper was given by `-m`."""
    if call[0] != "python":
        module = project.module(call[0]) or project.module(f"{call[0]}.__main__")
        if module is not None and "." in call[0]:
            yield module
        return
    for one in call[1:4]:
        if one.endswith(".py"):
            for base in dict.fromkeys((folder, "")):
                file = project.file(normalise(f"{base}/{one}"))
                if file is not None:
                    yield file
                    return


def in_python(code: str, path: str, line: int) -> Iterator[Command]:
    """The commands in a piece of Python that a shell or a workflow's step holds: what its strings and lists of strings start."""
    for name, tool in TOOLS.items():
        if f"{name}(" in code:
            yield from parse_commands(tool, path=path, line=line)
    for found in _STARTING.finditer(code[:MAX_CODE]):
        words = [one[1] or one[2] for one in _QUOTED.finditer(found[1])]
        yield from parse_commands(" ".join(words), path=path, line=line)


def given_in(file: PythonFile, project: PythonProject, started: StartedCommands) -> Iterator[Command]:
    """The commands that a file gives when it is run."""
    calls = {id(call): call for call in file.calls if call.live}
    elsewhere = [function for call in calls.values() for name in call.names if (function := project.function(name))]
    for function in dict.fromkeys((*file.functions, *elsewhere)):
        if function.live:
            calls |= {id(call): call for call in reached(function, project)}
    yield from commands_of(calls.values(), project, started)


def given_by(function: Function, project: PythonProject, started: StartedCommands) -> Iterator[Command]:
    """The commands that a function gives, by itself or through own functions."""
    yield from commands_of(reached(function, project), project, started)


def commands_of(calls: Iterable[Call], project: PythonProject, started: StartedCommands) -> Iterator[Command]:
    """What calls start, those without a meaning here left out."""
    lists: set[str] = set()
    for call in calls:
        tool = next((TOOLS[name] for name in call.names if name in TOOLS), "")
        if tool:
            given = call.args[0].elements if call.args else ()
            text = " ".join((tool, shlex.join(word(value) for value in given)))
            yield from parse_commands(text.strip(), path=call.path, line=call.line)
        elif any(name in PROCESSES for name in call.names):
            found = started.by(call)
            yield from found
            if not found or any("{}" in one.words for one in found):
                lists.add(call.path)
    for path in sorted(lists):
        yield from listed(project.at(path))


def listed(file: PythonFile) -> Iterator[Command]:
    """Commands that a file keeps in lists and starts one after the other: `STEPS = [["ruff", "check"], ["pytest"]]`."""
    for assignment in file.assignments[:500]:
        elements = assignment.value.elements[:MAX_LISTS]
        for value in elements:
            text = shlex.join(map(word, value.elements)) if value.elements else value.string or ""
            if value.elements or " " in text:
                yield from parse_commands(text, path=file.path, line=value.line or assignment.line)
        if elements and all(value.string and " " not in value.string for value in elements):
            text = shlex.join(map(word, elements))
            yield from parse_commands(text, path=file.path, line=assignment.line)
