"""Shell text as tokens (POSIX.1-2024, Shell Command Language, 2.2 "Quoting" to 2.7 "Redirection"), leniently.

What would be a syntax error is read as plain text: nothing here raises. Every scan for a closing quote or bracket that
fails is not tried again, so that the time stays in proportion to the text.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from auditor.patterns import pattern

MAX_TEXT = 100_000
"""Longer text is cut here."""

OPERATORS = (
    *("<<<", "<<-", "&>>", ";;&", "&&", "||", ";;", ";&", "|&", "&>", "<<", ">>", ">|", "<>", ">&", "<&"),
    *("|", "&", ";", "(", ")", "<", ">"),
)
REDIRECTIONS = frozenset({"<<<", "&>>", "&>", ">>", ">|", "<>", ">&", "<&", "<", ">"})
HEREDOCS = frozenset({"<<", "<<-"})

_ARRAY = pattern(r"[A-Za-z_]\w*\+?=")
_VARIABLE = pattern(r"[A-Z][A-Z0-9_]*")
_CONTINUATION = pattern(r"[\\`^]\n")


class Inner(NamedTuple):
    """The script within a `$( )`, backticks or `<( )`."""

    text: str
    line: int


@dataclass(slots=True)
class Token:
    """A word, an operator, or a newline (an operator of its own). `text` of a word is without its quotes."""

    text: str
    line: int
    start: int
    end: int
    operator: bool = False
    quoted: bool = False
    inner: list[Inner] = field(default_factory=list)
    heredoc: str | None = None


class Lexer:
    """Tokens of one script. `first_line` is the line on which it begins."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text[:MAX_TEXT]
        self._first_line = first_line
        self._newlines = [i for i, c in enumerate(self.text) if c == "\n"]
        self._hopeless: set[str] = set()
        self._absent_before: dict[str, int] = {}
        self._heredocs: list[tuple[Token, str]] = []

    def line_at(self, index: int) -> int:
        """The line that a place in the text is on."""
        return self._first_line + bisect_right(self._newlines, index - 1)

    def tokens(self) -> list[Token]:
        """All tokens."""
        text, found, i = self.text, list[Token](), 0
        while i < len(text):
            c = text[i]
            if c == "\n":
                found.append(Token("\n", self.line_at(i), i, i + 1, operator=True))
                i = self._read_heredocs(i + 1)
            elif c in " \t\r\f\v":
                i += 1
            elif c in "\\`^" and _CONTINUATION.match(text, i):
                i += 2
            elif c == "#":
                i = self._end_of_line(i)
            elif c in "|&;()<>":
                i = self._operator(i, found)
            else:
                token = self._word(i)
                found.append(token)
                i = token.end
        return found

    def _operator(self, i: int, found: list[Token]) -> int:
        text = self.text
        if text[i] in "<>" and text.startswith("(", i + 1):
            end = self._closing(i + 2, ")")
            if end is not None:
                inner = [Inner(text[i + 2 : end], self.line_at(i))]
                found.append(Token(text[i : end + 1], self.line_at(i), i, end + 1, inner=inner))
                return end + 1
        if text.startswith("((", i):
            end = self._find("))", i, self._end_of_line(i))
            if end >= 0:
                found.append(Token("((", self.line_at(i), i, end + 2, quoted=True))
                return end + 2
        name = next(name for name in OPERATORS if text.startswith(name, i))
        if name in HEREDOCS:
            return self._heredoc(i, i + len(name), found)
        found.append(Token(name, self.line_at(i), i, i + len(name), operator=True))
        return i + len(name)

    def _heredoc(self, start: int, i: int, found: list[Token]) -> int:
        while i < len(self.text) and self.text[i] in " \t":
            i += 1
        if i >= len(self.text) or self.text[i] in "\n|&;()<>":
            return i
        delimiter = self._word(i)
        token = Token("<<", self.line_at(start), start, delimiter.end, operator=True)
        self._heredocs.append((token, delimiter.text))
        found.append(token)
        return delimiter.end

    def _read_heredocs(self, i: int) -> int:
        """Take the bodies of the heredocs that the line before began; the place after them."""
        for token, delimiter in self._heredocs:
            body = i
            while i < len(self.text):
                end = self._end_of_line(i)
                if self.text[i:end].strip() == delimiter:
                    token.heredoc = self.text[body:i]
                    i = min(end + 1, len(self.text))
                    break
                i = end + 1
            else:
                i = len(self.text)
                token.heredoc = self.text[body:]
        self._heredocs.clear()
        return i

    def _end_of_line(self, i: int) -> int:
        end = self.text.find("\n", i)
        return len(self.text) if end < 0 else end

    def _find(self, closing: str, i: int, limit: int) -> int:
        """As `str.find`; what was not found once is not looked for again in the same stretch."""
        if i < self._absent_before.get(closing, 0):
            return -1
        end = self.text.find(closing, i, limit)
        if end < 0:
            self._absent_before[closing] = limit
        return end

    def _word(self, start: int) -> Token:
        """The word that begins at `start`; at least one character long."""
        text = self.text
        token = Token("", self.line_at(start), start, start)
        parts: list[str] = []
        i = start
        while i < len(text):
            c = text[i]
            if c in " \t\r\f\v\n|&;<>)":
                break
            if c == "(":
                end = self._closing(i + 1, ")") if _ARRAY.fullmatch(text[start:i]) else None
                if end is None:
                    break
                parts.append(text[i : end + 1])
                i = end + 1
            elif c in "\\`^" and _CONTINUATION.match(text, i):
                i += 2
            elif c == "'":
                i = self._single_quoted(i, parts, token)
            elif c == '"':
                end = self._closing(i + 1, '"')
                if end is None:
                    parts.append(c)
                    i += 1
                else:
                    token.quoted = True
                    self._expand(i + 1, end, parts, token)
                    i = end + 1
            else:
                i = self._character(i, len(text), parts, token)
        token.text = "".join(parts)
        token.end = max(i, start + 1)
        return token

    def _single_quoted(self, i: int, parts: list[str], token: Token) -> int:
        end = -1 if "'" in self._hopeless else self.text.find("'", i + 1)
        if end < 0:
            self._hopeless.add("'")
            parts.append("'")
            return i + 1
        token.quoted = True
        parts.append(self.text[i + 1 : end])
        return end + 1

    def _expand(self, i: int, end: int, parts: list[str], token: Token) -> None:
        """Take what stands between double quotes."""
        while i < end:
            if self.text[i] == "\\" and i + 1 < end and self.text[i + 1] not in '"\\$`\n':
                parts.append(self.text[i : i + 2])
                i += 2
            else:
                i = self._character(i, end, parts, token)

    def _character(self, i: int, limit: int, parts: list[str], token: Token) -> int:
        """Take one character, or the expansion that begins there; the place after it."""
        text = self.text
        c = text[i]
        if c == "\\" and i + 1 < limit:
            following = text[i + 1]
            if following != "\n":
                # A backslash before a letter is more often a Windows path than an escape.
                parts.append(c + following if following.isalnum() or following == "." else following)
            return i + 2
        if c == "`":
            end = self._find("`", i + 1, limit)
            if end >= 0:
                token.inner.append(Inner(text[i + 1 : end], self.line_at(i)))
                parts.append(text[i : end + 1])
                return end + 1
        elif c == "$" or text.startswith("{{", i):
            end = self._expansion(i, limit, token)
            if end > i:
                parts.append(text[i:end])
                return end
        parts.append(c)
        return i + 1

    def _expansion(self, i: int, limit: int, token: Token) -> int:
        """The end of the `${{ }}`, `{{ }}`, `$(( ))`, `$( )` or `${ }` that begins at `i`; `i` where none does."""
        text = self.text
        for opening, closing in (("${{", "}}"), ("{{", "}}"), ("$((", "))"), ("${", "}")):
            if text.startswith(opening, i):
                end = self._find(closing, i, min(limit, self._end_of_line(i)))
                if end >= 0:
                    return end + len(closing)
        if text.startswith("$(", i):
            close = self._closing(i + 2, ")")
            if close is not None and close < limit:
                content = text[i + 2 : close]
                if not _VARIABLE.fullmatch(content):  # Make's $(PYTHON)
                    token.inner.append(Inner(content, self.line_at(i)))
                return close + 1
        return i

    def _closing(self, i: int, opener: str) -> int | None:
        """The place of the `)` or `"` that closes what was opened before `i`; None where nothing does."""
        if opener in self._hopeless:
            return None
        text, stack = self.text, [opener]
        while i < len(text):
            c = text[i]
            if c == "\\":
                i += 1
            elif c == stack[-1]:
                stack.pop()
                if not stack:
                    return i
            elif text.startswith("$(", i):
                stack.append(")")
                i += 1
            elif stack[-1] == ")":
                if c == "(":
                    stack.append(")")
                elif c == '"':
                    stack.append('"')
                elif c == "'":
                    end = text.find("'", i + 1)
                    i = end if end >= 0 else i
            i += 1
        self._hopeless.add(opener)
        return None
