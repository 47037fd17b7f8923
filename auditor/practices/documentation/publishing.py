"""Traces of documentation on GitHub Pages: what deploys it, the branch that it is served from, and links to it.

Sources: GitHub Docs, "Configuring a publishing source for your GitHub Pages site" and "About GitHub Pages" (addresses);
MkDocs "Deploying your docs"; the actions' pages on GitHub's marketplace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, seen
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
)
PUSH = pattern(r"\bgh-pages\b")
BRANCHES = ("gh-pages", "gh_pages", "github-pages")
ADDRESS = pattern(r"https?://([a-z0-9-]{1,39})\.github\.io(/[\w./%~-]{0,200})?", re.IGNORECASE)
REMOTE = pattern(r"(?:github\.com[:/]|/)([\w.-]{1,100})/([\w.-]{1,100}?)(?:\.git)?/?$")


class Pages(Record):
    """Traces of a published site."""

    deployed: tuple[Place, ...] = ()
    """Steps and commands that deploy, the branch, links to a site of this repository."""
    dead: tuple[Place, ...] = ()
    """Deploy steps that nothing runs, and links in the report."""
    built: tuple[Place, ...] = ()
    """Own workflows and commands that build the site without deploying it."""


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
    deployed = [e for work in pipelines.live for e in (*deploys(work), *work.uses(*DEPLOYING_ACTIONS))]
    dead = [e for work in pipelines.dead for e in (*deploys(work), *disabled_actions(work))]
    built = [
        e for work in (*pipelines.live, *pipelines.dead) for e in (*work.runs(*BUILDING), *work.uses(*BUILDING_ACTIONS))
    ]
    for use in commands.uses:
        if report.holds(use.path, use.line):
            continue
        if publishes(use.command):
            if is_own_line(use.evidence, template):
                (dead if use.kind == "docs" else deployed).append(use.evidence)
        elif use.command.runs(*BUILDING) and use.kind != "docs" and not is_starter(use.path, docs):
            built.append(use.evidence)
    for name in BRANCHES:
        if name in history.branch_names:
            branch = next(b for b in history.branches if b.name == name)
            deployed.append(seen("", None, f"branch {name}", branch.tip))
    names = project_names(snapshot, layout)
    for evidence, in_report in addresses(snapshot, docs, report):
        if any(is_ours(found[1], found[2] or "", names) for found in ADDRESS.finditer(evidence.text)):
            (dead if in_report else deployed).append(evidence)
    return Pages(tuple(deployed), tuple(dead), tuple(e for e in built if is_own_line(e, template)))


def is_starter(path: str, docs: Docs) -> bool:
    """Whether a file is the Makefile that sphinx-quickstart puts beside (or above) its settings."""
    folder, _, name = path.rpartition("/")
    beside = any(
        s.generator == "sphinx" and (s.folder == folder or s.folder.startswith(f"{folder}/")) for s in docs.sites
    )
    return bool(folder) and beside and name in ("Makefile", "make.bat")


def deploys(work: JobWork) -> Iterator[Place]:
    """The commands of a job that publish."""
    yield from (command.evidence for command in work.commands if publishes(command))


def disabled_actions(work: JobWork) -> Iterator[Place]:
    """Deploying actions of a job that never runs."""
    for step in work.job.steps:
        if step.uses is not None and step.uses.is_one_of(*DEPLOYING_ACTIONS):
            yield step.uses.evidence


def publishes(command: Command) -> bool:
    """Whether a command puts a site on GitHub Pages."""
    return command.runs(*DEPLOYING) or (command.runs("git push") and bool(PUSH.search(" ".join(command.words))))


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
