"""The documentation as a site: built strictly, loading nothing from elsewhere, with a search that works from the files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from support.checkout import ROOT

from auditor.course.rulebook import load_rulebook

CHROMIUM = shutil.which("chromium")
LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|input)\b[^>]*?\bsrc\s*=\s*["']?(?P<source>[^"'\s>]+)"""
    r"""|<link\b[^>]*?\bhref\s*=\s*["']?(?P<link>[^"'\s>]+)|@import[^;]*|url\(\s*["']?(?P<style>[^"')\s]+)"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. Any warning of MkDocs (a link, an anchor, a page that is in no menu) is an error."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_has_its_pages_and_loads_nothing_from_elsewhere(site: Path) -> None:
    assert [claim.id for claim in load_rulebook().catalog if not (site / "claims" / f"{claim.id}.html").is_file()] == []
    for page in (*site.glob("**/*.html"), *site.glob("**/*.css"), *site.glob("**/*.svg")):
        for found in LOADED.finditer(page.read_text(encoding="utf-8")):
            source = found["source"] or found["link"] or found["style"] or found[0]
            assert not re.match(r"(?:\w+:)?//", source), f"{page.relative_to(site)}: {found[0][:120]}"


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` as root")
def test_pages_work_from_the_files_without_a_network(site: Path) -> None:
    asked: list[str] = []
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        context = browser.new_context(viewport={"width": 390, "height": 800}, offline=True)
        context.set_default_timeout(20_000)
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        context.on("weberror", lambda error: said.append(str(error.error)))
        page = context.new_page()
        for name in ("index", "claims/M17.matrix_cache", "accuracy", "schema"):
            page.goto((site / f"{name}.html").as_uri())
            # No page is wider than a telephone.
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        page.set_viewport_size({"width": 1200, "height": 800})
        page.keyboard.press("/")
        page.keyboard.type("matrix", delay=20)
        page.locator(".md-search-result__link", has_text="Tests over several systems").first.wait_for()
        browser.close()
    assert [address for address in asked if not address.startswith(("file:", "blob:", "data:", "about:"))] == []
    assert said == []
