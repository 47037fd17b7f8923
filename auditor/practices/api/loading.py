"""Whether the model that a route asks is ever loaded: a variable that only code fills which nothing runs stays empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from auditor.facts.python import CODE, Assignment, Call, Class, PythonFile, PythonProject
from auditor.practices.api.inference import parted, written_owner

EMPTY = frozenset({"None", "{}", "[]", "()", "dict(...)", "list(...)", "''", '""', ""})
"""Values that hold no model, as they are written."""
Runs = Callable[[Assignment], bool]


def nothing_loads(call: Call, project: PythonProject, runs: Runs) -> bool:
    """Whether the object that `call` asks is only filled where nothing leads to; False where that cannot be told."""
    written = {written_owner(call.written, parted(name)[1]) for name in call.names}
    written |= {
        value.text.rpartition(".")[0] or value.text
        for value in call.args
        if call.written.endswith(("to_thread", "run_in_threadpool"))
    }
    return any(stays_empty(one, call, project, runs) for one in written if one)


def stays_empty(written: str, call: Call, project: PythonProject, runs: Runs) -> bool:
    """Whether what the code writes as `written` is given nothing by any code that runs."""
    file = project.file(call.path)
    if file is None:
        return False
    if ".state." in f".{written}":
        return _never(state(written.rpartition("state.")[2], project), runs)
    if written.startswith("self.") and written.count(".") == 1:
        return attribute_stays_empty(written, call, project, runs)
    base = re.split(r"[\[.]", written, maxsplit=1)[0]
    if base != written and "[" not in written:
        return False
    if any(a.target == base and a.scope and call.scope.startswith(a.scope) for a in file.assignments):
        return False  # a variable of the function
    if any(f.qualname == call.scope and any(p.name == base for p in f.parameters) for f in file.functions):
        return False
    home = file if any(a.target == base for a in file.assignments) else imported_from(base, file, project)
    return home is not None and variable_stays_empty(base, home, project, runs)


def variable_stays_empty(name: str, file: PythonFile, project: PythonProject, runs: Runs) -> bool:
    """Whether the module variable `name` is empty at first, and filled only where nothing leads to."""
    at_top = [a for a in file.assignments if a.target == name and not a.scope]
    if not at_top or any(not is_empty(a) for a in at_top):
        return False
    filling = [a for a in file.assignments if (a.target == name and a.scope) or a.target.startswith(f"{name}[")]
    others = [
        a
        for other in project.of(*CODE)
        if other is not file
        for a in other.assignments
        if re.search(rf"(^|\.){re.escape(name)}(\[|$)", a.target) and a.target != name
    ]
    grown = [
        c for c in file.calls if c.written in (f"{name}.update", f"{name}.setdefault", f"{name}.append") and c.live
    ]
    return not grown and _never([*filling, *others], runs)


def attribute_stays_empty(written: str, call: Call, project: PythonProject, runs: Runs) -> bool:
    """Whether an attribute of an own class is empty at first, and filled only by methods that nothing calls."""
    file = project.at(call.path)
    cls = next((c for c in file.classes if call.scope.startswith(f"{c.qualname}.")), None)
    if cls is None:
        return False
    given = [a for a in file.assignments if a.target == written and a.scope.startswith(f"{cls.qualname}.")]
    outside = [
        a
        for other in project.of(*CODE)
        for a in other.assignments
        if a.target.endswith(written.removeprefix("self")) and a not in given
    ]
    if inherited(cls, project) or not any(is_empty(a) for a in given):
        return False
    return _never([*given, *outside], runs)


def inherited(cls: Class, project: PythonProject) -> bool:
    """Whether a class has a base that may fill its attributes."""
    return any(not base.startswith(("object", "abc.", "typing.")) for base in project.ancestors(cls))


def state(name: str, project: PythonProject) -> list[Assignment]:
    """What is assigned to an attribute of an application's state."""
    name = re.split(r"[\[.]", name, maxsplit=1)[0]
    return [
        a
        for file in project.of(*CODE)
        for a in file.assignments
        if re.search(rf"(^|\.)state\.{re.escape(name)}(\[|$)", a.target)
    ]


def imported_from(name: str, file: PythonFile, project: PythonProject) -> PythonFile | None:
    """The own file that a name is imported from."""
    statement = next((s for s in file.imports if s.own and s.alias == name), None)
    return project.module(statement.name.rpartition(".")[0]) if statement is not None else None


def is_empty(assignment: Assignment) -> bool:
    """Whether a variable is given nothing yet."""
    return assignment.value.text in EMPTY


def _never(assignments: Iterable[Assignment], runs: Runs) -> bool:
    """Whether there are assignments of something, and none of them can run."""
    filling = [a for a in assignments if not is_empty(a)]
    return bool(filling) and not any(map(runs, filling))
