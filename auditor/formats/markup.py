"""HTML and XML made safe for Python's parser, which takes quadratic time for markup that is begun and never ended."""

from __future__ import annotations

from auditor.patterns import pattern

_COMMENT = pattern(r"(?s)<!--.*?(?:-->|\Z)")
_LOOSE = pattern(r"<(?!/?[a-zA-Z](?:[^<>\"']|\"[^\"<]{0,1000}\"|'[^'<]{0,1000}'){0,1000}>)")
"""A `<` that begins no whole tag."""


def whole_tags(text: str) -> str:
    """`text` without comments, declarations and what only looks like a tag; every line stays where it is."""
    without_comments = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    return _LOOSE.sub(" ", without_comments)
