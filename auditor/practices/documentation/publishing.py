"""Traces of documentation on GitHub Pages: what deploys it, the branch that it is served from, and links to it.

Sources: GitHub Docs, "Configuring a publishing source for your GitHub Pages site" and "About GitHub Pages" (addresses);
MkDocs "Deploying your docs"; the actions' pages on GitHub's marketplace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, counts, half, seen, strong_first
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.facts.history.commits import History
from auditor.facts.own_work.layout import Layout
from auditor.facts.own_work.template import Template
from auditor.facts.project_commands import Commands
from auditor.formats.shell import Command
from auditor.formats.toml_lines import parse_toml
from auditor.formats.yaml_lines import YamlError, parse_yaml
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.arguments.options import folded
from auditor.practices.automation.job_work import JobWork
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.traces import DEAD_COMMAND
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

DEPLOYING_ACTIONS = (
    "actions/deploy-pages", "peaceiris/actions-gh-pages", "jamesives/github-pages-deploy-action", "crazy-max/ghaction-github-pages",
    "mhausenblas/mkdocs-deploy-gh-pages", "tiangolo/latest-changes-pages", "cecilapp/github-pages-deploy", "sphinx-notes/pages",
    "s0/git-publish-subdir-action", "quarto-dev/quarto-actions/publish", "ad-m/github-pages", "athackst/mkdocs-simple-plugin",
    "nwtgck/actions-netlify-gh-pages", "helaili/jekyll-action", "rayluo/github-pages-overwriter", "ammaraskar/sphinx-action-pages",
)  # fmt: skip
"""Actions that publish to GitHub Pages, in lower case."""
DEPLOYING = (
    "mkdocs gh-deploy",
    "mike deploy",
    "ghp-import",
    "gh-pages",
    "quarto publish gh-pages",
    "docusaurus deploy",
    "quarto publish",
    "ghp_import",
    "doctr deploy",
    "portray on_github_pages",
    "sphinx-gh-deploy",
)
BUILDING_ACTIONS = (
    "actions/upload-pages-artifact",
    "actions/configure-pages",
    "ammaraskar/sphinx-action",
    "quarto-dev/quarto-actions/render",
)
BUILDING = (
    "mkdocs build",
    "sphinx-build",
    "jupyter-book build",
    "quarto render",
    "pdoc",
    "mdbook build",
    "docusaurus build",
    "zensical build",
    "vitepress build",
    "astro build",
    "hugo",
    "myst build",
    "sphinx-multiversion",
    "mkdocs-multirepo",
    "great-docs build",
)
CALLED = ("gh-pages", "github-pages", "pages", "docs", "documentation", "mkdocs", "sphinx")
TOLD = "a document gives the command, nothing in the repository runs it"
ONLY_REPORT = "only the report links to it"
ONLY_BUILT = "it builds the site and does not deploy it"
SERVED_AS_IT_IS = "GitHub Pages asks for such a file, and nothing tells that the site is served"
ANOTHER_HOST = "it publishes the site at another place than GitHub Pages"
PUSH = pattern(r"\bgh-pages\b")
BRANCHES = ("gh-pages", "gh_pages", "github-pages")
ADDRESS = pattern(r"https?://([a-z0-9-]{1,39})\.github\.io(/[\w./%~-]{0,200})?", re.IGNORECASE)
REMOTE = pattern(r"(?:github\.com[:/]|/)([\w.-]{1,100})/([\w.-]{1,100}?)(?:\.git)?/?$")


class Pages(Record):
    """Traces of a published site."""

    traces: tuple[Trace, ...] = ()


@fact
def read_pages(
    snapshot: Snapshot,
    pipelines: Pipelines,
    commands: Commands,
    history: History,
    docs: Docs,
    layout: Layout,
    template: Template,
    report: ReportPlace,
) -> Pages:
    """Everything that publishes documentation, or shows that it is published."""
    found = [counts(place) for work in pipelines.live for place in deploys(work)]
    found += [half(place, work.why or DEAD_COMMAND) for work in pipelines.dead for place in deploys(work)]
    found += pipelines.called(*CALLED)
    built = [
        e for work in (*pipelines.live, *pipelines.dead) for e in (*work.runs(*BUILDING), *work.uses(*BUILDING_ACTIONS))
    ]
    for use in commands.uses:
        if report.holds(use.path, use.line):
            continue
        if publishes(use.command):
            if is_own_line(use.evidence, template):
                found.append(half(use.evidence, TOLD) if use.kind == "docs" else counts(use.evidence))
        elif use.command.runs(*BUILDING) and use.kind != "docs" and not is_starter(use.path, docs):
            built.append(use.evidence)
    for name in BRANCHES:
        if name in history.branch_names:
            branch = next(b for b in history.branches if b.name == name)
            found.append(counts(seen("", None, f"branch {name}", branch.tip)))
    names = project_names(snapshot, layout)
    for place, in_report in addresses(snapshot, docs, report):
        if any(is_ours(address[1], address[2] or "", names) for address in ADDRESS.finditer(place.text)):
            found.append(half(place, ONLY_REPORT) if in_report else counts(place))
    found += [half(place, ONLY_BUILT) for place in built if is_own_line(place, template)]
    found += [half(seen(path), SERVED_AS_IT_IS) for path in snapshot.named(".nojekyll")]
    found += [half(seen(path), ANOTHER_HOST) for path in snapshot.named(".readthedocs.y*ml")]
    return Pages(strong_first(found))


def is_starter(path: str, docs: Docs) -> bool:
    """Whether a file is the Makefile that sphinx-quickstart puts beside (or above) its settings."""
    folder, _, name = path.rpartition("/")
    beside = any(
        s.generator == "sphinx" and (s.folder == folder or s.folder.startswith(f"{folder}/")) for s in docs.sites
    )
    return bool(folder) and beside and name in ("Makefile", "make.bat")


def deploys(work: JobWork) -> Iterator[Place]:
    """Where a job publishes: by a command, or by an action that does so or is told the branch that sites are served from."""
    yield from (command.evidence for command in work.commands if publishes(command))
    for step in work.job.steps:
        if step.uses is not None and (step.disabled is None or work.why):
            told = any(value.strip() in BRANCHES for value in step.uses.inputs.values())
            reads = step.uses.is_one_of("actions/checkout")
            if step.uses.is_one_of(*DEPLOYING_ACTIONS) or (told and not reads):
                yield step.uses.evidence


def publishes(command: Command) -> bool:
    """Whether a command puts a site on GitHub Pages."""
    pushes = command.runs("git push", "git subtree push", "git subtree split")
    return command.runs(*DEPLOYING) or (pushes and bool(PUSH.search(" ".join(command.words))))


def is_own_line(evidence: Place, template: Template) -> bool:
    """Whether a place is the group's own, and not the template's."""
    return any(number == evidence.line for number, _ in template.own_lines(evidence.path))


def project_names(snapshot: Snapshot, layout: Layout) -> tuple[str, frozenset[str]]:
    """(owner, names) of the repository: the remote's, where this clone has one of GitHub, and those of the project."""
    url = snapshot.git.origin.url.strip() if snapshot.git else ""
    remote = REMOTE.search(url[-300:])
    owner = remote[1].lower() if remote and "github.com" in url else ""
    names = {*layout.names, snapshot.root.name, remote[2] if remote else ""}
    return owner, frozenset(folded(name) for name in names if len(folded(name)) >= 3)


def is_ours(host: str, path: str, names: tuple[str, frozenset[str]]) -> bool:
    """Whether `host.github.io/path` is a site of this repository: its owner's, or of its name."""
    owner, known = names
    first = folded(path.strip("/").partition("/")[0])
    return host.lower() == owner or first in known or (not first and folded(host) in known)


def addresses(snapshot: Snapshot, docs: Docs, report: ReportPlace) -> Iterator[tuple[Place, bool]]:
    """(place with an address on github.io, whether it is in the report) of documents and settings."""
    for document in docs.documents:
        for link in document.links:
            if ADDRESS.match(link.target[:300]):
                yield seen(link.path, link.line, link.target[:150]), report.holds(link.path, link.line)
        for line, text in document.paragraphs:
            for found in ADDRESS.finditer(text[:20_000]):
                at = line + text.count("\n", 0, found.start())
                yield seen(document.path, at, found[0]), report.holds(document.path, at)
    for site in docs.sites:
        if site.generator == "mkdocs":
            yield from ((evidence, False) for evidence in each_file(snapshot, [site.path], site_addresses))
    manifests = snapshot.named("pyproject.toml")
    yield from ((evidence, False) for evidence in each_file(snapshot, manifests, project_addresses))


def site_addresses(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """MkDocs' `site_url`."""
    try:
        settings = parse_yaml(snapshot.text(path) or "").mapping
    except YamlError:
        return
    said = settings.get("site_url")
    if isinstance(said, str):
        yield seen(path, settings.line_of("site_url"), said[:150])


def project_addresses(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """`[project.urls]` (PyPA, "pyproject.toml specification")."""
    try:
        project = parse_toml(snapshot.text(path) or "").get("project")
    except ValueError:
        return
    urls = project.get("urls") if isinstance(project, dict) else None
    for key, url in urls.items() if isinstance(urls, dict) else ():
        if isinstance(url, str):
            yield seen(path, None, f"{key} = {url[:120]}")
