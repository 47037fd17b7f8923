"""The line on which each node of a libcst tree begins.

libcst's own PositionProvider generates the whole file's code to find out; this walks the tree once and counts line
ends, about ten times as fast. The order in which a node's fields stand in the source is learned from libcst itself.
"""

from __future__ import annotations

from typing import Any

import libcst as cst

_LEADING = ("leading_lines", "decorators", "lines_after_decorators")
"""Fields that stand before the place where a statement itself begins."""

_TEXTS = frozenset({cst.SimpleWhitespace, cst.FormattedStringText, getattr(cst, "TemplatedStringText", None)})
"""Nodes without parts that may hold line ends."""

_fields: dict[type[cst.CSTNode], tuple[tuple[str, ...], tuple[str, ...]]] = {}


class _FieldOrder(cst.CSTVisitor):
    """Writes down the fields of one node in the order in which libcst visits them, which is that of the source."""

    def __init__(self, root: cst.CSTNode) -> None:
        self.root = root
        self.names: list[str] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node is self.root

    def on_leave(self, original_node: cst.CSTNode) -> None:
        pass

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        if node is self.root:
            self.names.append(attribute)

    def on_leave_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        pass


def _learn(node: cst.CSTNode) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fields of the node's class, in the order of the source: those before its beginning, and the others."""
    order = _FieldOrder(node)
    node.visit(order)
    names = list(dict.fromkeys(order.names))
    if hasattr(node, "format_spec") and "format_spec" not in names:
        names.append("format_spec")  # libcst visits it only where there is one
    if isinstance(node, cst.ClassDef | cst.FunctionDef):
        names.sort(key=lambda name: (*_LEADING, name).index(name))
    outside = ("lpar",) if isinstance(node, cst.BaseExpression | cst.MatchPattern) else _LEADING
    before = tuple(name for name in names if name in outside)
    after = tuple(name for name in names if name not in outside)
    _fields[type(node)] = before, after
    return before, after


def line_numbers(module: cst.Module) -> dict[int, int]:
    """The 1-based line on which each node begins, by `id(node)`: its own, not its decorators' or brackets'."""
    found: dict[int, int] = {}
    line = 1
    todo: list[Any] = [module]
    pop, push = todo.pop, todo.append
    while todo:
        node = pop()
        kind = node.__class__
        if kind is int:  # the id of a node whose leading lines are through
            found[node] = line
        elif kind in _TEXTS:
            if "\n" in node.value:
                line += node.value.count("\n")
        elif kind is cst.SimpleString:
            for bracket in node.lpar:
                line += _ends(bracket)
            found[id(node)] = line
            line += node.value.count("\n")
            for bracket in node.rpar:
                line += _ends(bracket)
        elif kind is cst.ParenthesizedWhitespace:
            line += 1 + len(node.empty_lines) + node.last_line.value.count("\n")
        elif kind is cst.EmptyLine or kind is cst.TrailingWhitespace:
            line += 1
        elif kind is tuple or kind is list:
            todo.extend(reversed(node))
        else:
            before, after = _fields.get(kind) or _learn(node)
            for name in reversed(after):
                child = getattr(node, name)
                if child is not None and child.__class__ is not cst.MaybeSentinel and child != ():
                    push(child)
            if before:
                push(id(node))
                for name in reversed(before):
                    child = getattr(node, name)
                    if child:
                        push(child)
            else:
                found[id(node)] = line
    return found


def _ends(bracket: cst.LeftParen | cst.RightParen) -> int:
    """Line ends within a bracket's whitespace."""
    space = bracket.whitespace_after if isinstance(bracket, cst.LeftParen) else bracket.whitespace_before
    if isinstance(space, cst.ParenthesizedWhitespace):
        return 1 + len(space.empty_lines) + space.last_line.value.count("\n")
    return space.value.count("\n") if isinstance(space, cst.SimpleWhitespace) else 0


def parts_of(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes directly within `node` that are neither whitespace nor punctuation, in the order of the source."""
    found: list[cst.CSTNode] = []
    before, after = _fields.get(type(node)) or _learn(node)
    for name in (*before, *after):
        if name.startswith("whitespace") or name in ("lpar", "rpar", "leading_lines", "comma", "header", "footer"):
            continue
        child = getattr(node, name)
        if isinstance(child, cst.CSTNode):
            found.append(child)
        elif isinstance(child, tuple | list):
            found.extend(part for part in child if isinstance(part, cst.CSTNode))
    return found
