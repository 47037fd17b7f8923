"""The text level of Dockerfiles: heredocs, flags, variables, and words as shell text.

Source: Docker's "Dockerfile reference" ("Here-Documents", "Parser directives", "Environment replacement").
"""

from __future__ import annotations

import re
import shlex
from bisect import bisect_left
from collections.abc import Mapping

from auditor.patterns import pattern

HEREDOC = pattern(r"(?<![<\w])<<(-?)([\"']?)([A-Za-z_][A-Za-z0-9_]*)\2")
VARIABLE = pattern(r"\$(?:\{([A-Za-z_]\w*)(?:(:?[-+])([^{}]*))?\}|([A-Za-z_]\w*))")
ESCAPE_DIRECTIVE = pattern(r"#\s*escape\s*=\s*`\s*$", re.IGNORECASE)
MAX_VALUE = 4_000
"""Characters of a value after its variables are put in."""


def without_heredocs(text: str) -> tuple[str, dict[int, str]]:
    """`text` as dockerfile-parse can read it, and the text of the heredocs by the index of the line before each.

    The parser knows no heredocs, ends an instruction at an empty line within it (Docker goes on) and forgets one that
    the file's end cuts off: heredocs and such empty lines become comments, and an empty line ends the file.
    """
    lines = text.replace("\f", " ").replace("\v", " ").split("\n")
    escape = "`" if any(ESCAPE_DIRECTIVE.match(line) for line in lines[:3]) else "\\"
    ends: dict[str, list[int]] = {}
    if "<<" in text:
        for number, line in enumerate(lines):
            ends.setdefault(line, []).append(number)
            if line.startswith("\t"):
                ends.setdefault("\t" + line.lstrip("\t"), []).append(number)
    heredocs: dict[int, str] = {}
    logical = ""
    continued = False
    index = 0
    while index < len(lines):
        line = lines[index]
        stripped = line.strip()
        if stripped.startswith("#"):
            index += 1
            continue
        if continued and not stripped:
            lines[index] = "#"
            index += 1
            continue
        if not continued:
            logical = ""
        logical += line
        continued = stripped.endswith(escape)
        index += 1
        if continued or "<<" not in logical or logical.split(None, 1)[0].upper() not in ("RUN", "COPY", "ADD"):
            continue
        body_start = index
        for dash, _, delimiter in HEREDOC.findall(logical)[:20]:
            after = [
                n for d in ((delimiter, "\t" + delimiter) if dash else (delimiter,)) for n in first_from(ends, d, index)
            ]
            if not after:
                break
            index = min(after) + 1
        if index > body_start:
            heredocs[body_start - 1] = "\n".join(lines[body_start:index])
            lines[body_start:index] = ["#"] * (index - body_start)
    return "\n".join([*lines, "", ""]), heredocs


def first_from(places: Mapping[str, list[int]], line: str, start: int) -> list[int]:
    """The first of the places of `line` that is not before `start`, if any."""
    known = places.get(line, [])
    at = bisect_left(known, start)
    return known[at : at + 1]


def split_flags(value: str) -> tuple[dict[str, str], str]:
    """The leading `--name=value` words of an instruction, and what follows them."""
    flags: dict[str, str] = {}
    rest = value.strip()
    while rest.startswith("--"):
        word, _, rest = rest.partition(" ")
        name, _, content = word[2:].partition("=")
        flags[name.lower()] = content
        rest = rest.lstrip()
    return flags, rest


def shell_text(words: tuple[str, ...]) -> str:
    """The exec form's words as shell text: what `sh -c` is given, else the words quoted."""
    if len(words) >= 3 and words[0].rpartition("/")[2] in ("sh", "bash", "ash", "dash", "zsh"):
        for index, word in enumerate(words[1:-1], start=1):
            if word.startswith("-") and not word.startswith("--") and "c" in word:
                return words[index + 1]
    return shlex.join(words)


def expand(text: str, variables: Mapping[str, str]) -> str:
    """`text` with the variables that are known put in; `$` stays where one is not.

    Source: Dockerfile reference, "Environment replacement".
    """

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[4]
        known = variables.get(name)
        if match[2] and "+" in match[2]:
            return match[3] if known else ""
        if known is None or (known == "" and match[2] == ":-"):
            return match[3] if match[2] else match[0]
        return known

    return VARIABLE.sub(value, text[:MAX_VALUE])[:MAX_VALUE]
