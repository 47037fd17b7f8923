"""JavaScript and its relatives, read for what they call: code without comments, strings apart.

No parser: a scanner that knows comments, strings, template literals and regular expressions (ECMAScript Language
Specification, "Lexical Grammar"), which is what keeps words in comments and strings from counting as calls.
"""

from __future__ import annotations

from auditor.patterns import pattern
from auditor.records import Record

MOST_CHARACTERS = 400_000
"""A longer file was generated."""
LONGEST_LINE = 2_000
"""A longer line was written by a bundler."""

_TOKEN = pattern(
    r"//[^\n]*|/\*(?s:.*?)(?:\*/|\Z)"
    r"|\"(?:[^\"\\\n]|\\[\s\S])*+(?:\"|(?=\n)|\Z)|'(?:[^'\\\n]|\\[\s\S])*+(?:'|(?=\n)|\Z)|`(?:[^`\\]|\\[\s\S])*+(?:`|\Z)"
    r"|(?<=[=(,:;!&|?{}\[\n])[ \t]{0,20}/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,80}+\]){1,200}+/[a-z]{0,8}"
)
_FILLED_IN = pattern(r"\$\{([^{}`]{0,500})\}")


class Script(Record):
    """`code` has the comments blanked and every string empty, line for line as the source; `strings` are (line, text)."""

    code: str
    strings: tuple[tuple[int, str], ...]

    def line_of(self, position: int) -> int:
        """The line, from 1, of a place in `code`."""
        return self.code.count("\n", 0, position) + 1


def read_script(text: str) -> Script | None:
    """The script in `text`; None where a tool wrote it."""
    if len(text) > MOST_CHARACTERS or any(len(line) > LONGEST_LINE for line in text.split("\n")):
        return None
    strings: list[tuple[int, str]] = []
    pieces: list[str] = []
    at = line = 0
    for found in _TOKEN.finditer(text):
        before = text[at : found.start()]
        token = found[0]
        pieces.append(before)
        line += before.count("\n")
        if token[0] in "\"'`":
            strings.append((line + 1, token[1:-1]))
            # What a template literal fills in is code.
            filled = " ".join(_FILLED_IN.findall(token)) if token[0] == "`" else ""
            pieces.append(f"{token[0]}{filled}{token[0]}" if filled.count("\n") == 0 else token[0] * 2)
        else:
            pieces.append(" ")
        pieces.append("\n" * (token.count("\n") - pieces[-1].count("\n")))
        line += token.count("\n")
        at = found.end()
    pieces.append(text[at:])
    return Script("".join(pieces), tuple(strings))
