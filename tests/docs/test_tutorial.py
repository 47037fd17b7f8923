"""The tutorial as a reader follows it: its files are written, its commands run, and they print what the page says."""

from __future__ import annotations

import re
import shlex
import site
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.installed_rules import run

from auditor.records import Record

PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.DOTALL | re.MULTILINE)
PREPARATION = ("python3 -m venv", ". .venv/", "pip install pytest")
"""Commands that make an environment; the test makes one without a network."""
INSTALL = ".venv/bin/pip install"


class Block(Record):
    """One block of code of the page."""

    language: str
    title: str | None
    text: str


def blocks() -> Iterator[Block]:
    for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        yield Block(found["language"], found["title"], found["text"])


def squeezed(text: str) -> str:
    return " ".join(text.split())


def environment(folder: Path) -> Path:
    """The Python of a new environment that also sees what is installed beside these tests (site, "Module contents")."""
    venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    asked = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = "".join(f"import site; site.addsitedir({place!r})\n" for place in site.getsitepackages())
    Path(asked.stdout.strip(), "beside.pth").write_text(lines, encoding="utf-8")
    return python


def test_the_tutorial_holds_from_an_empty_folder(tmp_path: Path) -> None:
    python = environment(tmp_path / ".venv")
    printed, ran = "", 0
    for block in blocks():
        if block.title:
            path = tmp_path / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "sh":
            for line in block.text.splitlines():
                if line.startswith(PREPARATION):
                    continue
                words = shlex.split(line)
                if line.startswith(INSTALL):
                    options = ("--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
                    words = ["pip", "install", *options, *words[words.index("-e") :]]
                done = run(*words, site=None, folder=tmp_path, python=python)
                printed, ran = done.stdout, ran + 1
                assert done.returncode in ((0, 1) if "audit group" in line else (0,)), f"{line}: {done.stderr}"
        elif block.language == "text":
            for line in block.text.splitlines():
                assert squeezed(line) in squeezed(printed)
    assert ran >= 5


@pytest.mark.parametrize("word", ["python", "toml", "yaml", "markdown"])
def test_every_file_of_the_tutorial_has_its_name(word: str) -> None:
    assert [block.text[:40] for block in blocks() if block.language == word and not block.title] == []
