"""Documentation: Markdown documents with their headings, links, images and code blocks, and site generators' settings.

Sources: CommonMark, "GitHub Flavored Markdown"; MkDocs "Configuration", Sphinx "Configuration", Quarto "Websites",
Jupyter Book "Configuration reference", Docusaurus "Configuration", pdoc.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from auditor.facts.documents.document import CodeBlock, Document, Heading, Image, Link
from auditor.facts.documents.sites import MAX_LINE, SiteConfig, page_folders, site_configs
from auditor.formats.markup import whole_tags
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

MAX_CHARACTERS = 400_000
"""A longer document is read up to here."""
MAX_INLINE = 20_000
"""A longer paragraph is read as plain text: the time for nested brackets grows faster than their number."""
MAX_MARKS = 100_000
"""Brackets, stars, underscores and backticks in all documents' text; paragraphs after are read as plain text. Each costs some
20 microseconds where nothing closes it. A course's whole material has 15,000."""
MAX_DOCUMENTS = 500
MAX_REPORTS = 40
"""Documents that may be the report by their name, which go first; the search for the report opens as many."""
MAX_READMES = 100
"""READMEs that go before the documentation's pages."""
MAX_PAGES = 300
"""Pages of the documentation that go before the other documents."""
MAX_TOTAL = 3_000_000
"""Characters of all documents; a course's whole material has 800,000."""

REPORT = pattern(r"(?:^|/)(?:reports?|exam|rapport)/|(?:report|exam|checklist|hand-?in|rapport)[^/]*$")
"""Paths, in lower case, at which a group may have put its report."""


class Docs(Record, dict=True):
    """All documentation. `documents` are all Markdown files of the repository, the report among them."""

    documents: tuple[Document, ...]
    sites: tuple[SiteConfig, ...]
    rst_paths: tuple[str, ...]

    @property
    def readmes(self) -> tuple[Document, ...]:
        """Every README, that of the root first."""
        found = [d for d in self.documents if is_readme(d.path)]
        return tuple(sorted(found, key=lambda d: d.path.count("/")))

    @property
    def pages(self) -> tuple[Document, ...]:
        """The documents in a `docs` folder, or beside (or below) a generator's settings."""
        folders = page_folders(self.sites)
        return tuple(d for d in self.documents if d.path.startswith(folders))

    @cached_property
    def by_path(self) -> dict[str, Document]:
        """Documents by path."""
        return {document.path: document for document in self.documents}


@fact
def docs(snapshot: Snapshot) -> Docs:
    """Every Markdown document and every generator's settings."""
    sites = tuple(site_configs(snapshot))
    paths = by_importance(snapshot.named("*.md", "*.markdown", "*.mdx", "*.qmd", "*.myst"), sites)
    for path in paths[MAX_DOCUMENTS:]:
        snapshot.note(path, f"not read as documentation: more than {MAX_DOCUMENTS} documents")
    characters, marks = MAX_TOTAL, MAX_MARKS

    def read(snapshot: Snapshot, path: str) -> Iterator[Document]:
        nonlocal characters, marks
        text = snapshot.text(path)
        if text is None:
            return
        if len(text) > MAX_CHARACTERS:
            snapshot.note(path, f"only the first {MAX_CHARACTERS:,} characters were read as documentation")
        if min(len(text), MAX_CHARACTERS) > characters:
            snapshot.note(path, f"not read as documentation: more than {MAX_TOTAL:,} characters of documents")
            return
        characters -= min(len(text), MAX_CHARACTERS)
        reading = _Reading(path, marks)
        yield reading.read(text)
        marks = reading.marks_left
        if reading.plain:
            snapshot.note(path, f"links and code in it are left out: more than {MAX_MARKS:,} marks in documents")

    documents = sorted(each_file(snapshot, paths[:MAX_DOCUMENTS], read), key=lambda document: document.path)
    return Docs(tuple(documents), sites, snapshot.named("*.rst"))


def by_importance(paths: tuple[str, ...], sites: tuple[SiteConfig, ...]) -> list[str]:
    """Paths of documents, those that matter most first.

    What may be the report by its name, READMEs near the root, the documentation, the others.
    """
    if len(paths) <= 1:
        return list(paths)
    folders = page_folders(sites)
    near = sorted(paths, key=lambda path: path.count("/"))
    readmes = [path for path in near if is_readme(path)]
    pages = [path for path in near if path.startswith(folders)]
    reports = [path for path in near if REPORT.search(path.lower())]
    reports.sort(key=lambda path: not (is_readme(path) and "/" in path))
    return list(dict.fromkeys((*reports[:MAX_REPORTS], *readmes[:MAX_READMES], *pages[:MAX_PAGES], *near)))


def is_readme(path: str) -> bool:
    """Whether a file is a README by its name."""
    return path.rpartition("/")[2].lower().startswith("readme.")


MARKED = pattern(r"[\\`*_\[\]!<&~\n]")
"""What begins anything but text in a paragraph (CommonMark 6, GitHub Flavored Markdown 6.5), and line ends."""


@lru_cache(maxsize=1)
def reader() -> MarkdownIt:
    """Markdown as GitHub reads it, without the inline step, which is taken for each text by itself."""
    md = MarkdownIt("commonmark", {"maxNesting": 20}).enable(["table", "strikethrough"])
    md.core.ruler.disable("inline")
    return md


def read_document(path: str, text: str) -> Document:
    """The Markdown document in `text`; anything at all can be read."""
    return _Reading(path, MAX_MARKS).read(text)


class _Reading:
    """What is collected on the way through one document's tokens."""

    def __init__(self, path: str, marks: int) -> None:
        self.path = path
        self.marks_left = marks
        self.plain = False  # whether paragraphs were read as plain text because no marks were left
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.code_blocks: list[CodeBlock] = []
        self.inline_code: list[CodeBlock] = []
        self.paragraphs: list[tuple[int, str]] = []

    def read(self, text: str) -> Document:
        text = "\n".join(line[:MAX_LINE] for line in text[:MAX_CHARACTERS].split("\n"))
        if text.startswith("---\n") and "\n---" in text[4:]:
            end = text.index("\n---", 3) + 4
            text = "\n" * text[:end].count("\n") + text[end:].lstrip("-")
        environment: dict[str, object] = {}
        try:
            tokens = reader().parse(text, environment)
        except (RecursionError, ValueError, IndexError):
            tokens = []
        level = 0
        for token in tokens:
            line = token.map[0] + 1 if token.map else 1
            if token.type == "heading_open":
                level = int(token.tag[1:])
            elif token.type == "heading_close":
                level = 0
            elif token.type == "inline":
                self._inline(token.content, line, level, environment)
            elif token.type in ("fence", "code_block"):
                language = token.info.strip().split(None, 1)[0].strip("{}.").lower() if token.info.strip() else ""
                first = line + 1 if token.type == "fence" and token.content else line
                self.code_blocks.append(CodeBlock(self.path, first, language, token.content))
            elif token.type == "html_block":
                self._html(token.content, line)
        return Document(
            self.path,
            tuple(self.headings),
            tuple(self.links),
            tuple(self.images),
            tuple(self.code_blocks),
            tuple(self.inline_code),
            tuple(self.paragraphs),
        )

    def _inline(self, content: str, line: int, level: int, environment: dict[str, object]) -> None:
        children: list[Token] = []
        if len(content) <= MAX_INLINE and MARKED.search(content) and self._afford(content):
            try:
                reader().inline.parse(content, reader(), environment, children)
            except (RecursionError, ValueError, IndexError):
                children = []
        said = self._children(children, line) if children else content
        if level:
            self.headings.append(Heading(self.path, line, level, " ".join(said.split())))
        elif said.strip():
            self.paragraphs.append((line, said.strip()))

    def _afford(self, content: str) -> bool:
        """Whether a paragraph's marks are still within the bound; they are counted then."""
        marks = content.count("[") + content.count("*") + content.count("_") + content.count("`")
        if marks > self.marks_left:
            self.plain = True
            return False
        self.marks_left -= marks
        return True

    def _children(self, children: list[Token], line: int) -> str:
        said: list[str] = []
        opened: list[tuple[int, str, int]] = []
        markup: list[str] = []
        for token in children:
            if token.type in ("softbreak", "hardbreak"):
                line += 1
                said.append("\n")
            elif token.type == "text":
                said.append(token.content)
            elif token.type == "code_inline":
                said.append(token.content)
                self.inline_code.append(CodeBlock(self.path, line, "", token.content, inline=True))
            elif token.type == "image":
                self.images.append(Image(self.path, line, token.content, str(token.attrs.get("src", ""))))
            elif token.type == "link_open":
                opened.append((len(said), str(token.attrs.get("href", "")), line))
            elif token.type == "link_close" and opened:
                start, target, first = opened.pop()
                self.links.append(Link(self.path, first, "".join(said[start:]), target))
            elif token.type == "html_inline":
                markup.append(token.content)
                continue
            markup.append("")
        if any(markup):
            self._html("".join(part for part in markup if part), line)
        return "".join(said)

    def _html(self, content: str, line: int) -> None:
        page = _Markup()
        try:
            page.feed(whole_tags(content[:MAX_CHARACTERS]))
            page.close()
        except (ValueError, AssertionError, RecursionError):
            pass
        self.images += [Image(self.path, line + at - 1, alt, target) for at, alt, target in page.images]
        self.links += [Link(self.path, line + at - 1, text, target) for at, text, target in page.links]
        said = " ".join("".join(page.text).split())
        if said:
            self.paragraphs.append((line, said))


class _Markup(HTMLParser):
    """`<img>`, `<a>` and the text of HTML within Markdown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.images: list[tuple[int, str, str]] = []
        self.links: list[tuple[int, str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "img" and given.get("src"):
            self.images.append((self.getpos()[0], given.get("alt", ""), given["src"]))
        elif tag == "a" and given.get("href"):
            self.links.append((self.getpos()[0], "", given["href"]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.links and not self.links[-1][1]:
            line, _, target = self.links[-1]
            self.links[-1] = (line, data.strip(), target)
