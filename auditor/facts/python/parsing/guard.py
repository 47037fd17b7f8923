"""What is not handed to the Python parser, because it would kill or stall the process.

libcst's native parser overflows its stack on some thousand nested brackets, and its time grows with the square of
nesting and of operator chains. One linear scan over strings, comments, brackets and operators finds both before. It also
counts them: time and memory grow with the tokens of a file, which its size does not tell.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from auditor.limits import Limits
from auditor.patterns import pattern

_WORDS = r"(?:not|and|or|if|else|in|is|await|lambda|yield)"
_TOKEN = pattern(
    rf"""
      (?: \b (?! {_WORDS}\b | [a-zA-Z]{{1,2}}["'] ) \w++ | [^\w\#"'()\[\]{{}}\n;,\-+*/%@&|^~<>=.:]++ | (?<=\\)\n )*+
    (?:
      (?P<comment> \#[^\n]*+ )
    | (?P<text> (?:\b[a-zA-Z]{{1,2}}+)? (?:
          \"\"\" (?: [^\\"] | \\. | "(?!"") )* (?:\"\"\")?
        | ''' (?: [^\\'] | \\. | '(?!'') )* (?:''')?
        | " (?: [^\\"\n]++ | \\. )*+ "?
        | ' (?: [^\\'\n]++ | \\. )*+ '?
      ))
    | (?P<open> [(\[{{] )
    | (?P<close> [)\]}}] )
    | (?P<end> \n | ; )
    | (?P<comma> , )
    | (?P<operator> [-+*/%@&|^~<>=.:]++ | {_WORDS}\b )
    | \Z
    )
    """,
    re.VERBOSE | re.DOTALL,
)
"""A token, with what stands before it and counts for nothing: names, numbers, blanks, continued line ends."""

_F_STRING = pattern(r"[rR]?[fFtT]")
_FIELD_TOKEN = pattern(
    rf"(?P<twice>\{{\{{|\}}\}})|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<comma>,)|(?P<operator>[-+*/%@&|^~<>=.:]|\b{_WORDS}\b)"
)
"""A token in an f-string. Doubled braces are plain text outside a field, and two brackets within one."""

CHAIN = 2
"""Operators in one expression, as a multiple of the nesting limit: `a.b.c` and `a + b + c` nest in the tree too."""

FREE_DEPTH = 20
"""Depth that costs nothing; each token below it is charged with what it exceeds."""

COST = 100_000
"""Sum of all charges of one file; about half a second of parsing."""

CHARACTERS = 3
"""What one charge is worth in plain code."""


def refusal(source: str, limits: Limits) -> str | None:
    """Why `source` is not parsed, as a message for the reader; None where it can be."""
    reason = assess(source, limits)
    return reason if isinstance(reason, str) else None


def assess(source: str, limits: Limits) -> str | int:
    """How long `source` takes to parse, in characters of plain code; or why it is not parsed.

    A token counts for at least as many characters as there are for each in a file that is at both limits.
    """
    if len(source) > limits.python_bytes:
        return f"not read: {len(source):,} characters of Python, more than {limits.python_bytes:,}"
    chains = [0]  # operators so far in the expression of each open bracket
    depth = cost = 0  # depth: all of `chains` and the brackets themselves
    count = in_strings = 0
    for count, token in enumerate(islice(_TOKEN.finditer(source), limits.python_tokens + 1), start=1):
        kind = token.lastgroup
        if kind == "open":
            chains[-1] += 1
            chains.append(0)
            depth += 2
        elif kind == "close":
            if len(chains) > 1:
                depth -= chains.pop() + 1
            continue
        elif kind == "operator":
            links = 1 if token[kind].isalpha() else len(token[kind])  # `--x` is two
            chains[-1] += links
            depth += links
        elif kind == "comma" or (kind == "end" and len(chains) == 1):
            depth -= chains[-1]
            chains[-1] = 0
            continue
        elif kind == "text":
            chains[-1] += 1
            depth += 1
            fields = _fields(token[kind])
            if fields.brackets > limits.nesting:
                return _too_many_brackets(limits)
            if fields.depth > limits.nesting * CHAIN:
                return _too_many_operators(limits)
            cost += fields.brackets * fields.brackets + fields.charge
            in_strings += fields.tokens
            if count + in_strings > limits.python_tokens:
                break
        else:
            continue
        if depth > FREE_DEPTH:
            cost += depth - FREE_DEPTH
        if len(chains) > limits.nesting:
            return _too_many_brackets(limits)
        if depth > limits.nesting * CHAIN:
            return _too_many_operators(limits)
        if cost > COST:
            return "not read: too deeply nested throughout"
    count += in_strings
    if count > limits.python_tokens:
        return f"not read: more than {limits.python_tokens:,} tokens of Python"
    return max(len(source), count * limits.python_bytes // max(1, limits.python_tokens)) + cost * CHARACTERS


class _Fields(NamedTuple):
    """What the replacement fields of one f-string hold."""

    brackets: int = 0  # within each other, at the most
    depth: int = 0  # of brackets and operators, at the most
    charge: int = 0  # sum of what exceeds FREE_DEPTH
    tokens: int = 0


_NO_FIELDS = _Fields()


def _fields(text: str) -> _Fields:
    """How deep and how many the expressions in an f-string are; nothing for any other string."""
    if "{" not in text or not _F_STRING.match(text):
        return _NO_FIELDS
    chains: list[int] = []  # as in `assess`, within fields only
    depth = brackets = deepest = charge = tokens = 0
    for token in _FIELD_TOKEN.finditer(text):
        kind = token.lastgroup
        if not chains and (kind == "twice" or token[0] != "{"):
            continue
        tokens += 1
        if kind == "close" or token[0] == "}}":
            for _ in token[0]:
                depth -= chains.pop() + 1 if chains else 0
            continue
        if kind == "comma":
            depth -= chains[-1]
            chains[-1] = 0
            continue
        if kind == "operator":
            chains[-1] += 1
            depth += 1
        else:
            for _ in token[0]:
                if chains:
                    chains[-1] += 1
                    depth += 1
                chains.append(0)
                depth += 1
        brackets = max(brackets, len(chains))
        deepest = max(deepest, depth)
        charge += max(0, depth - FREE_DEPTH)
    return _Fields(brackets, deepest, charge, tokens)


def _too_many_brackets(limits: Limits) -> str:
    return f"not read: more than {limits.nesting} brackets within each other"


def _too_many_operators(limits: Limits) -> str:
    return f"not read: more than {limits.nesting * CHAIN} operators in one expression"
