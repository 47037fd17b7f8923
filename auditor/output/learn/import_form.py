"""The file that DTU Learn (Brightspace) imports grades from, a row for each student.

The form is that of "Importing Grades" in Brightspace's help: a column `OrgDefinedId` or `Username`, or both; `<item> Points Grade`
or `<item> Text Grade`; last `End-of-Line Indicator`, with `#` in each row. Learn's own exports put `#` before what they know a
student by, so that no spreadsheet program takes it for a number; so does this file. It is UTF-8 without a mark at its
beginning, which would stand before the first heading.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from auditor.output.learn.rule import LearnRule, grade_of, still_open
from auditor.output.words.wording import counted, one_line
from auditor.patterns import pattern
from auditor.records import Record
from auditor.result.class_run import ClassResult

END = "End-of-Line Indicator"
MARK = "#"
KINDS = {"points": "Points Grade", "text": "Text Grade"}
NUMBER = pattern(r"(?<![A-Za-z0-9])s[0-9]{5,6}(?![0-9A-Za-z])")
"""A student's number as the university gives it, where a name stands beside it."""
KNOWN_BY = pattern(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")
"""What a student can be known by: nothing that a spreadsheet program takes for more than text."""


class LearnFile(Record):
    """The file, how many students stand in it, and lines on what a reader should know."""

    data: bytes
    students: int
    notes: tuple[str, ...]


def learn_file(result: ClassResult, rule: LearnRule) -> LearnFile:
    """The import form for a class. A student who cannot be told, or who stands in two groups, is left out and named."""
    notes: list[str] = []
    groups: dict[str, list[str]] = {}
    grades: dict[str, str] = {}
    for row in result.rows:
        grade = grade_of(row, rule, result.claims)
        if not row.members:
            notes.append(f"group {one_line(row.name)}: the list of groups names no student")
        if row.summary is None:
            notes.append(f"group {one_line(row.name)} was not audited: its grades are left empty")
        for member in row.members:
            student = known_by(member)
            if student is None:
                notes.append(
                    f"group {one_line(row.name)}: {one_line(member)} is nothing that Learn knows a student by: left out"
                )
                continue
            groups.setdefault(student, []).append(row.name)
            grades[student] = grade
    for student, several in groups.items():
        if len(several) > 1:
            notes.append(f"{student} is in the groups {' and '.join(map(one_line, several))}: left out")
            del grades[student]
    waiting = sum(bool(still_open(row, rule, result.claims)) for row in result.rows if row.summary)
    if waiting:
        notes.append(
            f"{counted(waiting, 'group has', 'groups have')} claims that the rule asks for and nobody has decided"
        )
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*rule.students, f"{rule.item} {KINDS[rule.grade]}", END))
    writer.writerows(rows(grades, len(rule.students)))
    return LearnFile(text.getvalue().encode("utf-8"), len(grades), tuple(notes))


def rows(grades: dict[str, str], columns: int) -> Iterator[tuple[str, ...]]:
    """A row for each student."""
    for student, grade in grades.items():
        yield (*(MARK + student,) * columns, grade, MARK)


def known_by(member: str) -> str | None:
    """What Learn knows a student by, from what the list of groups has: a number beside a name, or all of it."""
    number = NUMBER.search(member)
    if number:
        return number[0]
    whole = member.strip().removeprefix(MARK)
    return whole if KNOWN_BY.fullmatch(whole) else None
