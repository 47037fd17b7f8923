"""The line on which each node of a libcst tree begins.

libcst's own PositionProvider generates the whole file's code to find out; this walks the tree once and counts line
ends, about ten times as fast. The order in which a node's fields stand in the source is learned from libcst itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import libcst as cst

_LEADING = ("leading_lines", "decorators", "lines_after_decorators")
"""Fields that stand before the place where a statement itself begins."""

_TEXTS = frozenset({cst.SimpleWhitespace, cst.FormattedStringText, getattr(cst, "TemplatedStringText", None)})
"""Nodes without parts that may hold line ends."""


class _Fields(NamedTuple):
    """Fields of one class of nodes, in the order of the source: those before a node's beginning, and the others."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    parts: tuple[str, ...]
    """Those of both that hold neither whitespace nor punctuation."""


_SEQUENCES = frozenset({tuple, list})
_NO_PARTS = frozenset({"lpar", "rpar", "leading_lines", "comma", "header", "footer"})

_fields: dict[type[cst.CSTNode], _Fields] = {}


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


def _learn(node: cst.CSTNode) -> _Fields:
    """The fields of the node's class."""
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
    parts = (name for name in (*before, *after) if not name.startswith("whitespace") and name not in _NO_PARTS)
    fields = _Fields(before, after, tuple(parts))
    _fields[type(node)] = fields
    return fields


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
        elif kind is cst.Name and not node.lpar and not node.rpar:  # a quarter of all nodes
            found[id(node)] = line
        else:
            fields = _fields.get(kind) or _learn(node)
            for name in reversed(fields.after):
                child = getattr(node, name)
                inner = child.__class__
                if inner is cst.SimpleWhitespace:
                    if "\n" in child.value:
                        push(child)
                elif inner in _SEQUENCES:
                    if child:
                        push(child)
                elif child is not None and inner is not cst.MaybeSentinel:
                    push(child)
            leading = [child for name in fields.before if (child := getattr(node, name))]
            if leading:
                push(id(node))
                todo.extend(reversed(leading))
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
    for name in (_fields.get(type(node)) or _learn(node)).parts:
        child = getattr(node, name)
        if isinstance(child, cst.CSTNode):
            found.append(child)
        elif isinstance(child, tuple | list):
            found.extend(part for part in child if isinstance(part, cst.CSTNode))
    return found
