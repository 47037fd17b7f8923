"""The micro-cases of a claim as examples for readers, as HTML that cannot be taken for anything but text.

A case holds code, workflows, Markdown and worse. It is highlighted and escaped here, and what Markdown could still take for
its own (a fence, a tab) is written as a character reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import yaml
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound

from auditor.records import Record

LONGEST = 60
"""Lines shown of a file; micro-cases are short, and a longer one is no example."""
KINDS = ("honest", "decoy", "edge")
ENDINGS = {".dockerfile": "Dockerfile", "Dockerfile": "Dockerfile", ".dvc": "data.yaml", "config": "config.ini"}
"""Ends of names that Pygments does not know, and a name that it knows for the same kind of file."""
REFERENCES = str.maketrans({"`": "&#96;", "~": "&#126;", "\t": "&#9;", "\x02": "", "\x03": ""})


class Example(Record):
    """One micro-case as it is shown: what lies in the repository, the verdict, and why it is the fair one."""

    name: str
    kind: str
    expect: tuple[str, ...]
    why: str
    files: tuple[tuple[str, str | None], ...] = ()
    """Path and content, None where the file is missing."""
    answers: tuple[tuple[int, str], ...] = ()
    """Number of the report's question, and the group's answer."""
    commits: tuple[tuple[str, str, str], ...] = ()
    """Author, day and message of further commits."""
    note: str = ""


def read_examples(folder: Path) -> dict[str, tuple[Example, ...]]:
    """The examples by claim id. Raises ValueError or KeyError where a file is none of micro-cases."""
    found: dict[str, tuple[Example, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[document["claim"]] = tuple(example(case) for case in document["cases"])
    return found


def example(case: dict[str, Any]) -> Example:
    """One case of a file. Files of further commits are shown as they are at the end."""
    files: dict[str, str | None] = dict(case.get("files") or {})
    commits = case.get("commits") or []
    for commit in commits:
        files.update(commit.get("files") or {})
    expect = case["expect"] if isinstance(case["expect"], list) else [case["expect"]]
    return Example(
        name=case["name"],
        kind=case.get("kind", "edge"),
        expect=tuple(expect),
        why=" ".join((case.get("why") or "").split()),
        files=tuple(files.items()),
        answers=tuple((number, str(text)) for number, text in (case.get("answers") or {}).items()),
        commits=tuple((one["author"], str(one["date"])[:10], one.get("message", "work")) for one in commits),
        note=case.get("note") or "",
    )


def as_html(one: Example) -> str:
    """The example as a folded block: its name and verdict in the summary, its reason and files inside."""
    lines = [
        '<details class="example" markdown="0">',
        f"<summary>{text(one.name)} <span class='verdict'>{text(' or '.join(one.expect))}</span></summary>",
    ]
    if one.why:
        lines.append(f"<p>{text(one.why)}</p>")
    lines += [shown(path, content) for path, content in one.files]
    if one.commits:
        rows = "".join(f"<li>{text(f'{day}, {author}: {message}')}</li>" for author, day, message in one.commits)
        lines.append(f"<p>Further commits:</p><ul>{rows}</ul>")
    lines += [shown(f"report, answer to question {number}", content) for number, content in one.answers]
    if one.note:
        lines.append(f"<p>Note on the item's line: <q>{text(one.note)}</q></p>")
    if len(lines) == 2 + bool(one.why):
        lines.append("<p>Nothing but the small project that every example begins with.</p>")
    return "\n".join((*lines, "</details>"))


def shown(path: str, content: str | None) -> str:
    """One file with its name above it."""
    name = f'<span class="filename">{text(path)}</span>'
    if content is None:
        return f'<div class="highlight">{name}<pre><code>(this file is missing)</code></pre></div>'
    lines = content.splitlines()
    left = f"\n(and {len(lines) - LONGEST} more lines)" if len(lines) > LONGEST else ""
    if not content.strip():
        code = "(an empty file)"
    else:
        formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
        code = highlight("\n".join(lines[:LONGEST]), lexer(path), formatter).rstrip("\n") + left
    # A blank line inside a block of HTML would end it for some readers of Markdown.
    code = "\n".join(line if line.strip() else "&#8203;" for line in code.translate(REFERENCES).split("\n"))
    return f'<div class="highlight" data-search-exclude>{name}<pre><code>{code}</code></pre></div>'


def lexer(path: str) -> Lexer:
    """How the file is highlighted; as plain text where nothing fits."""
    name = next((known for end, known in ENDINGS.items() if path.endswith(end)), path.rpartition("/")[2])
    try:
        return get_lexer_for_filename(name, stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)


def text(plain: str) -> str:
    """Text on one line, for HTML inside Markdown."""
    return escape(" ".join(plain.split())).translate(REFERENCES)


def of_kind(examples: tuple[Example, ...], kind: str) -> Iterator[Example]:
    """The examples of one kind, in their order."""
    return (one for one in examples if one.kind == kind)
