"""The form from which DTU Learn imports grades, held against what is documented of it, and the rule for points."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from pathlib import Path

import pytest
from support.libreoffice import needs_libreoffice, opened

from auditor.errors import AuditError
from auditor.output.learn.import_form import LearnFile, learn_file
from auditor.output.learn.rule import LearnRule, learn_rule
from auditor.records import replace
from auditor.result.audit import Finding, Summary, Verdict
from auditor.result.class_run import Cell, ClaimHead, ClassResult, GroupRow

HEADS = (
    ClaimHead("M8.dvc", "M8", "Week 1", "Data under version control"),
    ClaimHead("M17.ci", "M17", "Week 2", "Continuous integration"),
    ClaimHead("M17.cache", "M17", "Week 2", "Caching"),
    ClaimHead("M23.deploy", "M23", "Week 3", "Deployed"),
)
CELLS = (
    Cell("M8.dvc", True, Verdict.SUPPORTED, Finding.CONFIRMED),
    Cell("M17.ci", True, Verdict.PARTIAL, Finding.QUERY, Finding.CONFIRMED),
    Cell("M17.cache", True, Verdict.UNSUPPORTED, Finding.DISCREPANCY),
    Cell("M23.deploy", False, Verdict.SUPPORTED, Finding.UNCLAIMED),
)
POINTS = '[learn]\nitem = "Project checklist"\n[learn.points]\nM17 = 3\n"M8.dvc" = 1\nM23 = 5\n'


def group(name: str, *members: str, cells: tuple[Cell, ...] = CELLS, problem: str = "") -> GroupRow:
    summary = None if problem else Summary(3, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0)
    return GroupRow(name, members, "", None, None, None, problem, (), 0, None, None, summary, cells, (), (), "")


def a_class(*rows: GroupRow) -> ClassResult:
    return ClassResult("0.1", "Winter", None, HEADS, rows, (), ())


def rule(text: str = POINTS) -> LearnRule:
    return learn_rule(tomllib.loads(text), HEADS, "auditor.toml")


def documented(made: LearnFile) -> list[dict[str, str]]:
    """The rows, after the file was held against Brightspace's help, "Importing Grades", and what its own exports look like.

    A column that names the student (`OrgDefinedId`, `Username`), grades in columns that end with the kind of grade, and a last
    column `End-of-Line Indicator` with `#`; commas between, nothing before the first heading.
    """
    text = made.data.decode("utf-8")
    assert not text.startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head[-1] == "End-of-Line Indicator"
    keys = [name for name in head if name in ("OrgDefinedId", "Username")]
    assert keys and head[: len(keys)] == keys
    grades = head[len(keys) : -1]
    assert grades and all(re.fullmatch(r"\S.* (Points|Text) Grade", name) for name in grades)
    for row in rows:
        assert len(row) == len(head)
        assert row[-1] == "#"
        assert all(re.fullmatch(r"#[^#\s,]+", one) for one in row[: len(keys)])
        for name, grade in zip(grades, row[len(keys) : -1], strict=True):
            assert not name.endswith("Points Grade") or re.fullmatch(r"([0-9]+(\.[0-9]+)?)?", grade)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_row_for_each_student() -> None:
    made = learn_file(a_class(group("1", "s000001", "s000002"), group("2", "s000003", cells=CELLS[:1])), rule())
    assert documented(made) == [
        {"Username": f"#{name}", "Project checklist Points Grade": grade, "End-of-Line Indicator": "#"}
        for name, grade in (("s000001", "2.5"), ("s000002", "2.5"), ("s000003", "1"))
    ]
    assert made.data.count(b"\r\n") == 4 == made.data.count(b"\n")
    assert made.students == 3


def test_both_keys_stand_in_the_order_of_an_export() -> None:
    text = POINTS.replace("[learn.points]", 'students = ["Username", "OrgDefinedId"]\n[learn.points]')
    (row,) = documented(learn_file(a_class(group("1", "s000001")), rule(text)))
    assert list(row)[:2] == ["OrgDefinedId", "Username"]
    assert row["OrgDefinedId"] == row["Username"] == "#s000001"


@pytest.mark.parametrize(
    ("more", "grade"),
    [
        ("", "2.5"),  # half of M17's three, and M8
        ('each = "all"\n', "1"),
        ('counts = "decided"\n', "1.5"),
        ('counts = "decided"\neach = "all"\n', "0"),
    ],
)
def test_points_are_the_courses_rule(more: str, grade: str) -> None:
    made = learn_file(a_class(group("1", "s000001")), rule(POINTS.replace("[learn.points]", f"{more}[learn.points]")))
    assert documented(made)[0]["Project checklist Points Grade"] == grade


def test_a_stale_decision_does_not_count() -> None:
    stale = tuple(replace(cell, stale=cell.decided is not None) for cell in CELLS)
    made = learn_file(a_class(group("1", "s000001", cells=stale)), rule())
    assert documented(made)[0]["Project checklist Points Grade"] == "1"


def test_a_grade_in_words() -> None:
    text = '[learn]\nitem = "Checklist"\ngrade = "text"\n'
    rows = (group("1", "s000001"), group("2", "s000002", cells=CELLS[:2]), group("3", "s000003", cells=()))
    found = documented(learn_file(a_class(*rows), rule(text)))
    assert [row["Checklist Text Grade"] for row in found] == ["open: M17.cache", "settled", "nothing ticked"]


def test_what_a_reader_should_know() -> None:
    made = learn_file(
        a_class(
            group("1", "s000001", "=1+1", "Ann Example"),
            group("2", "Ann Example (s000002)", "#s000003"),
            group("3", "s000001"),
            group("4"),
            group("5", "s000005", cells=(), problem="no such repository"),
        ),
        rule(),
    )
    assert [(row["Username"], row["Project checklist Points Grade"]) for row in documented(made)] == [
        ("#s000002", "2.5"),
        ("#s000003", "2.5"),
        (
            "#s000005",
            "",
        ),  # an empty cell leaves a grade as it is: no group is graded for a repository that was not read
    ]
    assert made.notes == (
        "group 1: =1+1 is nothing that Learn knows a student by: left out",
        "group 1: Ann Example is nothing that Learn knows a student by: left out",
        "group 4: the list of groups names no student",
        "group 5 was not audited: its grades are left empty",
        "s000001 is in the groups 1 and 3: left out",
        "4 groups have claims that the rule asks for and nobody has decided",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no table"),
        ("[learn]\n", "item must be"),
        ('[learn]\nitem = "x"\n', "no points"),
        ('[learn]\nitem = "x"\n[learn.points]\n', "no points"),
        ('[learn]\nitem = "x"\n[learn.points]\nM99 = 1\n', "M99 is no claim or module"),
        ('[learn]\nitem = "x"\n[learn.points]\nM17 = "1"\n', "must be a number"),
        ('[learn]\nitem = "x"\n[learn.points]\nM17 = true\n', "must be a number"),
        ('[learn]\nitem = "x"\n[learn.points]\nM17 = nan\n', "must be a number"),
        ('[learn]\nitem = "x"\n[learn.points]\nM17 = -1\n', "must be a number"),
        ('[learn]\nitem = "x"\n[learn.points]\nM8.dvc = 1\n', "put quotes around"),
        ('[learn]\nitem = "x"\n[learn.points]\nM8 = 1\n"M8.dvc" = 1\n', "count twice"),
        ('[learn]\nitem = "x"\ngrade = "text"\n[learn.points]\nM8 = 1\n', "means nothing"),
        ('[learn]\nitem = "x"\nstudents = "Name"\n', "students must be"),
        ('[learn]\nitem = "x"\ncounts = "all"\n', "counts must be"),
        ('[learn]\nitem = "x"\npoint = 1\n', "point is not known"),
        ('learn = "x"\n', "no table"),
    ],
)
def test_a_rule_that_is_wrong(text: str, words: str) -> None:
    with pytest.raises(AuditError, match=words):
        rule(text)


@needs_libreoffice
@pytest.mark.xdist_group("libreoffice")
def test_libreoffice_shows_numbers_as_they_are_and_students_as_text(tmp_path: Path) -> None:
    made = learn_file(a_class(group("1", "000001", "s000002")), rule())
    (sheet,) = opened(tmp_path, "learn.csv", made.data)
    assert sheet == [
        ["Username", "Project checklist Points Grade", "End-of-Line Indicator"],
        ["#000001", "2.5", "#"],
        ["#s000002", "2.5", "#"],
    ]
