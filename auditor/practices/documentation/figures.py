"""Figures that documents show, and which of them are diagrams of the project's architecture.

A figure is an image (also by HTML, by its address, or as a plain link to an image file), a drawing written as text (Mermaid,
PlantUML, Graphviz; GitHub Docs, "Creating diagrams"), or an image of reStructuredText. In the report it is a diagram by
where it stands: the answer on architecture; elsewhere by its name, its words or its heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from auditor.evidence import Place, Trace, aside, counts, half, seen, strong_first
from auditor.facts.documents.document import CodeBlock, Document, Heading, local_path
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.facts.history.hosting import Hosting
from auditor.facts.own_work.template import Template
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.documentation.pictures import IMAGES, can_be_seen, is_address, is_image, named, path_on_host
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

DRAWINGS = tuple(
    "*.drawio *.drawio.* *.excalidraw *.mmd *.mermaid *.puml *.plantuml *.d2 *.vsdx *.gv *.dio *.fig".split()
)
"""Files of drawing programs and languages."""
LANGUAGES = frozenset({"mermaid", "plantuml", "puml", "d2", "dot", "graphviz"})
FLOW = pattern(
    r"^\s*(graph|flowchart|c4\w*|architecture|sequencediagram|statediagram|block|zenuml|journey|@startuml|digraph|[\w \"'.-]{1,60}->)",
    re.IGNORECASE,
)
"""Kinds of Mermaid's diagrams that draw how parts work together ("Diagram syntax"); and of other languages."""
NAMED = pattern(
    r"architect|diagram|pipeline|overview|infrastructure|flow.?chart|work.?flow|ml.?ops|system.?(design|map)|schematic|"
    r"data.?flow|tech.?stack|\.(drawio|excalidraw)\.",
    re.IGNORECASE,
)
"""How a diagram of a pipeline is called, or what a drawing program exported."""
SURELY = pattern(r"architect|diagram|ml.?ops|system.?design|\.(drawio|excalidraw)\.", re.IGNORECASE)
"""The same for other answers of the report, which show many a pipeline and overview."""
TITLED = pattern(
    r"architect|diagram|pipeline|system overview|infrastructure|how it (all )?works|work.?flow", re.IGNORECASE
)
"""Headings above such a diagram."""
OTHER = pattern(
    r"badge|shields\.io|codecov|/actions/|logo|banner|bucket|registry|cloud.?build|wandb|w&b|loss|accuracy|curve|metric|confusion|"
    r"screenshot|coverage|profil|monitor|billing|cost|usage|experiment|slides|alert|sweep|histogram|calibrat|reliability|class.?diagram|data.?set|drift|"
    r"(model|network|net|cnn|u-?net|resnet|transformer|encoder|layers?)s?[\s_-]{0,3}architecture",
    re.IGNORECASE,
)
"""What other figures of a hand-in show."""
PLAINLY_OTHER = pattern(
    r"dashboard|demo|screen|result|plot|chart|sample|example|predict|icon|cover|header|social|test|interface|\b(ui|app|web|site|page)\b",
    re.IGNORECASE,
)
"""What else a picture at the head of a README shows."""
BADGE = pattern(r"badge|shields\.io|codecov|/actions/", re.IGNORECASE)
"""Addresses of badges, told by their hosts and paths."""
COURSES_OWN = pattern(r"skaftenicki", re.IGNORECASE)
QUESTION = pattern(r"question\s{0,3}(\d{1,2})", re.IGNORECASE)
ARCHITECTURE = {27: 25, 31: 29}
"""Number of questions in an edition of the report's template, and the one on architecture among them."""
TRACKING = 14
"""The question on tracked runs, in all editions."""
RST_FIGURE = pattern(r"^\s*\.\. (image|figure|mermaid|graphviz|uml|digraph)::\s*(\S{0,300})")
ARROW = pattern(r"-->|->|==>|=>|──▶|─>|→|▶|►|v\s*$|↓")
FLOWS = pattern(r"--?>|==?>|─>|→|▶|►|⟶|←")
"""Arrows between parts that are only named: a function's type has one, a flow several."""
BOX = pattern(r"\+-{2,}|┌|└──┬|│|\|.*\||\[.*\]")
TREE = pattern(r"├── |└── |\|-- ")
FOREIGN = pattern(
    r"(^|/)(third_party|vendor|vendored|site-packages|node_modules|\.?venv|wandb|outputs|mlruns|lightning_logs|htmlcov)/"
)
UNSHOWN = "no document shows this drawing"
UNNAMED = "the README begins with it, and neither its name nor its words tell what it shows"
IN_WORDS = "the architecture is told in words or plain characters"
EXAMPLE = "it is the report template's example figure"
NOT_THERE = "the image is not in the repository"
NO_DIAGRAM = "by its name or words it shows something else"
TEXT = 15
"""Words from which on a section describes an architecture."""


class Figure(Record):
    """One figure that a document shows.

    `target` is what it shows as it is written, `file` the path of the image, None for an address and for a drawing in the
    text. `exists` is whether it can be seen; `example` whether it is the report template's. `heading` is the text of the
    heading above it; `answers_architecture` and `answers_tracking` whether that is the report's question on architecture, or on tracked runs.
    `opens` is whether a README shows it before its first section.
    """

    path: str
    line: int
    kind: str
    target: str
    words: str = ""
    file: str | None = None
    exists: bool = True
    example: bool = False
    heading: str = ""
    in_report: bool = False
    answers_architecture: bool = False
    answers_tracking: bool = False
    opens: bool = False

    @property
    def evidence(self) -> Place:
        """Where it is shown."""
        return seen(self.path, self.line, f"{self.kind} {self.target}".strip())

    @property
    def is_diagram(self) -> bool:
        """Whether it shows an architecture, as far as its place and words tell."""
        if not self.exists or self.example:
            return False
        if is_address(self.target) and BADGE.search(self.target[:600]):
            return False
        folder, name = ("", "") if self.kind == "mermaid" else named(self.target)
        said = f"{self.words[:600]} {name}" if self.kind != "mermaid" else self.heading
        if OTHER.search(f"{name if self.answers_architecture and name else said} {folder}"):
            return False  # in the answer on architecture the name decides: words are often left over from an example
        if self.kind == "mermaid":
            return bool(FLOW.match(self.target)) and not OTHER.search(self.heading)
        if self.answers_architecture:
            return True
        if self.in_report:
            return bool(SURELY.search(said))
        return bool(NAMED.search(said) or TITLED.search(folder) or TITLED.search(self.heading))

    @property
    def may_be_diagram(self) -> bool:
        """Whether it stands where a README shows what the project is, and nothing says that it shows something else."""
        if not self.opens or not self.exists or self.example or self.is_diagram or BADGE.search(self.target[:600]):
            return False
        if len(self.words.split()) > 1:
            return False  # they say what it shows; a single one is often left over from the file's name
        said = f"{self.words[:600]} {' '.join(named(self.target))}".replace("_", " ")
        return not OTHER.search(said) and not PLAINLY_OTHER.search(said)


class Figures(Record):
    """All figures that are shown, and drawings that are not."""

    shown: tuple[Figure, ...] = ()
    unshown: tuple[Place, ...] = ()
    """Own drawings of an architecture, by kind or name, that no document shows."""
    described: tuple[Place, ...] = ()
    """The report's answer on architecture, and sections on it elsewhere, in words or plain characters."""

    @property
    def diagrams(self) -> tuple[Figure, ...]:
        """Diagrams of the architecture."""
        return tuple(figure for figure in self.shown if figure.is_diagram)

    @property
    def of_runs(self) -> tuple[Figure, ...]:
        """The group's own figures in the answer that asks for screenshots of tracked runs."""
        return tuple(one for one in self.shown if one.answers_tracking and one.exists and not one.example)

    @property
    def traces(self) -> tuple[Trace, ...]:
        """Diagrams; drawings and descriptions that are half of one; figures of the answer on architecture that are none."""
        near = (figure for figure in self.shown if figure.answers_architecture and not figure.is_diagram)
        return strong_first(
            [
                *(counts(figure.evidence) for figure in self.diagrams),
                *(half(place, UNSHOWN) for place in self.unshown),
                *(half(one.evidence, UNNAMED) for one in self.shown if one.may_be_diagram),
                *(half(place, IN_WORDS) for place in self.described),
                *(aside(f.evidence, EXAMPLE if f.example else NOT_THERE if not f.exists else NO_DIAGRAM) for f in near),
            ]
        )


@fact
def read_figures(snapshot: Snapshot, docs: Docs, template: Template, report: ReportPlace, hosting: Hosting) -> Figures:
    """The figures of the report, of READMEs and of the documentation."""
    pages = {d.path for d in (*docs.readmes, *docs.pages)}
    shown: list[Figure] = []
    described: list[Place] = []
    for document in docs.documents:
        in_report = document.path in report.paths
        if FOREIGN.search(document.path) or (not in_report and document.path not in pages and "/" in document.path):
            continue
        shown += figures_of(document, snapshot, template, hosting, report)
        described += answer_in_words(document, template) if in_report else ()
        if not report.holds(document.path):
            told = descriptions(document, template)
            described += [place for place in told if not report.holds(place.path, place.line or 1)]
    for path in docs.rst_paths:
        if not FOREIGN.search(path):
            shown += rst_figures(snapshot, path, template)
    visible = {figure.file for figure in shown}
    return Figures(tuple(shown), tuple(unshown(snapshot, template, visible)), tuple(described))


def figures_of(
    document: Document, snapshot: Snapshot, template: Template, hosting: Hosting, report: ReportPlace
) -> Iterator[Figure]:
    """The figures of a Markdown document; in the report, those that the template does not show itself."""
    asked = architecture_question(document) if document.path in report.paths else None
    own = {number for number, _ in template.own_lines(document.path)}
    places: list[tuple[str, int, str, str]] = [("image", i.line, i.target, i.alt) for i in document.images]
    places += [
        ("image", link.line, link.target, link.text) for link in document.links if is_image(link.target, link=True)
    ]
    for kind, line, target, words in places:
        in_report = report.holds(document.path, line)
        if in_report and line not in own:
            continue
        heading = heading_above(document, line)
        file = local_path(document.path, unquote(target)) or path_on_host(target, hosting)
        yield Figure(
            path=document.path,
            line=line,
            kind=kind,
            target=target,
            words=words,
            file=file,
            exists=can_be_seen(snapshot, file, target),
            example=bool(COURSES_OWN.search(target)) or (file is not None and template.example_figure(file)),
            heading=heading.text if heading else "",
            in_report=in_report,
            answers_architecture=asked is not None and question_of(document, line) == asked,
            answers_tracking=in_report and asked is not None and question_of(document, line) == TRACKING,
            opens=not in_report and is_front_page(document) and (heading is None or heading == document.headings[0]),
        )
    for block in document.code_blocks:
        if block.language in LANGUAGES and block.text.strip():
            heading = heading_above(document, block.line)
            in_report = report.holds(document.path, block.line)
            yield Figure(
                path=document.path,
                line=block.line,
                kind="mermaid",
                target=drawing(block),
                heading=heading.text if heading and heading.level > 1 else "",
                in_report=in_report,
                answers_architecture=asked is not None and question_of(document, block.line) == asked,
            )


def drawing(block: CodeBlock) -> str:
    """The first line that says what a drawing in the text is: front matter, comments and settings aside."""
    lines = [line.strip() for line in block.text.split("\n")]
    if lines and lines[0] == "---" and "---" in lines[1:]:
        lines = lines[lines.index("---", 1) + 1 :]
    return next((line for line in lines if line and not line.startswith(("%%", "//", "!"))), "")


def rst_figures(snapshot: Snapshot, path: str, template: Template) -> Iterator[Figure]:
    """Images and drawings of a reStructuredText document."""
    lines = snapshot.lines(path)
    for number, line in enumerate(lines, start=1):
        found = RST_FIGURE.match(line[:500])
        if not found:
            continue
        image = found[1] in ("image", "figure")
        target = found[2] if image else next((text.strip() for text in lines[number : number + 5] if text.strip()), "")
        file = local_path(path, unquote(target)) if image else None
        yield Figure(
            path=path,
            line=number,
            kind="image" if image else "mermaid",
            target=target,
            file=file,
            exists=can_be_seen(snapshot, file, target) if image else True,
            example=file is not None and template.example_figure(file),
        )


def is_front_page(document: Document) -> bool:
    """Whether a document is a README at the root, which visitors see first."""
    return document.path.lower().startswith("readme")


def heading_above(document: Document, line: int) -> Heading | None:
    """The last heading before a line."""
    return next((heading for heading in reversed(document.headings) if heading.line <= line), None)


def question_of(document: Document, line: int) -> int | None:
    """Number of the question under which a line of the report stands."""
    above = (heading.text for heading in reversed(document.headings) if heading.line <= line)
    return next((int(found[1]) for text in above if (found := QUESTION.search(text[:80]))), None)


def architecture_question(document: Document) -> int | None:
    """Number of the question on architecture, told by how many questions the report has; None where it has none."""
    numbers = [int(found[1]) for h in document.headings if (found := QUESTION.search(h.text[:80]))]
    if not numbers:
        return None
    return next((asked for count, asked in sorted(ARCHITECTURE.items()) if max(numbers) <= count), ARCHITECTURE[31])


def unshown(snapshot: Snapshot, template: Template, visible: set[str | None]) -> Iterator[Place]:
    """Drawings, and images named like a diagram, that no document shows."""
    for path in snapshot.named(*DRAWINGS, *(f"*{ending}" for ending in IMAGES)):
        name = path.rpartition("/")[2]
        drawn = not name.lower().endswith(IMAGES) or name.lower().endswith((".drawio", ".excalidraw"))
        if (
            path in visible
            or FOREIGN.search(path)
            or (not drawn and not (NAMED.search(name) and not OTHER.search(name)))
        ):
            continue
        if can_be_seen(snapshot, path, path) and not template.example_figure(path):
            yield seen(path, None, "drawing that no document shows")


def answer_in_words(document: Document, template: Template) -> Iterator[Place]:
    """The report's answer on architecture, where it says something."""
    asked = architecture_question(document)
    own = {number for number, _ in template.own_lines(document.path)}
    said = [
        (line, text)
        for line, text in document.paragraphs
        if asked is not None and question_of(document, line) == asked and line in own and "fill here" not in text
    ]
    if sum(len(text.split()) for _, text in said) >= TEXT:
        yield seen(document.path, *said[0])
    for block in document.code_blocks:
        if asked is not None and question_of(document, block.line) == asked and drawn_in_characters(block):
            yield seen(document.path, block.line, block.text.split("\n")[0])


def descriptions(document: Document, template: Template) -> Iterator[Place]:
    """Sections on architecture in words, and drawings in plain characters."""
    for heading in document.headings:
        if not TITLED.search(heading.text) or OTHER.search(heading.text):
            continue
        end = next((h.line for h in document.headings if h.line > heading.line), 1_000_000)
        words = sum(len(text.split()) for line, text in document.paragraphs if heading.line < line < end)
        if words >= TEXT and any(heading.line <= number < end for number, _ in template.own_lines(document.path)):
            yield seen(document.path, heading.line, heading.text)
    for block in document.code_blocks:
        title = heading_above(document, block.line)
        if drawn_in_characters(block) and title and (TITLED.search(title.text) or NAMED.search(title.text)):
            yield seen(document.path, block.line, block.text.split("\n")[0])


def drawn_in_characters(block: CodeBlock) -> bool:
    """Whether a code block is a drawing of boxes and arrows, or of several arrows, and no tree of folders."""
    lines = [line[:300] for line in block.text.split("\n")[:200]]
    drawn = [line for line in lines if BOX.search(line)]
    arrows = sum(len(FLOWS.findall(line)) for line in lines)
    boxed = len(drawn) >= 3 and any(ARROW.search(line) for line in lines)
    return (boxed or arrows >= 3) and not any(TREE.search(line) for line in lines)
