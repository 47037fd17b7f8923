"""The documentation: every claim has its page, nothing in it is made up or the template's, and what it names exists."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import typer
import yaml
from case_examples import Example, as_html
from claim_pages import claim_page, sections
from markdown import Markdown
from packaging.requirements import Requirement
from program_pages import commands_page, hand_in_page, limits_page, schema_page
from site_hook import pages
from support.checkout import ROOT

from auditor.checks import checks
from auditor.cli.app import app
from auditor.course.rulebook import load_rulebook
from auditor.limits import meanings
from auditor.report.template import fingerprint, normal
from auditor.result.json import schema

BOOK = load_rulebook()
WRITTEN = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("**/*.md")))
}
MADE = {f"docs/{name}": text for name, text in pages().items() if name.endswith(".md")}
EVERY = {**WRITTEN, **MADE}
CLAIM = re.compile(r"(?<![\w./-])(?:M\d{1,2}(?:M\d)?|X|H)\.[a-z_]+(?![\w/.-])(?!\.md)")
CODE = re.compile(r"^```sh\n(.*?)^```$|`(auditor [^`\n]+)`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
ROOMS = ("auditor", "rules", "tests", "docs_build", "scripts", "benchmarks")
FEWEST_WORDS = 7
"""Words of a line from which on it can be somebody's text; shorter ones are everybody's."""


@pytest.mark.parametrize("claim", list(BOOK.catalog), ids=lambda claim: claim.id)
def test_every_claim_has_a_page_that_says_what_counts_and_how_to_settle_it(claim: Any) -> None:
    page = MADE[f"docs/claims/{claim.id}.md"]
    for heading in ("## What counts", "## What does not count", "## How to settle it", "### Ways that count"):
        assert f"{heading}\n" in page
    assert "### What looks like it and is not\n" in page
    assert page.startswith(f"# {claim.title}\n")
    assert f"[{claim.id}]({claim.id}.md)" in MADE["docs/claims/index.md"]


def test_a_docstrings_paragraphs_are_all_on_its_page() -> None:
    for name, rule in BOOK.rules.items():
        first, parts = sections(rule.text)
        assert first
        lost = set(re.findall(r"\w+", rule.text)) - set(re.findall(r"\w+", " ".join((first, *parts.values()))))
        assert lost <= set(
            "Accepted Half of it Does not count Cannot be told Never held against a group To settle".split()
        ), name


@pytest.mark.parametrize("name", EVERY)
def test_no_page_holds_the_templates_text(name: str) -> None:
    page = EVERY[name]
    lines = [line for line in page.splitlines() if len(normal(line).split()) >= FEWEST_WORDS]
    assert [line for line in lines if fingerprint(line) in BOOK.catalog.template_lines] == []
    whole = f" {normal(page)} "
    wordings = {normal(item.text) for claim in BOOK.catalog for item in claim.items}
    assert [words for words in wordings if len(words.split()) >= FEWEST_WORDS and f" {words} " in whole] == []


@pytest.mark.parametrize("name", EVERY)
def test_pages_name_existing_claims_only(name: str) -> None:
    known = {*BOOK.catalog.by_id, *(check.name for check in checks())}
    assert set(CLAIM.findall(EVERY[name].replace("\\", ""))) - known == set()


def commands(text: str) -> Iterator[list[str]]:
    """The words of every auditor command in a page."""
    for block, inline in CODE.findall(text):
        for line in (block or inline).replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|\|", line.partition("  #")[0]):
                words = shlex.split(part, comments=True)
                if words and words[0].rpartition("/")[2] == "auditor":
                    yield words[1:]


@pytest.mark.parametrize("name", WRITTEN)
def test_every_command_that_a_page_names_exists_with_its_options(name: str) -> None:
    group: Any = typer.main.get_command(app)
    for words in commands(WRITTEN[name]):
        if not words or words[0].isupper():
            continue  # `auditor COMMAND --help`
        assert words[0] in (*group.commands, "--version"), words
        if words[0] in group.commands:
            options = {name for parameter in group.commands[words[0]].params for name in parameter.opts} | {"--help"}
            assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options, words


@pytest.mark.parametrize("name", [name for name in WRITTEN if not name.endswith("tutorial.md")])
def test_files_that_a_page_names_are_there(name: str) -> None:
    named = re.findall(
        r"`((?:auditor|rules|scripts|fixtures|tests|benchmarks|docs_build|docs)/[\w./-]*)`", WRITTEN[name]
    )
    assert [path for path in named if not (ROOT / path).exists()] == []
    modules = [path.as_posix() for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    short = re.findall(r"`([\w/-]+\.py)`", WRITTEN[name])
    assert [path for path in short if not any(module.endswith(f"/{path}") for module in modules)] == []


def slug(heading: str) -> str:
    """The anchor that both GitHub and Python-Markdown give a heading of letters, digits, commas and quotes."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", WRITTEN)
def test_links_lead_somewhere(name: str) -> None:
    for target in LINK.findall(FENCED.sub("", WRITTEN[name])):
        place, _, anchor = target.partition("#")
        assert not place.startswith(("http:", "/")), target
        if place.startswith("https:"):
            continue
        path = (ROOT / name).parent / place if place else ROOT / name
        relative = path.resolve().relative_to(ROOT).as_posix()
        # A page that is made is there on the site only: what is read on the hosting site must not link to it.
        assert relative in EVERY if name.startswith("docs/") and relative.endswith(".md") else path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", EVERY[relative], re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, target


def test_what_a_case_holds_stays_text() -> None:
    hostile = (
        "```\n</code></pre></details><script>alert(1)</script>\n\n# heading\n\t~~~\n[x](http://example.org) {{ a }}\n"
    )
    case = Example("a <b> `c`", "decoy", ("partial",), "why <i>", (("a<b>.md", hostile), ("Makefile", "x:\n\ty\n")))
    html = Markdown(
        extensions=[
            "admonition",
            "attr_list",
            "md_in_html",
            "tables",
            "toc",
            "pymdownx.superfences",
            "pymdownx.highlight",
        ]
    ).convert(f"# Title\n\n{as_html(case)}\n\n## After\n")
    assert "<script" not in html
    assert "<b>" not in html
    assert html.count("<details") == html.count("</details>") == 1
    assert html.count("<h1") == html.count("<h2") == 1
    assert "href" not in html
    assert "```" not in as_html(case)
    assert '<h2 id="after">' in html


def test_pages_about_the_program_list_all_there_is() -> None:
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        assert f"## auditor {name}\n" in commands_page()
        for parameter in command.params:
            for option in (option for option in parameter.opts if option.startswith("--")):
                assert f"`{option}`" in commands_page()
    assert [check.name for check in checks() if f"`{check.name}`" not in hand_in_page()] == []
    assert [name for name in meanings() if f"`{name}`" not in limits_page()] == []
    assert [name for name in schema()["$defs"] if f"## {name}\n" not in schema_page()] == []
    assert [name for name in schema()["properties"] if f"`{name}`" not in schema_page()] == []


def test_the_program_page_of_a_claim_without_rule_says_so() -> None:
    bare = type(BOOK)(BOOK.name, BOOK.catalog)
    assert "There is no rule for this claim" in claim_page(BOOK.catalog["M5.git"], bare, ())


def test_every_hook_is_told() -> None:
    page = WRITTEN["docs/check.md"]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks if f"- id: {hook['id']}\n" not in page] == []


def test_every_dependency_is_told_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [Requirement(one).name.lower() for one in (*project["dependencies"], *extras["cluster"], *extras["docs"])]
    page = WRITTEN["docs/dependencies.md"].lower()
    assert [name for name in needed if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page)] == []


def test_the_readme_is_short() -> None:
    assert len(WRITTEN["README.md"].splitlines()) < 130


def test_pictures_are_small_fetch_nothing_and_name_no_machine() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert {picture.suffix for picture in pictures} == {".svg", ".png"}
    assert [picture.name for picture in pictures if picture.stat().st_size > 300_000] == []
    for picture in pictures:
        if picture.suffix == ".svg":
            text = picture.read_text(encoding="utf-8")
            assert not re.search(r"@font-face|@import|href|url\((?!#)|/tmp/|/home/|/work/|/root/", text), picture.name
