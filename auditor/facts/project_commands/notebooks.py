"""Commands in notebooks: `!command`, cells for a shell, and IPython's magics that run or profile something.

Source: IPython documentation, "Built-in magic commands"; the magics of line_profiler, memory_profiler and pyinstrument.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from auditor.facts.project_commands.model import CommandUse
from auditor.formats.shell import Command, parse_commands
from auditor.patterns import pattern

SHELL_CELL = pattern(r"%%(bash|sh|script\s+(ba)?sh|cmd)\b")
MAGIC = pattern(r"\s*%%?(prun|lprun|mprun|memit|timeit|pyinstrument|scalene|scalene_run|memray_flamegraph|run)\b(.*)")
MAX_LINES = 20_000


def notebook_commands(path: str, text: str) -> Iterator[CommandUse]:
    """What a notebook's code cells hand to a shell, and its magics; nothing where the file is no notebook (`facts/python` says so)."""
    if '"!' not in text and '"%' not in text:
        return
    for lines in code_cells(text):
        first = next((line for _, line in lines if line.strip()), "")
        if SHELL_CELL.match(first):
            script = "\n".join(line for _, line in lines if not line.startswith("%%"))
            commands: tuple[Command, ...] = parse_commands(script, path=path, line=lines[0][0])
            yield from (CommandUse("notebook", path, command) for command in commands)
            continue
        for number, line in lines:
            plain = line.strip()
            magic = MAGIC.match(line)
            if plain.startswith("!"):
                commands = parse_commands(plain.lstrip("!"), path=path, line=number)
            elif magic and magic[1] == "run":
                commands = parse_commands(f"python{magic[2]}", path=path, line=number)
            elif magic:
                words = (magic[1], *magic[2].split())
                commands = (Command(words, number, plain, path, calls=(words,)),)
            else:
                continue
            yield from (CommandUse("notebook", path, command) for command in commands)


def code_cells(text: str) -> Iterator[list[tuple[int, str]]]:
    """The lines of each code cell with the line of the file that holds them (nbformat writes one line a string)."""
    try:
        found: Any = json.loads(text)
        cells = found["cells"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return
    rows = text.split("\n")
    at = 0
    for cell in cells if isinstance(cells, list) else ():
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", "")
        pieces = source if isinstance(source, list) else str(source).splitlines(keepends=True)
        lines: list[tuple[int, str]] = []
        for piece in pieces[:MAX_LINES]:
            if not isinstance(piece, str):
                continue
            if piece.lstrip().startswith(("!", "%")):
                quoted = json.dumps(piece, ensure_ascii=False)
                at = next((n for n in range(at, len(rows)) if quoted in rows[n]), at)
            lines += [(at + 1, line) for line in piece.rstrip("\n").split("\n")]
        if lines:
            yield lines
