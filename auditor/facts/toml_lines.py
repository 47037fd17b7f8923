"""TOML with line numbers: `tomllib` says what a document means, a small scanner where each value stands.

The scanner runs over documents that `tomllib` has accepted only, so it need not recognise errors. (`tomlkit` knows the
places too, but takes twenty times as long.)
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import Any

TomlPath = tuple[str | int, ...]
"""Keys and list positions that lead to a value."""

SIZE = 2_000_000
"""Longer documents (in characters) are not scanned for lines; a lock file is read without them."""
PARTS = 500
"""More dots in one line are refused: `tomllib` takes time by the square of a dotted key's parts."""

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACE = re.compile(r"[ \t]*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
# No possessive repeat around a look-ahead: Python 3.11.0 to 3.11.4 match those wrongly.
_SCALAR = re.compile(
    r""""{3}(?:[^"\\]|\\.|"(?!""))*"{3,5}"""
    r"""|'{3}(?:[^']|'(?!''))*'{3,5}"""
    r"""|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'|[^,\]}#\n]++""",
    re.DOTALL,
)


def parse_toml(text: str) -> dict[str, Any]:
    """The document `text`. Raises ValueError with a reason, also for nesting and numbers beyond Python's limits."""
    if any(line.count(".") > PARTS for line in text.split("\n")):
        raise ValueError(f"a line with more than {PARTS} dots")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("TOML nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"not valid TOML: {error}") from None


def toml_lines(text: str) -> dict[TomlPath, int]:
    """Line (from 1) of every key, table and list item of a valid document; empty where it is too long or too deep."""
    if len(text) > SIZE:
        return {}
    scanner = _Scanner(text)
    try:
        scanner.document()
    except (RecursionError, _LostError):
        return {}
    return scanner.lines


class _LostError(Exception):
    """The scanner met something that it does not know."""


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
        self.lines.setdefault(path, bisect_right(self._breaks, at - 1) + 1)
