"""Web pages: HTML files, and HTML within Python code. Source: HTML Living Standard ("Forms", "Scripting")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from auditor.evidence import seen
from auditor.facts.own_work.vendored import foreign_folders, is_vendored
from auditor.facts.python import CODE, PythonProject
from auditor.formats.javascript import read_script
from auditor.formats.markup import whole_tags
from auditor.patterns import pattern
from auditor.practices.frontend.scripts import Page, requests_in
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

MOST_CHARACTERS = 200_000
"""A longer page was generated."""
GENERATED_FOLDERS = pattern(
    r"(^|/)(docs?|site|htmlcov|_build|reports?|wandb|mlruns|node_modules|coverage|figures|artifacts|outputs?|lightning_logs|"
    r"notebooks?|logs?|results?|data|tests?|drift_reports?|monitoring_reports?|evidently\w*|profiling|\.[^/]+)/",
    re.IGNORECASE,
)
GENERATOR = pattern(
    r"evidently|pytest-html|coverage\.py|plotly|sphinx|mkdocs|pdoc|nbconvert|jupyter|bokeh|ydata|sweetviz|locust|snakeviz",
    re.IGNORECASE,
)
SHOWN = pattern(
    r"(^|/)(front\w*|templates?|static|public|web\w*|www|ui|gui|client|app|pages?|views?)/|(^|/)(index|home|main|app|upload)\.\w+$",
    re.IGNORECASE,
)
"""Where the pages of an application lie; a page elsewhere that sends nothing may be anything."""
HTMX = ("hx-post", "hx-get", "hx-put", "ws-connect", "data-hx-post")


def pages(snapshot: Snapshot) -> Iterator[Page]:
    """The repository's own pages: templates, static files; not what a tool generated."""
    foreign = foreign_folders(snapshot.paths)
    paths = (
        path
        for path in snapshot.named("*.html", "*.htm", "*.jinja", "*.jinja2", "*.j2")
        if not is_vendored(path, foreign)
        and not GENERATED_FOLDERS.search(path)
        and (path.endswith(".html.j2") or not path.endswith(".j2"))
    )
    yield from each_file(snapshot, paths, page_of)


def page_of(snapshot: Snapshot, path: str) -> Iterator[Page]:
    """The page in one file, where it sends something or lies where an application's pages do."""
    text = snapshot.text(path) or ""
    if len(text) <= MOST_CHARACTERS and "<" in text and not GENERATOR.search(text[:3000]):
        page = read_page(text)
        if page.sends or (page.has_content and SHOWN.search(path)):
            yield Page(
                seen(path, 1, page.title or "web page"),
                tuple(seen(path, line, what) for line, what in page.sends),
            )


def pages_in_code(project: PythonProject) -> Iterator[Page]:
    """Pages that Python code holds as text; only those that send something, since others may be any text."""
    for file in project.of(*CODE):
        for text in file.texts:
            if text.live and "<" in text.value and ("<form" in text.value or "<script" in text.value):
                page = read_page(text.value[:MOST_CHARACTERS])
                if page.sends:
                    yield Page(text.evidence, tuple(seen(file.path, text.line, what) for _, what in page.sends))


def read_page(text: str) -> _Page:
    """The page in `text`; anything at all can be read."""
    page = _Page()
    try:
        page.feed(whole_tags(text[:MOST_CHARACTERS]))
        page.close()
    except (ValueError, AssertionError, RecursionError):
        pass
    return page


class _Page(HTMLParser):
    """What a page sends: forms, htmx, and requests of its scripts. Comments are skipped by the parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sends: list[tuple[int, str]] = []
        self.title = ""
        self.has_content = False
        self._form: tuple[int, str, bool] | None = None
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        if tag == "body" or tag in ("div", "form", "main", "section", "p", "h1"):
            self.has_content = True
        if tag == "form":
            posts = given.get("method", "").lower() == "post"
            leads = bool(given.get("action", "").strip("#")) or posts
            self._form = (line, f"form {given.get('method', 'get')} {given.get('action', '')}".strip(), leads)
        elif tag in ("input", "textarea", "select") and self._form is not None and self._form[2]:
            self.sends.append(self._form[:2])
            self._form = None
        if tag in ("script", "title"):
            self._in = tag
        for name in HTMX:
            if name in given:
                self.sends.append((line, f"{name} {given[name]}"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == self._in:
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "title":
            self.title = " ".join(data.split())[:100]
        elif self._in == "script":
            script = read_script(data)
            if script is not None:
                first = self.getpos()[0]
                self.sends += [(first + line - 1, what) for line, what in requests_in(script)]
