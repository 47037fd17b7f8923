"""Assertions that cannot fail where they stand: swallowed by a handler, in a loop over nothing, of a thing with itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

SWALLOWED = frozenset({"AssertionError", "Exception", "BaseException"})
TRUTHS = frozenset({"assertTrue", "assertIsNotNone"})
SAME = frozenset(
    {"equals", "equal", "array_equal", "allclose", "assertEqual", "assertIs", "assert_frame_equal", "assert_allclose"}
)
MAX_NODES = 50_000


def hollow_lines(statements: Iterable[ast.stmt]) -> frozenset[int]:
    """Lines of a test file that hold such assertions."""
    return frozenset(line for node in nodes(statements) for line in lines_of(node))


def nodes(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes below, a bounded number."""
    todo = list(statements)
    for _ in range(MAX_NODES):
        if not todo:
            return
        node = todo.pop()
        yield node
        todo.extend(ast.iter_child_nodes(node))


def lines_of(node: ast.AST) -> Iterator[int]:
    """Lines whose assertions a node makes hollow."""
    swallows = isinstance(node, ast.Try) and any(swallowed(handler) for handler in node.handlers)
    suppresses = isinstance(node, ast.With) and any(is_suppress(item.context_expr) for item in node.items)
    for_nothing = isinstance(node, ast.For) and isinstance(node.iter, ast.List | ast.Tuple) and not node.iter.elts
    if isinstance(node, ast.Try | ast.With | ast.For) and (swallows or suppresses or for_nothing):
        for inner in nodes(node.body):
            if isinstance(inner, ast.Assert | ast.Expr):
                yield inner.lineno
    elif isinstance(node, ast.Assert) and isinstance(node.test, ast.Call) and of_itself(node.test):
        yield node.lineno
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        first = node.args[0] if node.args else None
        if (node.func.attr in TRUTHS and isinstance(first, ast.Constant) and first.value) or (
            node.func.attr.startswith("assert") and of_itself(node)
        ):
            yield node.lineno


def swallowed(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes a failed assertion and goes on."""
    caught = [handler.type] if handler.type is not None else []
    if caught and isinstance(caught[0], ast.Tuple):
        caught = list(caught[0].elts)
    names = {node.id if isinstance(node, ast.Name) else getattr(node, "attr", "") for node in caught}
    goes_on = not any(
        isinstance(node, ast.Raise | ast.Assert)
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("fail", "exit", "xfail", "skip", "skipTest")
        )
        for node in nodes(handler.body)
    )
    return goes_on and (handler.type is None or not SWALLOWED.isdisjoint(names))


def is_suppress(node: ast.expr) -> bool:
    """Whether something is `suppress(AssertionError)`."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name == "suppress" and any(isinstance(one, ast.Name) and one.id in SWALLOWED for one in node.args)


def of_itself(call: ast.Call) -> bool:
    """Whether a call compares a thing with itself: `frame.equals(frame)`, `assertEqual(x, x)`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in SAME or not call.args:
        return False
    first = ast.dump(call.args[0])
    if len(call.args) > 1 and not any(isinstance(node, ast.Call) for node in nodes([call.args[0]])):
        return first == ast.dump(call.args[1])
    return (
        isinstance(call.func, ast.Attribute)
        and len(call.args) == 1
        and isinstance(call.args[0], ast.Name)
        and first == ast.dump(call.func.value)
    )
