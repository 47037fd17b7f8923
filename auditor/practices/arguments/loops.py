"""What the names that a loop binds may be worth: `for workers in (0, 2, 4)`, `[measure(n) for n in range(8)]`."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from auditor.facts.python import Loop, PythonFile, Value
from auditor.patterns import pattern

WRAPPERS = frozenset("enumerate list tuple set sorted reversed iter tqdm track trange cycle array shuffled".split())
"""Functions whose items are those of what they are given first."""
SIDE_BY_SIDE = frozenset({"zip", "product"})
"""Functions whose items hold one of each of what they are given."""
NUMBERS = frozenset({"range", "arange", "linspace", "logspace", "trange"})
"""Functions whose items are numbers between those that they are given."""
NAME = pattern(r"[A-Za-z_]\w*")


def loops_of(file: PythonFile, name: str, scope: str) -> Iterator[Loop]:
    """The loops around code in `scope`, or in the same function, that bind `name`."""
    for loop in file.loops:
        if name in NAME.findall(loop.target) and (not loop.scope or f"{scope}.".startswith(f"{loop.scope}.")):
            yield loop


def items(over: Value, target: str, name: str) -> Iterator[Value]:
    """What `name` takes its values from, where a loop over `over` binds `target`; a name or call that holds them is given as it is."""
    function = over.text.removesuffix("(...)").rpartition(".")[2] if over.text.endswith("(...)") else ""
    names = NAME.findall(target)
    at = names.index(name) if name in names else 0
    if function in NUMBERS:
        yield from over.elements
    elif function in SIDE_BY_SIDE:
        if at < len(over.elements) and len(names) > 1:
            yield from items(over.elements[at], name, name)
    elif function in WRAPPERS:
        if over.elements and not (function == "enumerate" and len(names) > 1 and at == 0):
            yield from items(over.elements[0], name if function == "enumerate" else target, name)
    elif over.elements and not function:
        for element in over.keys or over.elements:
            yield element.elements[at] if len(names) > 1 and at < len(element.elements) else element
    elif over.text.startswith(("[", "(", "{")):
        yield from comprehended(over)
    else:
        yield over


def comprehended(over: Value) -> Iterator[Value]:
    """What the loops of a comprehension run over, each of its words a value of its own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of the students' style is nobody's business here
            tree = ast.parse(over.text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return
    if isinstance(tree, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        for generator in tree.generators:
            iterated = generator.iter
            given = iterated.args if isinstance(iterated, ast.Call) else getattr(iterated, "elts", [iterated])
            for one in given:
                yield (
                    Value(ast.unparse(one), over.line, one.value)
                    if isinstance(one, ast.Constant)
                    else Value(ast.unparse(one), over.line)
                )
