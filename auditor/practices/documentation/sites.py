"""What documentation the project has: pages of a documentation generator, other pages on the application, and READMEs.

Where a generator looks for its pages: MkDocs "Configuration" (`docs_dir`), Sphinx (beside `conf.py`), Quarto (beside
`_quarto.yml`), Jupyter Book (beside `_toc.yml`), Docusaurus (`docs`, `blog`, `src/pages`), mdBook (`src`), VitePress (beside
`.vitepress`), Starlight (`src/content/docs`), docsify (beside its `index.html`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from auditor.evidence import Place, Trace, aside, counts, half, seen, strong_first, weighed
from auditor.facts.documents.document import Document
from auditor.facts.documents.markdown import Docs, is_readme
from auditor.facts.documents.sites import README_PAGES, SiteConfig
from auditor.facts.group import ReportPlace
from auditor.facts.own_work.layout import Layout
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
ALONE = 100
"""Own words from which on pages without a generator document something (evidence standard, M32.docs)."""
README = 8
HARDLY = "hardly anything on it is the group's own"
README_ALONE = "it is the README, and the standard asks for more"
NO_PAGES = "the generator is set up, and no page says enough of the group's own"
LONE = "a lone note: together the pages have hardly any words"
IN_GENERAL = "it is on a tool in general, not on this application"
TEXTS = ("readme.txt", "readme", "usage.txt", "install*.txt", "*guide*.txt", "*instructions*.txt", "how*to*.txt")
MOST_TEXTS = 50
MOST_PATHS = 5_000
MOST_TEXT = 50_000
DOC_FOLDERS = ("docs/", "doc/", "documentation/")
NAMING = (".py", ".sh", ".yaml", ".yml", ".toml", ".dockerfile", ".ipynb", ".dvc", ".tf", ".json", ".txt")
CODE = (".py", ".ipynb", ".sh", ".ts", ".tsx", ".js", ".jsx")
ADDRESS = pattern(r"\(https?://[^)\s]*\)|https?://\S*")
COMMON = frozenset(
    "main.py app.py train.py test.py setup.py utils.py model.py data.py config.yaml config.yml pyproject.toml requirements.txt tasks.py "
    "dvc.yaml environment.yml docker-compose.yml docker-compose.yaml compose.yaml mkdocs.yml mkdocs.yaml script.py run.sh api.py evaluate.py "
    "predict.py __init__.py conftest.py .pre-commit-config.yaml data model src".split()
)
"""Names that tutorials use as well."""
NO_PAGE = pattern(
    r"(^|/)(change_?log|licen[sc]e|code_of_conduct|security|authors|todo|agents|claude|gemini|copilot-instructions|notice|history)[^/]*$|"
    r"(^|/)\.(github|claude|cursor|agents?)/|(^|/)(data|models|outputs|wandb|mlruns|lightning_logs)/",
    re.IGNORECASE,
)
"""Documents that are no pages on how to use something."""
TOOLS = pattern(
    r"\b(git|github|docker|dvc|uv|pip|conda|linux|bash|shell|markdown|python|pytorch|hydra|wandb|w&b|imports?|lecture|cheat ?sheets?|tutorial|"
    r"notes?|course|numpy|pandas)\b",
    re.IGNORECASE,
)
"""Titles of pages on tools."""
COMMAND = pattern(
    r"\s*(?:[$>]\s*)?(?:`+)?(?:uv|python3?|docker|invoke|inv|make|dvc|pytest|uvicorn|gcloud|bash|sh|poetry|streamlit|\./)\b"
)
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

    traces: tuple[Trace, ...] = ()


@fact
def read_documentation(
    snapshot: Snapshot,
    docs: Docs,
    template: Template,
    project: PythonProject,
    commands: Commands,
    layout: Layout,
    report: ReportPlace,
) -> Documentation:
    """The documentation of the snapshot; the report is none."""
    sites = [site for site in docs.sites if not FOREIGN.search(site.path)]
    folders = [(folder, site) for site in sites for folder in source_folders(snapshot, site)]
    named = own_names(snapshot, layout)
    code_folders = {path.rpartition("/")[0] for path in snapshot.paths[:MOST_PATHS] if path.endswith(CODE)}
    pages: list[tuple[int, Place]] = []
    beside: list[tuple[int, Place]] = []
    other: list[Trace] = []
    for path, place in documents(snapshot, docs):
        if report.holds(path) or FOREIGN.search(path):
            continue
        site = next(
            (s for folder, s in folders if path.startswith(f"{folder}/") or (not folder and "/" not in path)), None
        )
        readme = is_readme(path)
        words = own_words(snapshot, template, docs.by_path.get(path), path, report)
        if site is not None and (not readme or site.generator in README_PAGES):
            words += PAGE * sum(1 for _ in documented_modules(snapshot, path, project))
            if words >= PAGE:
                pages.append((words, place))
            elif words:
                other.append(half(place, HARDLY))
        elif readme and "/" not in path:
            other += [half(place, README_ALONE)] if words >= README else []
        elif words >= README and not NO_PAGE.search(path):
            if is_on_project(path, snapshot.text(path) or "", named, code_folders):
                beside.append((words, place))
            else:
                other.append(aside(place, IN_GENERAL))
    generating = [use for use in commands.running(*GENERATING) if not report.holds(use.path, use.line)]
    generated = [counts(use.evidence) for use in generating if project.files]
    in_sites, outside = sum(words for words, _ in pages), sum(words for words, _ in beside)
    why = "" if in_sites >= SITE or in_sites + outside >= ALONE else LONE
    shown = [place for _, place in sorted((*pages, *beside), key=lambda page: -page[0])]
    found = [weighed(place, why) for place in shown]
    other += [half(site.evidence, NO_PAGES) for site in sites if site.generator != "jekyll"]
    return Documentation(strong_first([*found, *generated, *other]))


def documents(snapshot: Snapshot, docs: Docs) -> Iterator[tuple[str, Place]]:
    """(path, place) of everything that may be a page: Markdown, reStructuredText, text files that tell how to do something."""
    yield from ((document.path, document.evidence) for document in docs.documents)
    yield from ((path, seen(path)) for path in docs.rst_paths)
    for path in snapshot.named(*TEXTS)[:MOST_TEXTS]:
        yield path, seen(path)


def own_names(snapshot: Snapshot, layout: Layout) -> re.Pattern[str] | None:
    """What only a page on this project names: its package, paths of its files, names of files that others have not."""
    names = {name for name in layout.names if len(name) > 3}
    for path in snapshot.paths[:MOST_PATHS]:
        name = path.rpartition("/")[2]
        if name.endswith(NAMING) and len(path) < 120 and not FOREIGN.search(path):
            names.add("/".join(path.split("/")[-2:]) if name.lower() in COMMON else name)
    names -= COMMON
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w.-])(?:{alternatives})(?![\w-])") if alternatives else None


def is_on_project(path: str, text: str, named: re.Pattern[str] | None, code_folders: Collection[str]) -> bool:
    """Whether a page is on this application: it names something of it, in a command where its title is a tool's; or by where it stands.

    Pages in docs, and READMEs beside code (in one of `code_folders`), are on the application where their title is not a tool's.
    """
    title = next((line for line in text.split("\n")[:20] if line.strip()), "")
    folder, _, name = path.rpartition("/")
    on_tool = bool(TOOLS.search(f"{name.replace('_', ' ')} {ADDRESS.sub('', title[:1000])[:200]}"))
    if named is None or not named.search(text[:MOST_TEXT]):
        beside_code = name.lower().startswith("readme") and folder in code_folders
        return (path.startswith(DOC_FOLDERS) or beside_code) and not on_tool
    return not on_tool or any(named.search(line) for line in text[:MOST_TEXT].split("\n") if COMMAND.match(line))


def source_folders(snapshot: Snapshot, site: SiteConfig) -> Iterator[str]:
    """Folders in which a generator looks for its pages."""
    if site.generator == "mkdocs":
        yield normalise(f"{site.folder}/{docs_dir(snapshot, site.path)}")
    elif site.generator == "docusaurus":
        yield from (normalise(f"{site.folder}/{name}") for name in ("docs", "blog", "src/pages"))
    elif site.generator == "starlight":
        yield normalise(f"{site.folder}/src/content/docs")
    elif site.generator in ("hugo", "nextra", "eleventy"):
        yield from (normalise(f"{site.folder}/{name}") for name in ("content", "pages", "docs", "src"))
    elif site.generator in ("mdbook", "zensical"):
        yield normalise(f"{site.folder}/{'src' if site.generator == 'mdbook' else 'docs'}")
    else:
        yield site.folder


def docs_dir(snapshot: Snapshot, path: str) -> str:
    """MkDocs' `docs_dir`, `docs` where it is not set."""
    try:
        said = parse_yaml(snapshot.text(path) or "").mapping.get("docs_dir")
    except YamlError as error:
        snapshot.note_unread(path, error)
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
