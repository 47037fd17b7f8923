"""Code in colours: what Pygments calls each piece of a line, as plain data that a template escapes like any other text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

Piece = tuple[str, str]
"""A class of the style sheet, empty for plain text, and the text."""

KINDS: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "cm"),
    (String.Doc, "cm"),
    (String, "st"),
    (Number, "nu"),
    (Keyword, "kw"),
    (Operator.Word, "kw"),
    (Name.Function, "fn"),
    (Name.Class, "fn"),
    (Name.Decorator, "fn"),
    (Name.Tag, "ta"),
    (Name.Attribute, "ta"),
    (Name.Builtin, "bu"),
)
MOST_CHARACTERS = 20_000
"""More than a page shows of one place; what is longer stays plain."""


def coloured(path: str, lines: Sequence[str]) -> tuple[tuple[Piece, ...], ...]:
    """The pieces of each line of consecutive `lines` of the file `path`; plain where its language is not known."""
    return pieces(path.rpartition("/")[2], tuple(lines))


@lru_cache(maxsize=2000)
def pieces(name: str, lines: tuple[str, ...]) -> tuple[tuple[Piece, ...], ...]:
    """The pieces of each line. Line for line what was given, whatever a lexer makes of it."""
    plain = tuple((("", line),) for line in lines)
    lexer = lexer_of(name)
    text = "\n".join(lines)
    if lexer is None or len(text) > MOST_CHARACTERS or "\r" in text:
        return plain
    found: list[list[Piece]] = [[]]
    for kind, value in lexer.get_tokens(text):
        css = css_class(kind)
        for number, part in enumerate(value.split("\n")):
            if number:
                found.append([])
            if part:
                found[-1].append((css, part))
    made = tuple(tuple(line) for line in found[: len(lines)])
    same = len(made) == len(lines) and all(
        "".join(part for _, part in line) == given for line, given in zip(made, lines, strict=True)
    )
    return made if same else plain


USUAL = ("a.py", "a.yaml", "a.toml", "a.md", "a.sh", "a.json", "a.ini", "a.txt", "Dockerfile", "Makefile")


def load_usual() -> None:
    """Load what the usual files need: the first text of each language would wait for it."""
    for name in USUAL:
        coloured(name, ["x"])


@lru_cache(maxsize=500)
def lexer_of(name: str) -> Lexer | None:
    """The lexer for files of this name."""
    if "dockerfile" in name.lower():
        name = "Dockerfile"
    try:
        return get_lexer_for_filename(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=500)
def css_class(kind: _TokenType) -> str:
    """The class of a token; a kind within another has that one's."""
    within = kind.split()
    return next((css for parent, css in KINDS if parent in within), "")
