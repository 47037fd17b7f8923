"""Makefiles and justfiles: targets with their recipes.

Sources: GNU make manual, "Writing Rules", "Writing Recipes", "Using Variables"; just manual, "Variables".
Conditionals are not decided: both branches count. Nothing is included or evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.facts.project_commands.model import ProjectCommand
from auditor.formats.shell import Command, parse_commands
from auditor.patterns import pattern

MAX_CHARACTERS = 300_000
MAX_LINE = 5_000
MAX_TARGETS = 500

ASSIGNMENT = pattern(r"(?:export\s+|override\s+)*([\w.-]+)\s*(?::{0,3}=|\?=|\+=|!=)(.*)")
JUST_ASSIGNMENT = pattern(r"(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*[\"']([^\"']*)[\"']\s*$")
RULE = pattern(r"([^\s:=#][^:=#]*)::?(?!=)(.*)")
JUST_RULE = pattern(r"@?([A-Za-z_][\w-]*)((?:\s+[^:]+)?):(?!=)(.*)")
REFERENCE = pattern(r"\$[({]([\w.-]+)[)}]")
JUST_REFERENCE = pattern(r"\{\{([^{}]*)\}\}")
PREFIX = pattern(r"\s*([@+-]+)\s*")
DIRECTIVES = ("if", "else", "endif", "include", "-include", "sinclude", "export", "unexport", "vpath", "undefine")


def read_makefile(path: str, text: str) -> Iterator[ProjectCommand]:
    """The targets of a Makefile with the commands of their recipes."""
    variables: dict[str, str] = {}
    rules: list[tuple[tuple[str, ...], int, str, list[tuple[int, str]]]] = []
    defining = False
    for number, line in logical_lines(text):
        stripped = line.strip()
        if defining:
            defining = stripped != "endef"
        elif line.startswith("\t"):
            if rules:
                rules[-1][3].append((number, line[1:]))
        elif not stripped or stripped.startswith("#"):
            continue
        elif stripped.startswith("define "):
            defining = True
        elif assignment := ASSIGNMENT.fullmatch(stripped):
            variables[assignment[1]] = assignment[2].partition(" #")[0].strip()
        elif stripped.split(None, 1)[0].startswith(DIRECTIVES) and ":" not in stripped.split(None, 1)[0]:
            continue
        elif rule := RULE.match(stripped):
            needs, _, inline = rule[2].partition("#")[0].partition(";")
            names = tuple(n for n in expand(rule[1], variables).split() if not n.startswith(".") or "/" in n)
            rules.append((names, number, expand(needs, variables), [(number, inline)] if inline.strip() else []))
    for names, number, needs, recipe in rules[:MAX_TARGETS]:
        commands = recipe_commands(path, recipe, variables)
        wanted = tuple(needs.replace("|", " ").split()) if "=" not in needs else ()
        for name in names[:20]:
            yield ProjectCommand("make", name, path, number, commands, wanted)


def recipe_commands(path: str, recipe: list[tuple[int, str]], variables: Mapping[str, str]) -> tuple[Command, ...]:
    """The commands of a recipe, each line of which a shell of its own runs."""
    found: list[Command] = []
    for number, raw in recipe:
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        prefix = PREFIX.match(line)
        line = line[prefix.end() :] if prefix else line
        text = expand(line, variables).replace("$(shell ", "$(").replace("$$", "$")
        ignored = " || true" if prefix and "-" in prefix[1] else ""
        found += (c for c in parse_commands(text + ignored, path=path, line=number) if c.words != ("true",))
    return tuple(found)


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with the number of the first, a backslash at the end joining the next (kept within a recipe)."""
    pending = ""
    start = 0
    for number, raw in enumerate(text[:MAX_CHARACTERS].split("\n"), start=1):
        line = raw[:MAX_LINE]
        start = start if pending else number
        if line.endswith("\\") and len(pending) < MAX_LINE:
            pending += line + "\n" if (pending or line).startswith("\t") else line[:-1] + " "
            continue
        yield start, pending + line
        pending = ""
    if pending:
        yield start, pending


def expand(text: str, variables: Mapping[str, str]) -> str:
    """`text` with simple variables put in, two deep; functions, automatic and unknown variables stay."""
    for _ in range(2):
        if "$" not in text:
            break
        text = REFERENCE.sub(lambda match: variables.get(match[1], match[0]), text)[:MAX_LINE]
    return text


def read_justfile(path: str, text: str) -> Iterator[ProjectCommand]:
    """The recipes of a justfile."""
    variables: dict[str, str] = {}
    recipes: list[tuple[str, int, tuple[str, ...], list[str]]] = []
    for number, raw in enumerate(text[:MAX_CHARACTERS].split("\n"), start=1):
        line = raw[:MAX_LINE]
        if line[:1] in (" ", "\t") or not line.strip():
            if recipes:
                recipes[-1][3].append(line)
            continue
        if line.startswith(("#", "[", "set ", "alias ", "import ", "mod ")):
            continue
        assignment = JUST_ASSIGNMENT.match(line)
        if assignment:
            variables[assignment[1]] = assignment[2]
        elif rule := JUST_RULE.match(line):
            needs = tuple(word.strip("()") for word in rule[3].partition("#")[0].split() if word != "&&")
            recipes.append((rule[1], number, needs, []))

    def value(match: re.Match[str]) -> str:
        return variables.get(match[1].strip(), "{}")

    for name, number, needs, body in recipes[:MAX_TARGETS]:
        shebang = next((line.strip() for line in body if line.strip()), "")
        if shebang.startswith("#!") and "sh" not in shebang.rpartition("/")[2]:
            yield ProjectCommand(
                "just", name, path, number, parse_commands(shebang[2:], path=path, line=number + 1), needs
            )
            continue
        script = "\n".join(PREFIX.sub("", line, count=1) if PREFIX.match(line) else line for line in body)
        script = JUST_REFERENCE.sub(value, script)
        yield ProjectCommand("just", name, path, number, parse_commands(script, path=path, line=number + 1), needs)
