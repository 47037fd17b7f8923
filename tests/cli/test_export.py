"""`auditor export`: what a class run is handed over as, with what was decided since."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.command_line import one_line, run
from support.repositories import make_repository

from auditor.course.rulebook import load_rulebook

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl on bars in cells
RULE = '\n[learn]\nitem = "Checklist"\n[learn.points]\nM8 = 2\n'


@pytest.fixture(scope="module")
def class_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over a group that ticked everything, one whose name is a formula, and one without a repository."""
    folder = tmp_path_factory.mktemp("class")
    checklist = "\n".join(f"* [x] {c.wording('2026')}" for c in load_rulebook().catalog if c.wording("2026"))
    make_repository(folder / "kiln", {"reports/README.md": f"## Overall project checklist\n\n{checklist}\n"})
    rows = ("43,s000001,s000002,kiln", '"=1+1",s000003,,kiln', "7,s000004,,No Link Found")
    (folder / "groups.csv").write_text("group,student 1,student 2,repository\n" + "\n".join(rows) + "\n")
    done = run(
        "batch", folder / "groups.csv", "--out", folder / "out", "--cache", folder / "cache", "--progress", "quiet"
    )
    assert done.returncode == 1, done
    return folder


@pytest.fixture
def out(class_run: Path, tmp_path: Path) -> Path:
    return shutil.copytree(class_run / "out", tmp_path / "out")


def decide(out: Path, claim: str = "M8.dvc", note: str = "shown to me") -> None:
    done = run("decide", "43", claim, "supported", "--note", note, "--by", "nb", "--out", out)
    assert done.returncode == 0, done


def test_learn(out: Path, tmp_path: Path) -> None:
    one_line(run("export", out, "--to", "learn"), "no table [learn]")
    decide(out)
    with (out / "auditor.toml").open("a") as file:
        file.write(RULE)
    done = run("export", out, "--to", "learn")
    assert (done.returncode, done.stdout) == (0, f"{out / 'learn.csv'}: 4 students\n"), done
    assert "group 7 was not audited" in done.stderr
    rows = list(csv.DictReader(io.StringIO((out / "learn.csv").read_text(encoding="utf-8"))))
    assert [(row["Username"], row["Checklist Points Grade"]) for row in rows] == [
        ("#s000001", "2"), ("#s000002", "2"), ("#s000003", "0"), ("#s000004", ""),
    ]  # fmt: skip

    other = tmp_path / "course.toml"
    other.write_text('[learn]\nitem = "Report"\ngrade = "text"\n')
    assert run("export", out, "--to", "learn", "--settings", other, "--into", tmp_path / "there").returncode == 0
    assert "open: " in (tmp_path / "there" / "learn.csv").read_text(encoding="utf-8")
    decide(out, "M17.ci")  # the table of the course stands in the way of nobody
    assert "[learn.points]" in (out / "auditor.toml").read_text(encoding="utf-8")


def test_sheets_hold_what_was_decided_since_the_run(out: Path) -> None:
    decide(out, note="=1+1")
    assert run("export", out, "--to", "csv").returncode == 0
    rows = list(csv.DictReader(io.StringIO((out / "claims.csv").read_text(encoding="utf-8-sig"))))
    (row,) = [one for one in rows if (one["group"], one["claim"]) == ("43", "M8.dvc")]
    assert (row["decided finding"], row["decision's note"]) == ("confirmed", "'=1+1")
    assert {one["group"] for one in rows} == {"43", "'=1+1"}
    assert run("export", out, "--to", "xlsx").returncode == 0
    book = load_workbook(out / "grades.xlsx")
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value == "=1+1"]
    assert len(cells) > 2
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_workbook_in_which_somebody_has_worked_is_kept(class_run: Path, out: Path) -> None:
    book = load_workbook(out / "grades.xlsx")
    book.create_sheet("My own")["A1"] = "mine"
    book.save(out / "grades.xlsx")
    mine = (out / "grades.xlsx").read_bytes()

    one_line(run("export", out, "--to", "xlsx"), "was changed since it was written", "--force")
    again = ("batch", class_run / "groups.csv", "--out", out, "--cache", class_run / "cache")
    done = run(*again)
    assert "grades.xlsx was changed since it was written and is kept; the new one is grades-new.xlsx" in done.stderr
    assert (out / "grades.xlsx").read_bytes() == mine
    assert "My own" not in load_workbook(out / "grades-new.xlsx").sheetnames
    assert "was changed" not in run("export", out, "--to", "csv").stderr

    assert run("export", out, "--to", "xlsx", "--force").returncode == 0
    assert "My own" not in load_workbook(out / "grades.xlsx").sheetnames
    assert "was changed" not in run(*again).stderr


def test_a_file_for_each_group(out: Path, tmp_path: Path) -> None:
    decide(out)
    assert run("export", out, "--to", "feedback").stdout == f"{out / 'feedback'}: 3 files\n"
    assert {path.name for path in (out / "feedback").iterdir()} == {"group-43.md", "group-1-1.md", "group-7.md"}
    assert "s000001, s000002" in (out / "feedback" / "group-43.md").read_text(encoding="utf-8")
    template = tmp_path / "own.md"
    template.write_text("Hello {{ group }}, {{ confirmed }} confirmed\n")
    done = run("export", out, "--to", "feedback", "--template", template, "--only", "43", "--into", tmp_path / "mine")
    assert done.stdout == f"{tmp_path / 'mine' / 'feedback'}: 1 file\n"
    assert "Hello Group 43, " in (tmp_path / "mine" / "feedback" / "group-43.md").read_text(encoding="utf-8")
    template.write_text("{{ nothing }}")
    one_line(run("export", out, "--to", "feedback", "--template", template), "template")
    assert run("export", out, "--to", "sheets").returncode == 0
    page = (out / "sheets" / "group-1-1.html").read_text(encoding="utf-8")
    assert "=1+1" in page
    assert "Content-Security-Policy" in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--to", "pdf"), "choose learn"),
        (("--to", "csv", "--template", "x"), "belongs to"),
        (("--to", "feedback", "--only", "99"), "no group of that name"),
        (("--to", "feedback", "--template", "none.md"), "cannot be read"),
        (("--to", "learn", "--settings", "none.toml"), "there is no such file"),
    ],
)
def test_what_cannot_be_exported(out: Path, words: tuple[str, ...], told: str) -> None:
    one_line(run("export", out, *words), told)


def test_a_folder_without_results(tmp_path: Path) -> None:
    one_line(run("export", tmp_path, "--to", "csv"), "holds no results.json")
    (tmp_path / "results.json").write_text(json.dumps({"groups": []}))
    one_line(run("export", tmp_path, "--to", "csv"), "not the results of a class run")
