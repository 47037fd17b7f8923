"""Objects that own modules make, and tests use: `from shop.data import transform`, then `transform(image)` or `InMemory(transform)`.

A table of own classes or functions is one where the test takes something out of it: `NETS["small"]()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.facts.python import Assignment, PythonProject, Value
from auditor.patterns import pattern
from auditor.practices.testing.files import TestFiles
from auditor.practices.testing.reach import LOOKING

START = pattern(r"[.\[]")
TAKES = pattern(r"\w(\[|\.(get|values|items|pop)\(\))")
"""What takes something out of a table."""


def used_objects(scopes: Iterable[tuple[str, str]], project: PythonProject, files: TestFiles) -> Iterator[Assignment]:
    """Where own modules make the objects that code of tests calls, asks for something, or hands to what may call them.

    `scopes` are the files and functions of a test; an object is what a call or a lambda gives, or a table, and no other plain value.
    """
    for path, scope in scopes:
        calls = tuple(files.in_scope(files.calls, path, scope))
        handed: list[Value] = []
        for call in calls:
            if call.written.rpartition(".")[2] not in LOOKING:
                handed += call.values
        written = {call.written for call in calls if not call.decorates}
        written |= {value.text for one in handed for value in (one, *one.elements)}
        for statement in project.at(path).imports:
            if not statement.own or statement.scope not in ("", scope):
                continue
            module = project.module(statement.name)
            if module is not None:  # `from shop import data`: its objects by attribute
                named = {
                    text.removeprefix(f"{statement.alias}.")
                    for text in written
                    if text.startswith(f"{statement.alias}.")
                }
            else:
                module = project.module(statement.name.rpartition(".")[0])
                here = (text for text in written if START.split(text, maxsplit=1)[0] == statement.alias)
                last = statement.name.rpartition(".")[2]
                named = {last + text.removeprefix(statement.alias) for text in here}
            heads = {START.split(text, maxsplit=1)[0] for text in named}
            taken = {START.split(text, maxsplit=1)[0] for text in named if TAKES.search(text)}
            if module is None or files.is_test(module.path):
                continue
            for assignment in module.assignments:
                made = assignment.value.text.endswith("(...)") or assignment.value.text.startswith("lambda")
                table = assignment.value.elements and assignment.target in taken
                if not assignment.scope and assignment.target in heads and (made or table):
                    yield assignment
