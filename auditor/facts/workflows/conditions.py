"""`if` conditions of GitHub workflows, as far as they can be known without a run.

An expression becomes True, False or None (it depends on the run). Source: GitHub documentation, "Evaluate expressions
in workflows and actions".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from auditor.patterns import pattern

MAX_LENGTH = 4_000
MAX_NESTING = 50

Known: TypeAlias = "str | float | bool | None"


class Unknown:
    """The value of what only a run can tell."""


UNKNOWN: Final = Unknown()
Value: TypeAlias = "Known | Unknown"

_TOKEN = pattern(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?))"
    r"|(?P<name>[A-Za-z_][\w.-]*(?:\.\*)?)|(?P<operator>&&|\|\||==|!=|<=|>=|[!<>()\[\],]))"
)
_WHOLE = pattern(r"\$\{\{(.*)\}\}", re.DOTALL)
CONSTANTS: dict[str, Known] = {"true": True, "false": False, "null": None}


class _NotUnderstoodError(Exception):
    """The text is no expression that is understood here."""


def evaluate(condition: str, context: Mapping[str, str] | None = None) -> bool | None:
    """Whether a condition holds: None where that depends on the run.

    `context` gives values by name (`github.event_name`); a value that ends in `*` is known by its beginning only.
    """
    text = condition.strip()
    whole = _WHOLE.fullmatch(text)
    if whole and "${{" not in whole[1]:
        text = whole[1]
    elif "${{" in text:
        return None
    if not text.strip():
        return True  # an empty condition is no condition
    if len(text) > MAX_LENGTH:
        return None
    try:
        return truth(_Parser(text, context or {}).whole())
    except _NotUnderstoodError:
        return None


def truth(value: Value) -> bool | None:
    """Whether a value counts as true."""
    return None if isinstance(value, Unknown) else bool(value)


class _Parser:
    """Recursive descent over the operators by precedence."""

    def __init__(self, text: str, context: Mapping[str, str]) -> None:
        self.tokens = tokens(text)
        self.context = context
        self.i = 0
        self.depth = 0

    def whole(self) -> Value:
        value = self.either()
        if self.i != len(self.tokens):
            raise _NotUnderstoodError
        return value

    def taken(self, *operators: str) -> str | None:
        if self.i < len(self.tokens) and self.tokens[self.i] in [("operator", o) for o in operators]:
            self.i += 1
            return self.tokens[self.i - 1][1]
        return None

    def either(self) -> Value:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise _NotUnderstoodError
        value = self.both()
        while self.taken("||"):
            other = self.both()
            known = truth(value)
            if known is None:
                value = True if truth(other) is True else UNKNOWN
            elif not known:
                value = other
        self.depth -= 1
        return value

    def both(self) -> Value:
        value = self.comparison()
        while self.taken("&&"):
            other = self.comparison()
            known = truth(value)
            if known is None:
                value = False if truth(other) is False else UNKNOWN
            elif known:
                value = other
        return value

    def comparison(self) -> Value:
        value = self.negation()
        operator = self.taken("==", "!=", "<", ">", "<=", ">=")
        while operator:
            value = compared(operator, value, self.negation())
            operator = self.taken("==", "!=", "<", ">", "<=", ">=")
        return value

    def negation(self) -> Value:
        negations = 0
        while self.taken("!"):
            negations += 1
        value = self.primary()
        if not negations:
            return value
        known = truth(value)
        return UNKNOWN if known is None else known if negations % 2 == 0 else not known

    def primary(self) -> Value:
        if self.taken("("):
            value = self.either()
            if not self.taken(")"):
                raise _NotUnderstoodError
            return value
        if self.i >= len(self.tokens):
            raise _NotUnderstoodError
        kind, text = self.tokens[self.i]
        self.i += 1
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(int(text, 16)) if "x" in text else float(text)
        if kind != "name":
            raise _NotUnderstoodError
        if text.lower() in CONSTANTS:
            return CONSTANTS[text.lower()]
        if self.taken("("):
            return called(text.lower(), self.arguments(")"))
        value = self.context.get(text.lower(), UNKNOWN)
        while self.taken("["):
            self.arguments("]")
            value = UNKNOWN
        return value

    def arguments(self, closing: str) -> list[Value]:
        found: list[Value] = []
        while not self.taken(closing):
            found.append(self.either())
            if not self.taken(",") and (self.i >= len(self.tokens) or self.tokens[self.i] != ("operator", closing)):
                raise _NotUnderstoodError
        return found


def tokens(text: str) -> list[tuple[str, str]]:
    """(kind, text) of each token. Raises _NotUnderstoodError."""
    found, i = [], 0
    text = text.rstrip()
    while i < len(text):
        match = _TOKEN.match(text, i)
        if not match or match.lastgroup is None:
            raise _NotUnderstoodError
        found.append((match.lastgroup, match[match.lastgroup]))
        i = match.end()
    return found


def compared(operator: str, left: Value, right: Value) -> Value:
    """The outcome of a comparison; strings without regard to case."""
    if isinstance(left, Unknown) or isinstance(right, Unknown) or operator not in ("==", "!="):
        return UNKNOWN
    if not isinstance(left, str) or not isinstance(right, str):
        if type(left) is not type(right):
            return UNKNOWN
        return (left == right) == (operator == "==")
    equal = same(left, right)
    return UNKNOWN if equal is None else equal == (operator == "==")


def same(left: str, right: str) -> bool | None:
    """Whether two strings are the same; None where one is known by its beginning only and the other goes on from it."""
    left, right = left.lower(), right.lower()
    if right.endswith("*"):
        left, right = right, left
    if left.endswith("*"):
        return None if right.startswith(left[:-1]) else False
    return left == right


def called(name: str, arguments: list[Value]) -> Value:
    """The value of a function call, where its arguments settle it."""
    if name == "always":
        return True
    if name == "startswith" and len(arguments) == 2:
        text, beginning = arguments
        if isinstance(text, str) and isinstance(beginning, str):
            text, beginning = text.lower(), beginning.lower()
            if text.endswith("*"):
                known = text[:-1]
                return True if known.startswith(beginning) else UNKNOWN if beginning.startswith(known) else False
            return text.startswith(beginning)
    return UNKNOWN


def overrides_needs(condition: str) -> bool:
    """Whether a job with this condition runs though a job that it needs was skipped."""
    text = condition.lower().replace(" ", "")
    return any(function in text for function in ("always()", "failure()", "cancelled()"))
