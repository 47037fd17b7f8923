"""What is not handed to the Python parser, because it would kill or stall the process.

libcst's native parser overflows its stack on some thousand nested brackets, and its time grows with the square of
nesting and of operator chains. One linear scan over strings, comments, brackets and operators finds both before.
"""

from __future__ import annotations

import re

from auditor.limits import Limits

_WORDS = r"(?:not|and|or|if|else|in|is|await|lambda|yield)"
_TOKEN = re.compile(
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
    """How long `source` takes to parse, in characters of plain code; or why it is not parsed."""
    if len(source) > limits.python_bytes:
        return f"not read: {len(source):,} characters of Python, more than {limits.python_bytes:,}"
    chains = [0]  # operators so far in the expression of each open bracket
    depth = cost = 0  # depth: all of `chains` and the brackets themselves
    for token in _TOKEN.finditer(source):
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
            count = 1 if token[kind].isalpha() else len(token[kind])  # `--x` is two
            chains[-1] += count
            depth += count
        elif kind == "comma" or (kind == "end" and len(chains) == 1):
            depth -= chains[-1]
            chains[-1] = 0
            continue
        elif kind == "text":
            chains[-1] += 1
            depth += 1
            inner = _nesting(token[kind])
            if inner > limits.nesting:
                return f"not read: more than {limits.nesting} brackets within each other"
            cost += inner * inner
        else:
            continue
        if depth > FREE_DEPTH:
            cost += depth - FREE_DEPTH
        if len(chains) > limits.nesting:
            return f"not read: more than {limits.nesting} brackets within each other"
        if depth > limits.nesting * CHAIN:
            return f"not read: more than {limits.nesting * CHAIN} operators in one expression"
        if cost > COST:
            return "not read: too deeply nested throughout"
    return len(source) + cost * CHARACTERS


def _nesting(text: str) -> int:
    """Brackets within brackets in an f-string; 0 for any other string."""
    if "f" not in text[:2].lower() or "{" not in text:
        return 0
    depth = deepest = 0
    for char in text:
        if char in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")]}" and depth:
            depth -= 1
    return deepest
