"""A Markdown file as it is passed on: headings, links, pictures, code."""

from __future__ import annotations

from auditor.evidence import Place, seen
from auditor.records import Record
from auditor.repository.paths import normalise


class Heading(Record):
    """A heading of level 1 to 6."""

    path: str
    line: int
    level: int
    text: str


class Link(Record):
    """A link: its words, and where it leads as it is written."""

    path: str
    line: int
    text: str
    target: str

    @property
    def evidence(self) -> Place:
        """The link."""
        return seen(self.path, self.line, f"{self.text} -> {self.target}")


class Image(Record):
    """An image that is shown; `file` is the path in the repository that its target means, None for a URL."""

    path: str
    line: int
    alt: str
    target: str

    @property
    def file(self) -> str | None:
        """Path relative to the repository's root."""
        return local_path(self.path, self.target)

    @property
    def evidence(self) -> Place:
        """The image."""
        return seen(self.path, self.line, f"image {self.target}")


class CodeBlock(Record):
    """A fenced or indented block, or (`inline`) code within a line; `line` is that of the first line of code."""

    path: str
    line: int
    language: str
    text: str
    inline: bool = False


class Document(Record):
    """One Markdown document."""

    path: str
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    code_blocks: tuple[CodeBlock, ...]
    inline_code: tuple[CodeBlock, ...]
    paragraphs: tuple[tuple[int, str], ...]
    """Line and plain text of every paragraph, list item and table cell."""

    @property
    def words(self) -> int:
        """Words of prose: paragraphs, without headings and code."""
        return sum(len(text.split()) for _, text in self.paragraphs)

    @property
    def evidence(self) -> Place:
        """The document by its first heading, or its first words."""
        if self.headings:
            return seen(self.path, self.headings[0].line, self.headings[0].text)
        line, text = self.paragraphs[0] if self.paragraphs else (None, "")
        return seen(self.path, line, text)


def local_path(document: str, target: str) -> str | None:
    """The path in the repository that a link or image in `document` means; None for a URL, an anchor, or data."""
    target = target.split("#", 1)[0].split("?", 1)[0].strip().replace("%20", " ")
    if not target or "://" in target[:30] or target.startswith(("//", "mailto:", "data:")):
        return None
    if target.startswith("/"):
        return normalise(target)
    return normalise(f"{document.rpartition('/')[0]}/{target}")
