"""The tutorial as a reader follows it: its files are written, its commands run, and they print what the page says."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from installed_rules import register, run

PAGE = Path(__file__).resolve().parent.parent / "docs" / "tutorial.md"
BLOCK = re.compile(r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.DOTALL | re.MULTILINE)
PREPARATION = ("python3 -m venv", ".venv/bin/pip", "pip install", ". .venv/")
"""Commands that make an environment: the tests have one, and no network."""


@dataclass(frozen=True)
class Block:
    """One block of code of the page."""

    language: str
    title: str | None
    text: str


def blocks() -> Iterator[Block]:
    for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        yield Block(found["language"], found["title"], found["text"])


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_tutorial_holds_from_an_empty_folder(tmp_path: Path) -> None:
    project, site = tmp_path / "software-lab-rules", tmp_path / "site"
    printed, ran = "", 0
    for block in blocks():
        if block.title:
            path = project / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
            if block.title == "lab_rules/__init__.py":
                declared = tomllib.loads((project / "pyproject.toml").read_text())["project"]
                register(site, declared["name"], declared["entry-points"]["auditor.rules"])
                (site / "lab_rules").symlink_to(project / "lab_rules", target_is_directory=True)
        elif block.language == "sh":
            for line in block.text.splitlines():
                if line.startswith(PREPARATION):
                    continue
                done = run(*shlex.split(line), site=site, folder=project)
                printed, ran = done.stdout, ran + 1
                assert done.returncode in ((0, 1) if "audit group" in line else (0,)), f"{line}: {done.stderr}"
        elif block.language == "text":
            for line in block.text.splitlines():
                assert squeezed(line) in squeezed(printed)
    assert ran >= 4


@pytest.mark.parametrize("word", ["python", "toml", "yaml", "markdown"])
def test_every_file_of_the_tutorial_has_its_name(word: str) -> None:
    assert [block.text[:40] for block in blocks() if block.language == word and not block.title] == []
