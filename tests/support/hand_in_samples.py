"""Whole reports for the hand-in checks, and what the checks say of a repository that holds one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from auditor.engine.run import run_audit
from auditor.result.audit import AuditResult, Remark
from support.report_samples import catalog, checklist, question
from support.repositories import Files, Step, git, make_repository

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PICTURES = {14: 1, 19: 1, 20: 1, 21: 1, 29: 1}
EDITION = "2026"


def words(number: int, start: str = "") -> str:
    """That many words, `start` among them."""
    return " ".join([*start.split(), *(f"word{n}" for n in range(number - len(start.split())))])


def fitting(number: int) -> str:
    """An answer to a question of 2026 that is as long as it should be, with as many figures."""
    topic = next(q for q in catalog().questions if q.numbers.get(EDITION) == number)
    if topic.topic == "group":
        return "Group 77"
    if topic.topic == "members":
        return "s123456, s234567"
    fewest, most = topic.length.get(EDITION, (20, 30))
    figures = "".join(f"\n\n![chart {n}](figures/chart{n}.png)\n" for n in range(PICTURES.get(number, 0)))
    return words((fewest + most) // 2) + figures


def whole_report(
    answers: Mapping[int, str] | None = None, *, ticked: object = ("M5.git",), edition: str = EDITION
) -> str:
    """A report in which nothing is lacking but what `answers` change."""
    given = answers or {}
    numbers = sorted(q.numbers[edition] for q in catalog().questions if edition in q.numbers)
    asked = "".join(question(number, given.get(number, fitting(number))) for number in numbers)
    return f"# Exam\n\n{checklist(edition, ticked)}\n{asked}"


def files(report: str, more: Files | None = None) -> dict[str, str | bytes | None]:
    """A small project with a report and its figures."""
    return {
        "README.md": "# shop\n\nForecasts daily sales.\n",
        "src/shop/__init__.py": "",
        "reports/README.md": report,
        "reports/figures/chart0.png": PNG,
        **(more or {}),
    }


def pushed(folder: Path, content: Files) -> Path:
    """A repository with a remote that has everything."""
    make_repository(folder, commits=[Step(content, f"step {n}") for n in range(1)])
    bare = folder.with_name(f"{folder.name}-remote")
    git(folder, "clone", "--quiet", "--bare", str(folder), str(bare))
    git(folder, "remote", "add", "origin", str(bare))
    git(folder, "fetch", "--quiet", "origin")
    git(folder, "remote", "set-head", "origin", "main")
    return folder


def checked(folder: Path, *, settings: bool = True) -> AuditResult:
    """What `auditor check` says of a repository, hand-in checks alone."""
    return run_audit(folder, select=["H"], hand_in=True, group_settings=settings)


def remarks(folder: Path, check: str | None = None) -> list[Remark]:
    """The remarks, of one check or of all."""
    return [one for one in checked(folder).hand_in or () if check is None or one.check == check]


def one(found: list[Remark]) -> Remark:
    assert len(found) == 1, found
    return found[0]


def line_of(text: str, wanted: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if wanted in line)
