"""Functions within functions that nothing attaches: a test within a test is not collected, and what stands in it never runs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.facts.python import Function, PythonFile

MAX_FUNCTIONS = 3_000


def detached(file: PythonFile) -> frozenset[str]:
    """Qualified names of nested functions that the function around them neither calls, hands on, returns nor decorates with."""
    names = {function.qualname for function in file.functions}
    nested = [function for function in file.functions[:MAX_FUNCTIONS] if function.scope in names]
    if not nested:
        return frozenset()
    said: dict[str, set[str]] = {}
    for function in file.functions[:MAX_FUNCTIONS]:
        said.setdefault(function.qualname, set()).update(
            word for value in function.returns for word in words([value.text])
        )
    for call in file.calls:
        given = [value.text for value in call.values]
        said.setdefault(call.scope, set()).update(words([call.written, *given]))
    for assignment in file.assignments:
        said.setdefault(assignment.scope, set()).update(words([assignment.value.text]))
    for reference in file.references:
        said.setdefault(reference.scope, set()).update(words([reference.written]))
    return frozenset(function.qualname for function in nested if not is_attached(function, said))


def is_attached(function: Function, said: dict[str, set[str]]) -> bool:
    """Whether something decorates a nested function, or its name is said around it or in what stands beside it."""
    beside = (
        words
        for scope, words in said.items()
        if f"{scope}.".startswith(f"{function.scope}.") and scope != function.qualname
    )
    return bool(function.decorators) or any(function.own_name in words for words in beside)


def words(texts: Iterable[str]) -> set[str]:
    """The identifiers in some texts of code."""
    return {word for text in texts for word in re.findall(r"[^\W\d]\w*", text[:2_000])}
