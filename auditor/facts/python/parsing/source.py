"""Python source as it is parsed, and where its lines stand in the file: notebooks are JSON around their cells."""

from __future__ import annotations

import json
from bisect import bisect_right

from auditor.patterns import pattern
from auditor.records import Record, replace

MAGIC = pattern(r"^\s*+(?:[%!]{1,2}[\w./~{]|\?|[\w.\[\]\"']++\?{1,2}\s*$|[\w, ]+=\s*[%!])")
"""IPython's line magics, shell commands and help requests ("IPython Documentation", Built-in magic commands)."""

CELL_MAGIC_PYTHON = ("%%time", "%%timeit", "%%capture", "%%prun")
"""Cell magics whose cell is still Python in this process; the others hand it to another program."""


class Source(Record):
    """Code and, per line of it, the line of the file and its text."""

    code: str
    numbers: tuple[int, ...] | None
    texts: tuple[str, ...]
    cells: tuple[int, ...] = ()
    """Of a notebook: the first line of each cell, in the code."""

    def without_cell(self, line: int) -> Source | None:
        """The same code with the cell around `line` made comments; None where nothing of it is left to take out."""
        if not self.cells:
            return None
        number = max(bisect_right(self.cells, line) - 1, 0)
        start, end = self.cells[number], (*self.cells[1:], len(self.texts) + 1)[number]
        lines = self.code.split("\n")
        cell = lines[start - 1 : end - 1]
        if all(not line or line.startswith("#") for line in cell):
            return None
        lines[start - 1 : end - 1] = [f"# {line}" for line in cell]
        return replace(self, code="\n".join(lines))

    def place(self, line: int) -> tuple[int, str]:
        """Line number in the file and text of line `line` of the code."""
        text = self.texts[line - 1] if 0 < line <= len(self.texts) else ""
        if self.numbers is None:
            return line, text
        return (self.numbers[line - 1] if 0 < line <= len(self.numbers) else 1), text


def source_of(path: str, text: str) -> Source:
    """The Python in a `.py` file or notebook. Raises ValueError where it is no notebook."""
    return notebook(text) if path.endswith(".ipynb") else script(text)


def script(text: str) -> Source:
    """A `.py` file. Jupyter exports hold `get_ipython()` calls, which are Python."""
    text = text.removeprefix("\ufeff").replace("\f", " ")
    return Source(text, None, tuple(text.split("\n")))


def notebook(text: str) -> Source:
    """The code cells of a notebook, one after another, magics made comments. Raises ValueError where it is none.

    Lines are found in the JSON text by the very string that holds them, in order; nbformat writes one line per string.
    """
    try:
        cells = json.loads(text).get("cells")
    except (AttributeError, RecursionError):
        raise ValueError("not a notebook") from None
    if not isinstance(cells, list):
        raise ValueError("a notebook without cells")
    places = _Places(text)
    code: list[str] = []
    numbers: list[int] = []
    starts: list[int] = []
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", "")
        if isinstance(source, list):
            pieces = [piece for piece in source if isinstance(piece, str)]
        else:
            pieces = source.splitlines(keepends=True) if isinstance(source, str) else []
        starts.append(len(code) + 1)
        lines = "".join(pieces).split("\n")
        whole = len(pieces) >= len(lines) - 1 and isinstance(source, list)
        for index, line in enumerate(_neutral(lines)):
            code.append(line)
            numbers.append(places.find(pieces[index] if whole and index < len(pieces) else None))
    return Source("\n".join(code) + "\n", tuple(numbers), tuple(code), tuple(starts))


class _Places:
    """Finds JSON strings in a text, each after the one before."""

    def __init__(self, text: str) -> None:
        self._at: dict[str, list[int]] = {}
        self._line = 1
        for number, line in enumerate(text.split("\n"), 1):
            line = line.strip().removesuffix(",")
            if line.startswith('"') and line.endswith('"') and len(line) < 5_000:
                self._at.setdefault(line, []).append(number)
        for found in self._at.values():
            found.reverse()

    def find(self, piece: str | None) -> int:
        """Line of the next place of `piece`, else of what was found last."""
        if piece is None:
            return self._line
        for ascii_only in (False, True):
            numbers = self._at.get(json.dumps(piece, ensure_ascii=ascii_only), [])
            while numbers:
                number = numbers.pop()
                if number >= self._line:
                    self._line = number
                    return number
        return self._line


def _neutral(lines: list[str]) -> list[str]:
    """The lines of a cell with what only IPython understands made comments (`pass`, where it is indented)."""
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not first.startswith(CELL_MAGIC_PYTHON):
        return [f"# {line}" for line in lines]
    result = []
    continued = False
    for line in lines:
        magic = MAGIC.match(line)
        if continued or (magic and not line.lstrip().startswith("#")):
            indent = line[: len(line) - len(line.lstrip())]
            result.append(f"# {line}" if continued or not indent else f"{indent}pass  # {line.strip()}")
            continued = line.rstrip().endswith("\\")
        else:
            result.append(line)
    return result
