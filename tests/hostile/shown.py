"""What an output may hold, whatever a repository holds: each function says what is wrong with one form of output."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
LOCAL = re.compile(
    r"^(?:#[\w.:-]*|group-[\w.-]+\.html(?:#[\w.:-]*)?|index\.html|claims\.csv|groups\.csv|grades\.xlsx|results\.json)$"
)
"""Addresses within a page or a site."""
EVENT = re.compile(r"^on", re.IGNORECASE)
MARK = "hostile-"
"""Begins the names of elements and attributes that the cases try to smuggle in."""


def console_faults(text: str) -> list[str]:
    """Characters that a terminal would obey, or that hide or turn text."""
    found = {c for c in text if c not in "\n\u00a0" and not c.isprintable()}
    return [f"console: {unicodedata.name(c, hex(ord(c)))}" for c in sorted(found)]


class Page(HTMLParser):
    """Elements and attributes of a page, and the text of its scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: set[str] = set()
        self.code: list[str] = []
        self.other: list[str] = []
        self._in_code = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.attributes.add((tag, ""))
        for name, value in attributes:
            self.attributes.add((tag, name))
            if name in ("href", "src", "action", "formaction", "data", "xlink:href", "srcset", "poster"):
                self.addresses.add(value or "")
        self._in_code = tag in ("script", "style")
        if self._in_code:
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_code = False

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code[-1] += data

    def handle_comment(self, data: str) -> None:
        self.other.append(f"comment {data[:60]!r}")

    def handle_pi(self, data: str) -> None:
        self.other.append(f"instruction {data[:60]!r}")

    def unknown_decl(self, data: str) -> None:
        self.other.append(f"declaration {data[:60]!r}")


def read_page(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    return page


def page_faults(text: str, model: Page, web: str = "") -> list[str]:
    """What a page has that the program's own templates do not make. `model` is a page of a harmless repository."""
    page = read_page(text)
    faults = [f"html: attribute or element {pair}" for pair in page.attributes if smuggled(*pair)]
    faults += [f"html: {one}" for one in page.other if one not in model.other]
    faults += [f"html: script or style {code[:80]!r}" for code in page.code if code not in model.code]
    for address in page.addresses:
        if not (LOCAL.match(address) or (web and address.startswith(web + "/")) or (web and address == web)):
            faults.append(f"html: address {address[:100]!r}")
    bad = {
        c
        for c in text
        if c not in "\n\t" and not c.isprintable() and not c.isspace() and ord(c) not in (0x200C, 0x200D, 0xAD)
    }
    faults += [f"html: {unicodedata.name(c, hex(ord(c)))}" for c in sorted(bad)]
    return faults


def smuggled(tag: str, name: str) -> bool:
    """Whether an element or attribute is none of the templates'."""
    if MARK in tag or MARK in name or EVENT.match(name):
        return True
    return tag in ("img", "iframe", "object", "embed", "svg", "base", "form", "applet", "frame", "marquee", "video")


def tokens_of(text: str) -> Iterator[Token]:
    """All tokens of a Markdown text, those within lines too."""
    stack = list(reversed(GITHUB.parse(text)))
    while stack:
        token = stack.pop()
        yield token
        stack += reversed(token.children or [])


def markdown_faults(text: str, web: str = "") -> list[str]:
    """HTML, pictures and links that do not lead to the repository's own page; headings that are none of the program's."""
    faults = []
    for token in tokens_of(text):
        if token.type in ("html_block", "html_inline", "image"):
            faults.append(f"markdown: {token.type} {token.content[:80]!r}")
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            if not (web and address.startswith(web)):
                faults.append(f"markdown: link to {address[:100]!r}")
    faults += [f"markdown: {unicodedata.name(c, hex(ord(c)))}" for c in sorted(set(text)) if unprintable(c)]
    return faults


def unprintable(character: str) -> bool:
    return (
        character != "\n"
        and not character.isprintable()
        and not character.isspace()
        and ord(character) not in (0x200C, 0x200D)
    )


def raw_faults(outputs: dict[str, str], hidden: Iterable[str]) -> list[str]:
    """Texts that stand in an output though they may stand in none."""
    return [
        f"{name}: shows {text[:12]!r}..." for text in hidden for name, output in outputs.items() if text in flat(output)
    ]


def flat(text: str) -> str:
    """The text without the line ends that a narrow terminal puts into it."""
    return text + re.sub(r"\n\s*", "", text)
