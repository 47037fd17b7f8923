"""What documentation the project has: pages of a documentation generator, other documents, and READMEs.

Where a generator looks for its pages: MkDocs "Configuration" (`docs_dir`), Sphinx (beside `conf.py`), Quarto (beside
`_quarto.yml`), Jupyter Book (beside `_toc.yml`), Docusaurus (`docs`, `blog`, `src/pages`), mdBook (`src`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.documents.markdown import Docs, Document, SiteConfig
from auditor.facts.group import ReportPlace
from auditor.facts.own_work.template import Template
from auditor.facts.project_commands import Commands
from auditor.facts.python import PythonProject
from auditor.formats.yaml_lines import YamlError, parse_yaml
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

PAGE = 12
"""Own words from which on a page says something; a greeting is shorter."""
SITE = 30
"""Own words from which on the pages of a site document something."""
README = 8
FOREIGN = pattern(r"(^|/)(third_party|vendor|vendored|external|extern|site-packages|node_modules|\.?venv|env)/")
"""Folders of other people's work."""
DIRECTIVE = pattern(
    r"^\s*(?::{3}|\.\. (?:automodule|autoclass|autofunction|autosummary)::|\.\. autosummary::)\s*([\w.]*)"
)
"""What mkdocstrings and Sphinx replace by the docstrings of a module."""
GENERATORS_OWN = pattern(
    r"welcome to .{1,80} documentation|^contents:?$|indices and tables|^\* ?:ref:|^\.\. |^\s+:\w+:|^[=\-~^*#\"'`+]{3,}$"
    r"|created by|sphinx-quickstart|add your content using|^\s*(getting-started|commands|index|modules)\s*$"
    r"|documentation master file|adapt this file completely|contain the root|documentation!$|describe how to get set up"
    r"|commands necessary to get the raw data|for example\), and then how to make the cleaned|the makefile contains the central"
    r"|sync_data_(to|from)_s3|aws s3 sync|^commands$|^getting started$"
    r"|commands for mkdocs|full documentation visit|\bTODO\b|coming soon|lorem ipsum",
    re.IGNORECASE,
)
"""Lines that generators and their starter pages write."""
GENERATING = ("pdoc", "pdoc3", "pydoc-markdown", "lazydocs", "sphinx-apidoc", "quartodoc build")
"""Programs that make documentation from docstrings alone."""


class Documentation(Record):
    """What documents the application."""

    pages: tuple[Place, ...] = ()
    """Pages of a generator with the group's own content."""
    other: tuple[Place, ...] = ()
    """A generator without own content, documents that no generator takes, READMEs."""


@fact
def read_documentation(
    snapshot: Snapshot, docs: Docs, template: Template, project: PythonProject, commands: Commands, report: ReportPlace
) -> Documentation:
    """The documentation of the snapshot; the report is none."""
    sites = [site for site in docs.sites if not FOREIGN.search(site.path)]
    folders = [folder for site in sites for folder in source_folders(snapshot, site)]
    pages: list[tuple[int, Place]] = []
    other: list[Place] = []
    for path, place in (*((d.path, d.evidence) for d in docs.documents), *((p, seen(p)) for p in docs.rst_paths)):
        if report.holds(path) or FOREIGN.search(path):
            continue
        in_site = any(path.startswith(f"{folder}/") if folder else "/" not in path for folder in folders)
        readme = path.rpartition("/")[2].lower().startswith("readme.")
        words = own_words(snapshot, template, docs.by_path.get(path), path, report)
        if in_site and not readme:
            words += PAGE * sum(1 for _ in documented_modules(snapshot, path, project))
            if words >= PAGE:
                pages.append((words, place))
            elif words:
                other.append(place)
        elif words >= README and (readme or path.startswith(("docs/", "doc/", "documentation/"))):
            other.append(place)
    generating = [use for use in commands.running(*GENERATING) if not report.holds(use.path, use.line)]
    generated = [use.evidence for use in generating if project.files]
    enough = sum(words for words, _ in pages) >= SITE
    shown = [place for _, place in sorted(pages, key=lambda page: -page[0])]
    other += [site.evidence for site in sites if site.generator != "jekyll"]
    return Documentation((*(shown if enough else ()), *generated), (*shown, *other))


def source_folders(snapshot: Snapshot, site: SiteConfig) -> Iterator[str]:
    """Folders in which a generator looks for its pages."""
    if site.generator == "mkdocs":
        yield normalise(f"{site.folder}/{docs_dir(snapshot, site.path)}")
    elif site.generator == "docusaurus":
        yield from (normalise(f"{site.folder}/{name}") for name in ("docs", "blog", "src/pages"))
    elif site.generator in ("mdbook", "zensical"):
        yield normalise(f"{site.folder}/{'src' if site.generator == 'mdbook' else 'docs'}")
    else:
        yield site.folder


def docs_dir(snapshot: Snapshot, path: str) -> str:
    """MkDocs' `docs_dir`, `docs` where it is not set."""
    try:
        said = parse_yaml(snapshot.text(path) or "").mapping.get("docs_dir")
    except YamlError as error:
        snapshot.note(path, str(error))
        return "docs"
    return said if isinstance(said, str) and said else "docs"


def own_words(snapshot: Snapshot, template: Template, document: Document | None, path: str, report: ReportPlace) -> int:
    """Words of the group's own on a page: prose, tables and the code of examples; headings and the report are none."""
    own = {number for number, _ in template.own_lines(path) if not report.holds(path, number)}
    lines = snapshot.lines(path)
    if document is None:
        return sum(len(WORDS.findall(line)) for n, line in enumerate(lines, 1) if n in own and is_own(line))
    found = 0
    for line, text in document.paragraphs:
        for offset, said in enumerate(text.split("\n")):
            if (line + offset in own or line in own) and is_own(said) and not DIRECTIVE.match(said):
                found += len(WORDS.findall(said))
    for block in document.code_blocks:
        if block.line in own:
            found += len(WORDS.findall(block.text))
    return found


WORDS = pattern(r"\w[\w'-]*")


def is_own(line: str) -> bool:
    """Whether a line is not one that a generator's starter page has."""
    return bool(line.strip()) and not GENERATORS_OWN.search(line[:300])


def documented_modules(snapshot: Snapshot, path: str, project: PythonProject) -> Iterator[str]:
    """Own modules whose docstrings a page takes in."""
    for line in snapshot.lines(path):
        found = DIRECTIVE.match(line[:300])
        if found and found[1] and (project.resolve(found[1]) is not None or package_of(found[1], project)):
            yield found[1]


def package_of(name: str, project: PythonProject) -> bool:
    """Whether an own module lies in the package `name`."""
    return any(file.module == name or file.module.startswith(f"{name}.") for file in project.files)
