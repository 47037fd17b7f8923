"""What the value of a short expression is made of: `4 if cuda else cfg.workers` is 4, or what `cfg.workers` names."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from enum import Enum
from typing import Any

from auditor.patterns import pattern

COUNTS = pattern(r"(^|\.)(cpu_count|process_cpu_count|sched_getaffinity|device_count|num_gpus|world_size)\b")
"""Functions that count processors or devices."""
PASSING = frozenset({"min", "max", "int", "abs", "round", "len", "float", "str"})
"""Functions whose result is made of their arguments."""
LOOKUPS = pattern(r"(.*\.)?(get|getint|getfloat|getenv|getattr|pop|setdefault)")
WORD = pattern(r"[A-Za-z_]\w*")


class Computed(Enum):
    """The one value `COMPUTED`: a number that depends on the machine, such as that of its processors."""

    COMPUTED = "computed"


COMPUTED = Computed.COMPUTED


def parts(text: str) -> Iterator[Any]:
    """What an expression's value is made of: numbers and strings, COMPUTED, and names as lists of their words."""
    if re.fullmatch(r"[\w.\[\]'\"]+", text) and WORD.match(text):
        yield WORD.findall(text)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of the students' style is nobody's business here
            todo: list[ast.expr] = [ast.parse(text, mode="eval").body]
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.IfExp):
            todo += [node.body, node.orelse]
        elif isinstance(node, ast.BoolOp):
            todo += node.values
        elif isinstance(node, ast.BinOp):
            todo += [node.left, node.right]
        elif isinstance(node, ast.UnaryOp):
            todo.append(node.operand)
        elif isinstance(node, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Call):
            function = ast.unparse(node.func)
            if COUNTS.search(function):
                yield COMPUTED
            elif function in PASSING or LOOKUPS.fullmatch(function):
                todo += node.args
        elif isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            yield WORD.findall(ast.unparse(node))
