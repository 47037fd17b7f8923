"""Settings of documentation sites, and which folders hold their pages."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

MAX_LINE = 20_000
"""A document with a longer line (an image written into the text, mostly) is read without that line's end."""


SITE_FILES = {
    "mkdocs.yml": "mkdocs",
    "mkdocs.yaml": "mkdocs",
    "_quarto.yml": "quarto",
    "_quarto.yaml": "quarto",
    "_toc.yml": "jupyter-book",
    "myst.yml": "myst",
    "zensical.toml": "zensical",
    "docusaurus.config.js": "docusaurus",
    "docusaurus.config.ts": "docusaurus",
    "book.toml": "mdbook",
    "antora.yml": "antora",
    "hugo.toml": "hugo",
    "hugo.yaml": "hugo",
    "mint.json": "mintlify",
    "retype.yml": "retype",
    "great-docs.yml": "great-docs",
    "book.json": "gitbook",
    ".gitbook.yaml": "gitbook",
    "typedoc.json": "typedoc",
    ".eleventy.js": "eleventy",
    "pydoc-markdown.yml": "pydoc-markdown",
}


SITES_BY_FOLDER = {".vitepress": "vitepress", ".vuepress": "vuepress"}
"""Folders that hold the settings of a generator whose pages stand beside the folder."""


SITES_BY_WORDS = (
    ("index.html", "docsify"),
    ("astro.config.", "starlight"),
    ("next.config.", "nextra"),
    ("eleventy.config.", "eleventy"),
)
"""Files that any page or site may have, and the word in them that makes them a generator's."""


README_PAGES = frozenset({"docsify", "vuepress", "gitbook", "mdbook"})
"""Generators whose front page is a README."""


class SiteConfig(Record):
    """The settings of a documentation generator: `mkdocs`, `sphinx`, `quarto`, `jupyter-book`, ..."""

    path: str
    generator: str
    line: int
    text: str

    @property
    def folder(self) -> str:
        """The folder that it stands in, or beside whose folder of settings the pages stand."""
        folder = self.path.rpartition("/")[0]
        parent, _, name = folder.rpartition("/")
        return parent if name in SITES_BY_FOLDER else folder

    @property
    def evidence(self) -> Place:
        """Its first line."""
        return seen(self.path, self.line, self.text)


def page_folders(sites: tuple[SiteConfig, ...]) -> tuple[str, ...]:
    """Folders of documentation, each with a slash at its end."""
    return tuple({f"{site.folder}/" for site in sites if site.folder} | {"docs/", "doc/", "documentation/"})


def site_configs(snapshot: Snapshot) -> Iterator[SiteConfig]:
    """The generators' settings in the repository."""
    for path in snapshot.paths:
        folder, _, name = path.rpartition("/")
        generator = SITE_FILES.get(name)
        if name == "conf.py" and any(
            f"{folder}/{index}".lstrip("/") in snapshot for index in ("index.rst", "index.md")
        ):
            generator = "sphinx"
        if name == "_config.yml" and f"{folder}/_toc.yml".lstrip("/") not in snapshot:
            generator = "jekyll"
        if name.startswith("config.") and folder.rpartition("/")[2] in SITES_BY_FOLDER:
            generator = SITES_BY_FOLDER[folder.rpartition("/")[2]]
        for begins, word in SITES_BY_WORDS:
            if name.startswith(begins) and word in (snapshot.text(path) or ""):
                generator = word
        if generator is not None:
            line, text = first_line(snapshot, path)
            if text:
                yield SiteConfig(path, generator, line, text)


def first_line(snapshot: Snapshot, path: str) -> tuple[int, str]:
    """The first line that says something, comments aside; line 1 and no text where there is none."""
    for number, line in enumerate(snapshot.lines(path), start=1):
        text = line.strip()
        if text and not text.startswith(("#", "//", "---")):
            return number, text
    return 1, ""
