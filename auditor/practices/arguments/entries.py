"""Entries of dicts as code writes them: in a dict itself, in a branch, by key, or by `update`."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from auditor.facts.python import PythonFile, Value


def entries_of(file: PythonFile, name: str) -> Iterator[tuple[Value, str, bool]]:
    """(value, scope, whether it may run) of every entry `name` of the dicts that a file writes out, or of what they are given later."""
    for assignment in file.assignments:
        if re.search(rf"\[[\'\"]?{re.escape(name)}[\'\"]?\]$", assignment.target):
            yield assignment.value, assignment.scope, assignment.live
        else:
            yield from ((one, assignment.scope, assignment.live) for one in entry(assignment.value, name))
    for call in file.calls:
        if call.written.endswith((".update", ".setdefault")):
            given = call.keyword(name) if call.written.endswith(".update") else None
            if call.written.endswith(".setdefault") and len(call.args) == 2 and call.args[0].string == name:
                given = call.args[1]
            found = [given] if given is not None else [one for value in call.args for one in entry(value, name)]
            yield from ((one, call.scope, call.live) for one in found)


def entry(value: Value, name: str) -> Iterator[Value]:
    """What a dict has under `name`; of an expression with several dicts in it (`{...} if cuda else {}`, `{...} | {...}`) what any has."""
    direct = value.get(name)
    if direct is not None:
        yield direct
    elif not value.elements and not value.known and name in value.text and len(value.text) > len(name):
        yield from written_out(value, name)


def written_out(value: Value, name: str) -> Iterator[Value]:
    """The entries in the text of an expression that was not taken apart."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of the students' style is nobody's business here
            tree = ast.parse(value.text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found = [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == name]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
            found = [keyword.value for keyword in node.keywords if keyword.arg == name]
        else:
            continue
        for one in found:
            text = ast.unparse(one)
            yield Value(text, value.line, one.value) if isinstance(one, ast.Constant) else Value(text, value.line)
