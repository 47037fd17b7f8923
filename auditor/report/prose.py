"""The group's own lines as plain text, figures and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from itertools import islice
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from auditor.patterns import pattern
from auditor.report import sentences as splitting
from auditor.report.model import Figure, Link, OwnLine, Sentence

INLINE = MarkdownIt("commonmark", {"maxNesting": 20}).enable("strikethrough")
LONGEST_PARAGRAPH = 20_000
"""Characters of a paragraph whose Markdown is read; a longer one is taken as it stands."""
MOST_BRACKETS = 100
ALL_BRACKETS = 2_000
"""Brackets in such a paragraph, and in one answer: the search for their partners takes quadratic time."""

NEW_BLOCK = pattern(r"^\s*(?:[-*+•]\s|\d{1,3}[.)]\s|#{1,6}\s|\|)")
LEADER = pattern(r"^\s*(?:(?:[-*+•]|\d{1,3}[.)])\s+|#{1,6}\s+|\|\s*)")
ADDRESS = pattern(r"https?://[^\s<>()\[\]\"'`|]{3,500}")
TAG = pattern(r"</?[a-zA-Z][^<>]{0,300}>")


@dataclass(slots=True)
class Prose:
    """What the own lines of an answer hold."""

    sentences: tuple[Sentence, ...] = ()
    figures: list[Figure] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    brackets: int = 0


def read_prose(lines: Sequence[OwnLine]) -> Prose:
    """Sentences, figures and links of own prose lines."""
    prose = Prose()
    found: list[Sentence] = []
    for paragraph in paragraphs(lines):
        found.extend(splitting.sentences(plain(paragraph, prose)))
        if len(found) > splitting.MOST:
            break
    prose.sentences = tuple(islice(found, splitting.MOST))
    return prose


def paragraphs(lines: Iterable[OwnLine]) -> Iterator[list[OwnLine]]:
    """Lines that belong together: they follow each other, and none begins a list item, heading or table row."""
    paragraph: list[OwnLine] = []
    for line in lines:
        if paragraph and (
            line.line != paragraph[-1].line + 1 or NEW_BLOCK.match(line.text) or _heading(paragraph[-1].text)
        ):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _heading(text: str) -> bool:
    return bool(re.match(r"^\s*#{1,6}\s", text)) or text.rstrip().endswith(("<br>", "<br/>", "<br />"))


def plain(paragraph: Sequence[OwnLine], prose: Prose) -> list[OwnLine]:
    """The paragraph without Markdown's marks; figures and links go to `prose`."""
    raw = "\n".join([LEADER.sub("", paragraph[0].text), *(line.text.strip() for line in paragraph[1:])])
    brackets = raw.count("[")
    prose.brackets += brackets
    if len(raw) > LONGEST_PARAGRAPH or (brackets and (brackets > MOST_BRACKETS or prose.brackets > ALL_BRACKETS)):
        return list(paragraph)
    try:
        tokens = INLINE.parseInline(raw)[0].children or []
    except RecursionError:
        return list(paragraph)
    texts = [""] * len(paragraph)
    index = 0
    struck = 0
    link: tuple[str, int, int] | None = None
    for token in tokens:
        line = paragraph[index].line
        match token.type:
            case "softbreak" | "hardbreak":
                index = min(index + 1, len(paragraph) - 1)
            case "s_open":
                struck += 1
            case "s_close":
                struck -= 1
            case "link_open":
                link = (attribute(token, "href"), index, len(texts[index]))
            case "link_close" if link is not None:
                target, at, start = link
                text = " ".join([texts[at][start:], *texts[at + 1 : index + 1]]) if at < index else texts[at][start:]
                prose.links.append(Link(text.strip() or target, target, paragraph[at].line))
                link = None
            case "image" if not struck:
                prose.figures.append(Figure(token.content, attribute(token, "src"), line))
            case "html_inline" if not struck:
                read_tag(token.content, line, prose)
            case "text" | "code_inline" if not struck:
                if link is None:
                    prose.links.extend(Link(a, a, line) for a in map(address, ADDRESS.findall(token.content)))
                texts[index] += token.content
    return [OwnLine(line.line, unescape(TAG.sub(" ", text))) for line, text in zip(paragraph, texts, strict=True)]


def address(found: str) -> str:
    """A bare address without the punctuation of the sentence that it stands in."""
    return found.rstrip(".,;:!?*_~")


def attribute(token: Token, name: str) -> str:
    """An attribute of a token as text."""
    return str(token.attrGet(name) or "")


def read_tag(tag: str, line: int, prose: Prose) -> None:
    """A figure or link written as an HTML tag."""
    if len(tag) > 2_000:
        return
    reader = _Tags(line, prose)
    reader.feed(tag)


class _Tags(HTMLParser):
    def __init__(self, line: int, prose: Prose) -> None:
        super().__init__()
        self.line, self.prose = line, prose

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        found = dict(attrs)
        if tag == "img" and found.get("src"):
            self.prose.figures.append(Figure(found.get("alt") or "", found["src"], self.line))
        elif tag == "a" and found.get("href"):
            self.prose.links.append(Link(found["href"], found["href"], self.line))
