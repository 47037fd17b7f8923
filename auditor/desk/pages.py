"""The desk's pages from their templates: everything is escaped, and what is invisible is made visible, as on the static pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment

from auditor.desk.highlighting import coloured
from auditor.output.pages.claim_views import Snippet
from auditor.output.pages.html import TEMPLATES as SHARED
from auditor.output.pages.html import escaping
from auditor.output.words.wording import FINDINGS, NOT_A_PROOF, called, counted, day, set_aside_words

HERE = Path(__file__).parent
STATIC = HERE / "static"


def rendered(name: str, context: Mapping[str, object]) -> str:
    """A page as text that UTF-8 can hold."""
    return environment().get_template(name).render(context).encode("utf-8", "replace").decode()


@cache
def environment() -> Environment:
    """The desk's templates and those of the static pages, with what they need."""
    made = escaping(HERE / "templates", SHARED)
    made.globals |= {
        "findings": FINDINGS,
        "counted": counted,
        "day": day,
        "set_aside": set_aside_words,
        "not_a_proof": NOT_A_PROOF,
        "code_lines": code_lines,
        "called": called,
    }
    return made


def code_lines(snippet: Snippet) -> list[tuple[int, bool, tuple[tuple[str, str], ...]]]:
    """A snippet's lines as number, whether it is a place of evidence, and coloured pieces."""
    pieces = coloured(snippet.path, [line.text for line in snippet.lines])
    return [(line.number, line.hit, found) for line, found in zip(snippet.lines, pieces, strict=True)]


@cache
def version_of(name: str) -> str:
    """What tells one content of a static file from another, for its address."""
    return sha256(static_file(name)).hexdigest()[:10]


@cache
def static_file(name: str) -> bytes:
    """A style or script: the desk's own, or the style that it shares with the static pages."""
    return ((SHARED if name == "pages.css" else STATIC) / name).read_bytes()
