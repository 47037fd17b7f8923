"""Tasks written in Python: invoke's `tasks.py`, nox's `noxfile.py` and doit's `dodo.py`.

Sources: Invoke documentation, "Getting started" (`@task`, `Context.run`); nox documentation, "Configuration & API";
doit documentation, "Tasks".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.facts.project_commands.model import ProjectCommand
from auditor.facts.project_commands.started import INVOKE, NOX, StartedCommands
from auditor.facts.python.model import Call, Function, PythonFile
from auditor.formats.shell import parse_commands


def python_tasks(files: Iterable[PythonFile], started: StartedCommands) -> Iterator[ProjectCommand]:
    """Every live function that invoke or nox offers as a command."""
    for file in files:
        for function in file.functions:
            if file.path.rpartition("/")[2] == "dodo.py" and function.qualname.startswith("task_"):
                yield doit_task(file, function)
            for kind, names in (("invoke", INVOKE), ("nox", NOX)):
                decorator = next((d for d in function.decorators if names.intersection(d.names)), None)
                if decorator is not None and function.live:
                    yield python_task(kind, file, function, decorator, started)


def python_task(
    kind: str, file: PythonFile, function: Function, decorator: Call, started: StartedCommands
) -> ProjectCommand:
    """One decorated function with the shell commands that it runs, by its context (invoke), its session (nox) or otherwise."""
    calls = [
        c
        for c in file.calls
        if c.live and (c.scope == function.qualname or c.scope.startswith(function.qualname + "."))
    ]
    commands = tuple(one.command for one in started.within(function))
    given = decorator.keyword("name")
    name = (given.string if given else None) or function.own_name
    needs: list[str] = []
    if kind == "invoke":
        name = name.replace("_", "-")
        before = [v for key in ("pre", "post") if (v := decorator.keyword(key)) is not None]
        needs = [value.text.replace("_", "-") for value in (*decorator.args, *(e for v in before for e in v.elements))]
    target = "" if function.is_empty else function.name
    tags = decorator.keyword("tags")
    default = decorator.keyword("default")
    own_tasks = {f.own_name for f in file.functions}
    needs += [c.written.replace("_", "-") for c in calls if c.written in own_tasks and c.written != function.own_name]
    return ProjectCommand(
        kind,
        name,
        function.path,
        function.line or 1,
        commands,
        tuple(dict.fromkeys(needs)),
        target,
        tuple(value.string for value in tags.elements if value.string) if tags is not None else (),
        default is None or default.literal is not False,
    )


def doit_task(file: PythonFile, function: Function) -> ProjectCommand:
    """One function of a `dodo.py`: the strings among its actions are commands, its `task_dep` what runs first."""
    inside = [text for text in file.texts if text.scope == function.qualname]
    commands = tuple(c for text in inside for c in parse_commands(text.value, path=file.path, line=text.line or 1))
    needs = [value.string for one in function.returns if (given := one.get("task_dep")) for value in given.elements]
    return ProjectCommand(
        "doit",
        function.own_name.removeprefix("task_"),
        function.path,
        function.line or 1,
        tuple(command for command in commands if len(command.words) > 1),
        tuple(need for need in needs if need),
        function.name,
    )
