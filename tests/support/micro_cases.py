"""Builds micro-cases: tiny repositories, each made for one claim.

The format is described in CONTRIBUTING.md ("A micro-case"). Every repository starts from a small scaffold (README,
pyproject, an empty package, .gitignore; three commits by two authors) and ends with a commit that adds the report.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from auditor.course.catalog import Catalog
from auditor.records import Record, field

CASES = Path(__file__).resolve().parent.parent.parent / "fixtures" / "cases"

SCAFFOLD = {
    "README.md": "# shop\n\nForecasts daily sales of a small shop from its till records.\n",
    "pyproject.toml": '[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = []\n',
    ".gitignore": "__pycache__/\n*.pt\n/data/\n",
    "src/shop/__init__.py": "",
}
FIRST_COMMITS = (
    ("Ada", "ada@example.org", "2026-01-08T09:00:00", ("README.md", "pyproject.toml")),
    ("Bo", "bo@example.org", "2026-01-09T15:00:00", (".gitignore",)),
    ("Ada", "ada@example.org", "2026-01-12T11:00:00", ("src/shop/__init__.py",)),
)
OLDER_ITEMS = frozenset({"M25.torchserve", "M28.telemetry", "M28.performance"})
"""Claims that only the editions before 2025 have."""


class Case(Record):
    """One micro-case."""

    claim: str
    name: str
    expect: tuple[str, ...]
    kind: str = "edge"
    files: dict[str, str | None] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)
    ticked: bool = True
    note: str = ""
    commits: tuple[dict[str, Any], ...] = ()


class Step(Record):
    """One commit: who made it and when (a time in UTC), and what it wrote."""

    author: str
    email: str
    when: str
    message: str
    files: Mapping[str, str | None]


def load_cases(folder: Path = CASES) -> Iterator[Case]:
    """Every case of the folder's YAML files."""
    for file in sorted(folder.glob("*.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        for case in data["cases"]:
            expect = case["expect"] if isinstance(case["expect"], list) else [case["expect"]]
            yield Case(
                claim=data["claim"],
                name=case["name"],
                expect=tuple(expect),
                kind=case.get("kind", "edge"),
                files=case.get("files") or {},
                answers=case.get("answers") or {},
                ticked=case.get("ticked", True),
                note=case.get("note") or "",
                commits=tuple(case.get("commits") or ()),
            )


def build(case: Case, repository: Path, catalog: Catalog) -> None:
    """Make the case's repository at `repository`."""
    shutil.copytree(scaffold().name, repository)
    steps = [Step("Bo", "bo@example.org", "2026-01-15T16:00:00", "work", case.files)] if case.files else []
    steps += [
        Step(more["author"], more["email"], str(more["date"]), more.get("message", "work"), more.get("files") or {})
        for more in case.commits
    ]
    files: dict[str, str | None] = {"reports/README.md": report(case, catalog)}
    commit(repository, [*steps, Step("Ada", "ada@example.org", "2026-01-23T20:00:00", "report", files)])


@cache
def scaffold() -> TemporaryDirectory[str]:
    """What every repository starts from, made once: it goes when the process ends."""
    folder = TemporaryDirectory(prefix="scaffold-")
    git(Path(folder.name), "init", "-q", "-b", "main", "--template=", ".")
    steps = [
        Step(author, email, date, f"add {names[0]}", {name: SCAFFOLD[name] for name in names})
        for author, email, date, names in FIRST_COMMITS
    ]
    commit(Path(folder.name), steps)
    return folder


def report(case: Case, catalog: Catalog) -> str:
    """A report that ticks the one item, with the case's answers under their questions."""
    edition = "2024" if case.claim in OLDER_ITEMS else "2026"
    lines = ["# Report", "", "## Overall project checklist", ""]
    for claim in catalog.claims:
        wording = claim.wording(edition)
        if wording is None:
            continue
        mine = claim.id == case.claim
        mark = "x" if mine and case.ticked else " "
        lines.append(f"* [{mark}] {wording}" + (f" {case.note}" if mine and case.note else ""))
    for number in range(1, 32 if edition == "2026" else 28):
        answer = case.answers.get(number, f"--- question {number} fill here ---")
        lines += ["", f"### Question {number}", "", "> Answer:", "", str(answer)]
    return "\n".join(lines) + "\n"


def write(repository: Path, files: Mapping[str, str | None]) -> None:
    """Write files; None removes one."""
    for name, content in files.items():
        path = repository / name
        if content is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def commit(repository: Path, steps: Sequence[Step]) -> None:
    """Make commits on `main`, one after another, with ignored files too; all in one process, as there are thousands."""
    stream = bytearray()
    if (repository / ".git/refs/heads/main").exists():
        stream += b"reset refs/heads/main\nfrom refs/heads/main^0\n\n"
    for step in steps:
        write(repository, step.files)
        moment = datetime.fromisoformat(step.when).replace(tzinfo=UTC).timestamp()
        who = f"{step.author} <{step.email}> {moment:.0f} +0000"
        stream += f"commit refs/heads/main\nauthor {who}\ncommitter {who}\n".encode() + counted(step.message + "\n")
        for name, content in step.files.items():
            there = b"" if content is None else counted(content)
            stream += (f"M 100644 inline {name}\n" if there else f"D {name}\n").encode() + there
        stream += b"\n"
    git(
        repository,
        "-c",
        "core.fsync=none",
        "-c",
        "fastimport.unpackLimit=0",
        "fast-import",
        "--quiet",
        data=bytes(stream),
    )
    git(repository, "read-tree", "HEAD")


def counted(text: str) -> bytes:
    """A text as git-fast-import reads it, its length in bytes first."""
    data = text.encode()
    return b"data %d\n%b\n" % (len(data), data)


def git(folder: Path, *words: str, data: bytes | None = None) -> None:
    """Run git without the user's settings and hooks."""
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *words], cwd=folder, env=environment, input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
