"""Syntax trees of own functions, for what the flat record of calls does not tell: what stands within what.

Only files that `PythonProject` could read are parsed (its guard against hostile nesting has passed them).
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from contextlib import suppress

from auditor.facts.python import Function


def spelled(node: ast.expr) -> str:
    """A chain of names, attributes, subscripts and calls, written as `Call.written` is."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{spelled(node.value) or '?'}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{spelled(node.func) or '?'}()"
    if isinstance(node, ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str) else ""
        return f"{spelled(node.value) or '?'}[{key[:60]}]"
    return ""


class Sources:
    """Syntax trees of own files, parsed when they are first needed."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts
        self._functions: dict[str, dict[str, ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        self._tops: dict[str, list[ast.stmt]] = {}

    def body(self, function: Function) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The definition of a function; None where its file cannot be parsed."""
        if function.path not in self._functions:
            found: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
            with suppress(RecursionError):
                collect(self.top(function.path), "", found)
            self._functions[function.path] = found
        return self._functions[function.path].get(function.qualname)

    def top(self, path: str) -> list[ast.stmt]:
        """The statements at the top of a file; none where it cannot be parsed."""
        if path not in self._tops:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of invalid escapes in students' strings
                    self._tops[path] = ast.parse(self._texts.get(path, "")).body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                self._tops[path] = []
        return self._tops[path]


def collect(body: Iterable[ast.stmt], prefix: str, found: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]) -> None:
    """Every function in `body`, by qualified name."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{prefix}{node.name}"
            if not isinstance(node, ast.ClassDef):
                found[name] = node
            collect(node.body, f"{name}.", found)
        else:
            for inner in ("body", "orelse", "finalbody"):
                collect(getattr(node, inner, ()) or (), prefix, found)
            for handler in getattr(node, "handlers", ()):
                collect(handler.body, prefix, found)
