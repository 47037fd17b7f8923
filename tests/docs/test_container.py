"""The container image: a linter finds nothing in its Dockerfile, and its steps lead to a program that runs, without a daemon."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pathspec
import pytest
from support.checkout import ROOT
from support.source_copies import OFFLINE, python_that_shares

from auditor.samples import build_samples

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(file): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def arguments(word: str) -> list[str]:
    """What follows each instruction of this name, its lines joined."""
    joined = TEXT.replace("\\\n", " ")
    return [line.partition(" ")[2].strip() for line in joined.splitlines() if line.startswith(f"{word} ")]


def test_the_linter_finds_nothing() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("hadolint is not installed here")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_it_is_as_an_image_should_be() -> None:
    assert all(re.fullmatch(r"[\w./-]+:[\w.-]*\d[\w.-]*", base) and "latest" not in base for base in arguments("FROM"))
    assert "ADD " not in TEXT
    assert arguments("USER") == ["10001"]  # by number, and no administrator
    last_run = TEXT.rindex("\nRUN ")
    assert last_run < TEXT.index("\nUSER ") < TEXT.index("\nENTRYPOINT ")
    assert json.loads(arguments("ENTRYPOINT")[0]) == ["auditor"]
    assert arguments("WORKDIR")[-1] == "/repo"


def copied(into: Path) -> None:
    """Do the COPY steps, from the build context as `.dockerignore` leaves it."""
    ignored = pathspec.PathSpec.from_lines("gitignore", (ROOT / ".dockerignore").read_text().splitlines())
    for step in arguments("COPY"):
        *sources, target = step.split()
        for source in sources:
            files = [ROOT / source] if (ROOT / source).is_file() else sorted((ROOT / source).rglob("*"))
            taken = [file for file in files if file.is_file() and not ignored.match_file(str(file.relative_to(ROOT)))]
            assert taken, f"{source}: nothing of it is in the build context"
            for file in taken:
                inside = file.relative_to(ROOT / source) if file != ROOT / source else Path(file.name)
                place = into / target / inside
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, place)


def test_its_steps_lead_to_a_program_that_runs(tmp_path: Path) -> None:
    work, environment = tmp_path / "work", tmp_path / "environment"
    work.mkdir()
    (tmp_path / "bin").mkdir()
    copied(work)
    subprocess.run([python_that_shares(tmp_path / "bin"), "-m", "venv", environment], check=True)
    (install,) = [step for step in arguments("RUN") if step.startswith("pip install")]
    words = shlex.split(install)
    assert "--no-cache-dir" in words and words[-1] == "."
    subprocess.run([environment / "bin" / "python", "-m", *words], cwd=work, env={**os.environ, **OFFLINE}, check=True)
    shutil.rmtree(work)

    honest = next(path for path in build_samples(tmp_path) if path.name == "honest")
    before = content(honest)
    entry, command = (json.loads(arguments(word)[0]) for word in ("ENTRYPOINT", "CMD"))
    home = tmp_path / "home"  # as of a user who may write nowhere
    done = subprocess.run(
        [environment / "bin" / entry[0], *command],
        cwd=honest,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Check of ." in done.stdout
    assert content(honest) == before
