"""TOML with line numbers: `tomllib` says what a document means, a small scanner where each value stands.

The scanner runs over documents that `tomllib` has accepted only, so it need not recognise errors. (`tomlkit` knows the
places too, but takes twenty times as long.)
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from functools import lru_cache
from typing import Any

from auditor.patterns import pattern

TomlPath = tuple[str | int, ...]
"""Keys and list positions that lead to a value."""

SIZE = 2_000_000
"""Longer documents (in characters) are not scanned for lines; a lock file is read without them."""
PARTS = 500
"""More dots in one line are refused: `tomllib` takes time by the square of a dotted key's parts."""
KEYS = 20
"""More parts of a dotted key are refused: each line of a table takes time by the parts of the table's name."""
DEPTH = 2 * KEYS
"""Values below more keys and positions get no lines: each takes time by its depth."""
REMEMBERED = 32
"""Documents that are kept as read: several readers ask for the same `pyproject.toml`."""
REMEMBERED_SIZE = 50_000
"""Longer documents (in characters) are not kept."""

_NAMED = pattern(r"\(at line (\d+), column \d+\)$")
"""How `tomllib` says where a document is at fault."""
_DOTTED = pattern(rf"^(?:[^.\n]*+\.){{{KEYS}}}[^\n]*+", re.MULTILINE)
_BLANK = pattern(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACE = pattern(r"[ \t]*+")
_KEY = pattern(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_DOT = pattern(r"[ \t]*+\.[ \t]*+")
# No possessive repeat around a look-ahead: Python 3.11.0 to 3.11.4 match those wrongly.
_SCALAR = pattern(
    r""""{3}(?:[^"\\]|\\.|"(?!""))*"{3,5}"""
    r"""|'{3}(?:[^']|'(?!''))*'{3,5}"""
    r"""|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'|[^,\]}#\n]++""",
    re.DOTALL,
)


class TomlError(ValueError):
    """A text that is not TOML, or more than what is read. `line` counts from 1, and is None where no line is at fault."""

    def __init__(self, fault: str, text: str) -> None:
        super().__init__(fault)
        named = _NAMED.search(fault)
        last = text.rstrip().count("\n") + 1 if fault.endswith("(at end of document)") else None
        self.line = int(named[1]) if named else last


def parse_toml(text: str) -> dict[str, Any]:
    """The document `text`, not to be changed: others are given the same.

    Raises ValueError with a reason, also for nesting, numbers and keys beyond Python's limits and ours.
    """
    document, fault = (_remembered if len(text) <= REMEMBERED_SIZE else _read)(text)
    if fault:
        raise TomlError(fault, text)
    return document


def toml_lines(text: str) -> dict[TomlPath, int]:
    """Line (from 1) of every key, table and list item of a valid document; empty where it is too long or too deep.

    Not to be changed: others are given the same.
    """
    return (_remembered_lines if len(text) <= REMEMBERED_SIZE else _lines)(text)


def _read(text: str) -> tuple[dict[str, Any], str]:
    """The document, or why there is none."""
    for dotted in _DOTTED.finditer(text):
        line = dotted[0]
        if line.count(".") > PARTS:
            return {}, f"a line with more than {PARTS} dots"
        if _parts(line) > KEYS:
            return {}, f"a key of more than {KEYS} parts"
    try:
        return tomllib.loads(text), ""
    except RecursionError:
        return {}, "TOML nested too deeply"
    except ValueError as error:
        return {}, f"not valid TOML: {error}"


def _parts(line: str) -> int:
    """Parts of the key, or of the table's name, that a line begins with; 0 where it begins with neither."""
    match = _KEY.match(line, len(line) - len(line.lstrip(" \t[")))
    parts = 0
    while match is not None:
        parts += 1
        dot = _DOT.match(line, match.end())
        match = _KEY.match(line, dot.end()) if dot else None
    return parts


def _lines(text: str) -> dict[TomlPath, int]:
    if len(text) > SIZE:
        return {}
    scanner = _Scanner(text)
    try:
        scanner.document()
    except (RecursionError, _LostError):
        return {}
    return scanner.lines


_remembered = lru_cache(REMEMBERED)(_read)
_remembered_lines = lru_cache(REMEMBERED)(_lines)


class _LostError(Exception):
    """The scanner met something that it does not know, or that is nested too deep for it."""


class _Scanner:
    """Walks over a document once, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[TomlPath, int] = {}
        self._breaks = [i for i, c in enumerate(text) if c == "\n"]
        self._items: dict[TomlPath, int] = {}

    def document(self) -> None:
        table: TomlPath = ()
        while self._blank():
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> TomlPath:
        start = self.at
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        keys = self._keys()
        self._expect("]]" if many else "]")
        path: TomlPath = ()
        for key in keys[:-1]:
            self._found((*path, key), start)
            path = self._latest((*path, key))
        path = (*path, keys[-1])
        if many:
            self._items[path] = self._items.get(path, -1) + 1
            self._found(path, start)
        path = self._latest(path)
        self._found(path, start)
        return path

    def _latest(self, path: TomlPath) -> TomlPath:
        """`path`, or its last item where it is an array of tables."""
        return (*path, self._items[path]) if path in self._items else path

    def _pair(self, table: TomlPath) -> None:
        start = self.at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._found(path, start)
        self._expect("=")
        self._value(path)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._space()
            match = _KEY.match(self.text, self.at)
            if match is None:
                raise _LostError
            self.at = match.end()
            token = match.group()
            keys.append(token if token[0] not in "\"'" else str(tomllib.loads(f"k = {token}")["k"]))
            self._space()
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _value(self, path: TomlPath) -> None:
        self._space()
        if self.text.startswith("[", self.at):
            self._list(path)
        elif self.text.startswith("{", self.at):
            self._inline_table(path)
        else:
            match = _SCALAR.match(self.text, self.at)
            if match is None:
                raise _LostError
            self.at = match.end()

    def _list(self, path: TomlPath) -> None:
        self.at += 1
        position = 0
        while self._blank() and not self.text.startswith("]", self.at):
            self._found((*path, position), self.at)
            self._value((*path, position))
            position += 1
            self._blank()
            if self.text.startswith(",", self.at):
                self.at += 1
        self._expect("]")

    def _inline_table(self, path: TomlPath) -> None:
        self.at += 1
        while self._blank() and not self.text.startswith("}", self.at):
            self._pair(path)
            self._blank()
            if self.text.startswith(",", self.at):
                self.at += 1
        self._expect("}")

    def _expect(self, mark: str) -> None:
        if not self.text.startswith(mark, self.at):
            raise _LostError
        self.at += len(mark)

    def _space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _blank(self) -> bool:
        """Skip blanks, line ends and comments; whether anything follows."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _found(self, path: TomlPath, at: int) -> None:
        if len(path) > DEPTH:
            raise _LostError
        self.lines.setdefault(path, bisect_right(self._breaks, at - 1) + 1)
