"""Builds micro-cases: tiny repositories, each made for one claim.

The format is described in CONTRIBUTING.md ("A micro-case"). Every repository starts from a small scaffold (README,
pyproject, an empty package, .gitignore; three commits by two authors) and ends with a commit that adds the report.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from git.cmd import Git

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
    git = isolated_git(repository)
    if case.files:
        write(repository, case.files)
        commit(git, "Bo", "bo@example.org", "2026-01-15T16:00:00", "work")
    for extra in case.commits:
        write(repository, extra.get("files") or {})
        commit(git, extra["author"], extra["email"], str(extra["date"]), extra.get("message", "work"))
    write(repository, {"reports/README.md": report(case, catalog)})
    commit(git, "Ada", "ada@example.org", "2026-01-23T20:00:00", "report")


@cache
def scaffold() -> TemporaryDirectory[str]:
    """What every repository starts from, made once: it goes when the process ends."""
    folder = TemporaryDirectory(prefix="scaffold-")
    git = isolated_git(Path(folder.name))
    git.execute(["git", "init", "-q", "-b", "main", "--template=", "."])
    for author, email, date, names in FIRST_COMMITS:
        write(Path(folder.name), {name: SCAFFOLD[name] for name in names})
        commit(git, author, email, date, f"add {names[0]}")
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


def isolated_git(folder: Path) -> Git:
    """git in `folder`, without the user's settings and hooks."""
    git = Git(str(folder))
    git.update_environment(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
    return git


def write(repository: Path, files: dict[str, str | None]) -> None:
    """Write files; None removes one."""
    for name, content in files.items():
        path = repository / name
        if content is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def commit(git: Git, author: str, email: str, date: str, message: str) -> None:
    """Commit everything, ignored files too."""
    who = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", author), ("EMAIL", email), ("DATE", date))
    }
    git.execute(["git", "add", "-A", "-f"], env=who)
    git.execute(["git", "commit", "-q", "--allow-empty", "-m", message], env=who)
