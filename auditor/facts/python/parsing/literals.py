"""Literals in a libcst tree: strings with their f-string and concatenated forms, numbers, constants."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import libcst as cst

from auditor.facts.python.model import UNKNOWN

TEXT = 2_000
"""Longest string that is kept, in characters."""
PAGE = 60_000
"""The same of a string that is a text by itself: a whole web page may be one."""

STRINGS: frozenset[type[cst.CSTNode]] = frozenset(
    {cst.SimpleString, cst.FormattedString, cst.ConcatenatedString, cst.BinaryOperation}
)
"""Nodes that may be strings: asked first, as `isinstance` of a node is slow and most nodes are something else."""

_READ: dict[type[cst.BaseNumber], Callable[[str], Any]] = {
    cst.Integer: lambda text: int(text, 0),
    cst.Float: float,
    cst.Imaginary: complex,
}
"""Numbers as Python writes them (Python reference, "Numeric literals"), read by the types that take just that."""

CONSTANT_NODES: frozenset[type[cst.CSTNode]] = frozenset({*_READ, cst.Ellipsis, cst.UnaryOperation})
"""Nodes other than names that may be constants."""

CONSTANTS: dict[str, Any] = {"True": True, "False": False, "None": None}


def string(node: cst.BaseExpression, most: int = TEXT) -> str | None:
    """Text of a string expression, `{}` standing for what is filled in; None where it is none (or bytes)."""
    if node.__class__ not in STRINGS:
        return None
    if isinstance(node, cst.SimpleString):
        return _simple(node.value, most)
    if isinstance(node, cst.FormattedString):
        parts = []
        for part in node.parts:
            parts.append(part.value if isinstance(part, cst.FormattedStringText) else "{}")
        return "".join(parts)[:most]
    if isinstance(node, cst.ConcatenatedString):
        left, right = string(node.left, most), string(node.right, most)
        return None if left is None or right is None else (left + right)[:most]
    if isinstance(node, cst.BinaryOperation):
        left = string(node.left, most)
        if isinstance(node.operator, cst.Modulo):
            return left
        if isinstance(node.operator, cst.Add):
            right = string(node.right, most)
            if left is not None or right is not None:
                return ((left if left is not None else "{}") + (right if right is not None else "{}"))[:most]
    return None


def _simple(text: str, most: int) -> str | None:
    quote = text.find(text[-1])
    prefix = text[:quote].lower()
    if "b" in prefix:
        return None
    width = 3 if text[quote : quote + 3] in ('"""', "'''") and len(text) >= quote + 6 else 1
    body = text[quote + width : -width][:most]
    if "\\" in body and "r" not in prefix:
        try:
            return str(ast.literal_eval(text))[:most]
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return body
    return body


def constant(node: cst.BaseExpression) -> Any:
    """Value of a number, True, False, None or `...`; `UNKNOWN` for anything else."""
    if node.__class__ is cst.Name:
        return CONSTANTS.get(node.value, UNKNOWN)
    if node.__class__ not in CONSTANT_NODES:
        return UNKNOWN
    if isinstance(node, cst.Ellipsis):
        return ...
    if isinstance(node, cst.Integer | cst.Float | cst.Imaginary) and len(node.value) < 100:
        try:
            return _READ[node.__class__](node.value)
        except ValueError:
            return UNKNOWN
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus | cst.Plus):
        number = constant(node.expression)
        if isinstance(number, int | float | complex):
            return -number if isinstance(node.operator, cst.Minus) else number
    return UNKNOWN


def docstring(body: cst.BaseSuite | cst.Module) -> str | None:
    """Docstring of a module, class or function."""
    first: cst.CSTNode | None = body.body[0] if body.body else None
    if isinstance(first, cst.SimpleStatementLine):
        first = first.body[0] if first.body else None
    if isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString | cst.ConcatenatedString):
        return string(first.value)
    return None
