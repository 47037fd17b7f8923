"""The pages can be read as they are, on a hosting site: every link in them leads to a file, a folder or a heading that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from site_hook import ON_THE_SITE, page_for, pages
from support.checkout import ROOT

PAGES = sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\]\((?P<target>[^)\s]+)(?: \"[^\"]*\")?\)|<img[^>]* src=\"(?P<image>[^\"]+)\"")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def headings(page: Path) -> set[str]:
    """The anchors that a hosting site gives to a page's headings."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    plain = [
        re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title) for title in re.findall(r"^#{1,6} +(.+)$", text, re.MULTILINE)
    ]
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in plain}


def links(page: Path) -> list[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found = [match["target"] or match["image"] for match in LINK.finditer(text)]
    return [link for link in found if "://" not in link and not link.startswith("mailto:")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_is_dead(page: Path) -> None:
    dead = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if (
            not target.exists()
            or not target.is_relative_to(ROOT)
            or (anchor and target.suffix == ".md" and anchor not in headings(target))
        ):
            dead.append(link)
    assert dead == []


def test_what_the_site_makes_pages_of_is_there() -> None:
    assert [path for path in ON_THE_SITE if not (ROOT / "docs" / path).exists()] == []
    assert {*ON_THE_SITE.values(), page_for("../fixtures/cases/M17.ci.yaml")} <= pages().keys()
    assert page_for("../LICENSE") == "../LICENSE"
