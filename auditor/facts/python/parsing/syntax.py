"""What the shape of code alone tells, whatever its names mean."""

from __future__ import annotations

import libcst as cst

from auditor.facts.python.model import UNKNOWN
from auditor.facts.python.parsing import literals

CODE = 200
"""Longest source text that is kept, in characters."""

IMPORT_FAILURES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})

_MODULE = cst.Module([])


def code(node: cst.CSTNode) -> str:
    """Source of `node` on one line, cut off where it is long."""
    return " ".join(_MODULE.code_for_node(node)[: CODE * 2].split())[:CODE]


def spelled(node: cst.CSTNode) -> str:
    """A chain of names, attributes, subscripts and calls as it is written; empty for anything else."""
    if node.__class__ is cst.Name:
        return node.value
    if node.__class__ is cst.Attribute:
        return f"{spelled(node.value) or '?'}.{node.attr.value}"
    if node.__class__ is cst.Call:
        return f"{spelled(node.func) or '?'}()"
    if node.__class__ is cst.Subscript:
        inner = node.slice[0].slice if len(node.slice) == 1 else None
        key = literals.string(inner.value) if isinstance(inner, cst.Index) else None
        return f"{spelled(node.value) or '?'}[{'' if key is None else key[:60]}]"
    return ""


def always_true(test: cst.BaseExpression) -> bool:
    """Whether an assertion of `test` cannot fail."""
    if isinstance(test, cst.Tuple):
        return bool(test.elements)
    constant = literals.constant(test)
    if constant is not UNKNOWN:
        return bool(constant)
    text = literals.string(test)
    if text is not None and isinstance(test, cst.SimpleString):
        return bool(text)
    if isinstance(test, cst.BooleanOperation):
        sides = always_true(test.left), always_true(test.right)
        return any(sides) if isinstance(test.operator, cst.Or) else all(sides)
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        return _comparison_holds(test)
    if isinstance(test, cst.Call) and spelled(test.func) == "isinstance" and len(test.args) == 2:
        return spelled(test.args[1].value) == "object"
    return False


def _comparison_holds(test: cst.Comparison) -> bool:
    operator, right = test.comparisons[0].operator, test.comparisons[0].comparator
    values = literals.constant(test.left), literals.constant(right)
    if UNKNOWN not in values and all(isinstance(v, int | float) for v in values):
        left_value, right_value = values
        return bool(
            (isinstance(operator, cst.Equal) and left_value == right_value)
            or (isinstance(operator, cst.NotEqual) and left_value != right_value)
            or (isinstance(operator, cst.LessThan) and left_value < right_value)
            or (isinstance(operator, cst.GreaterThan) and left_value > right_value)
        )
    same = isinstance(operator, cst.Equal | cst.Is | cst.GreaterThanEqual | cst.LessThanEqual)
    left_text = code(test.left)
    calls = "(" in left_text
    if same and not calls and left_text == code(right):
        return True
    length = isinstance(test.left, cst.Call) and spelled(test.left.func) == "len"
    return length and isinstance(operator, cst.GreaterThanEqual) and literals.constant(right) == 0


def truth(test: cst.BaseExpression) -> bool | None:
    """What a condition always is; None where it depends."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        inner = truth(test.expression)
        return None if inner is None else not inner
    if isinstance(test, cst.BooleanOperation):
        sides = truth(test.left), truth(test.right)
        decisive = isinstance(test.operator, cst.Or)
        if decisive in sides:
            return decisive
        return None if None in sides else not decisive
    value = literals.constant(test)
    if isinstance(value, bool | int | float) or value is None:
        return bool(value)
    if isinstance(test, cst.Name | cst.Attribute) and spelled(test).rpartition(".")[2] == "TYPE_CHECKING":
        return False
    return None


def holds_nothing(over: cst.BaseExpression) -> bool:
    """Whether what a loop goes over is surely empty: `[]`, `()`, `{}`, `range(0)`."""
    if isinstance(over, cst.List | cst.Tuple | cst.Dict):
        return not over.elements
    if isinstance(over, cst.Call) and isinstance(over.func, cst.Name) and over.func.value == "range":
        return len(over.args) == 1 and literals.constant(over.args[0].value) == 0
    return False


def constant_of(statement: cst.CSTNode) -> tuple[str, bool] | None:
    """Name and truth of what a statement sets to a constant (`DEBUG = False`); None for any other statement."""
    small = statement.body if isinstance(statement, cst.SimpleStatementLine) else ()
    if len(small) != 1 or not isinstance(small[0], cst.Assign) or len(small[0].targets) != 1:
        return None
    target, value = small[0].targets[0].target, small[0].value
    always = truth(value) if not isinstance(value, cst.Name) or value.value in ("True", "False", "None") else None
    return (target.value, always) if isinstance(target, cst.Name) and always is not None else None


def is_main_check(test: cst.BaseExpression) -> bool:
    """Whether it is `__name__ == "__main__"`."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    sides = (test.left, test.comparisons[0].comparator)
    return (
        isinstance(test.comparisons[0].operator, cst.Equal)
        and any(isinstance(s, cst.Name) and s.value == "__name__" for s in sides)
        and any(literals.string(s) == "__main__" for s in sides)
    )


def catches_import_failure(kind: cst.BaseExpression) -> bool:
    """Whether an `except` of `kind` catches a failed import."""
    elements = [e.value for e in kind.elements] if isinstance(kind, cst.Tuple) else [kind]
    return any(isinstance(e, cst.Name) and e.value in IMPORT_FAILURES for e in elements)


def may_swallow(node: cst.With) -> bool:
    """Whether a `with` may catch what is raised in it (`contextlib.suppress`, `pytest.raises`), or only might."""
    return any(
        not (isinstance(i.item, cst.Call) and spelled(i.item.func) in ("open", "torch.no_grad")) for i in node.items
    )


def does_nothing(body: cst.BaseSuite) -> bool:
    """Whether a function or class is empty: `pass`, `...`, a docstring, NotImplementedError or a lone `print`."""
    prints = 0
    for statement in body.body:
        parts = statement.body if isinstance(statement, cst.SimpleStatementLine) else (statement,)
        for part in parts:
            if isinstance(part, cst.Pass):
                continue
            if isinstance(part, cst.Expr) and isinstance(
                part.value, cst.SimpleString | cst.ConcatenatedString | cst.Ellipsis
            ):
                continue
            if isinstance(part, cst.Raise) and part.exc is not None:
                raised = part.exc.func if isinstance(part.exc, cst.Call) else part.exc
                if spelled(raised) == "NotImplementedError":
                    continue
            if isinstance(part, cst.Expr) and isinstance(part.value, cst.Call):
                prints += spelled(part.value.func) == "print"
                if prints == 1 and spelled(part.value.func) == "print":
                    continue
            if isinstance(part, cst.Return) and (
                part.value is None or (isinstance(part.value, cst.Name) and part.value.value == "None")
            ):
                continue
            return False
    return True
