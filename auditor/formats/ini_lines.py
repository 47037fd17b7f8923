"""INI files (DVC's and git's kind, `setup.cfg`, `.ini`) with the line of every option.

Python's `configparser` knows no lines and refuses a file for one doubled option; DVC reads its own by ConfigObj, which
indents options within a section. This reader takes what both accept, and passes over lines that neither would.
"""

from __future__ import annotations

from auditor.records import Record

SIZE = 1_000_000
"""Longer files (in characters) are cut here."""


class Option(Record):
    """One `name = value` of an INI file; names in lower case, the value's further lines joined by line ends."""

    section: str
    name: str
    value: str
    line: int
    """Of the name; line k of a value of several lines is `line + k` where no comment or empty line stands between."""
    rows: tuple[tuple[int, str], ...] = ()
    """Line number and text of every line of the value that is not empty."""


def parse_ini(text: str, *, indented: bool = False) -> tuple[Option, ...]:
    """The options of an INI file, in order; those before the first section have the empty section name.

    `indented`: indented lines are options too (DVC, git), not the continuation of the value above (`setup.cfg`).
    Comments start with `#` or `;` on a line of their own, or after a blank within a value.
    """
    found: list[tuple[str, str, int, list[tuple[int, str]]]] = []
    section = ""
    open_option = False
    for number, raw in enumerate(text[:SIZE].split("\n"), start=1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if raw[0] in " \t" and not indented and open_option:
            found[-1][3].append((number, without_comment(line)))
        elif line[0] == "[" and "]" in line:
            section = line[1 : line.rindex("]")].strip().strip("'").strip()
            open_option = False
        else:
            name, mark, value = split_option(line)
            open_option = bool(mark and name)
            if open_option:
                value = without_comment(value)
                found.append((section, name, number, [(number, value)] if value else []))
    return tuple(Option(s, n, "\n".join(t for _, t in rows), at, tuple(rows)) for s, n, at, rows in found)


def split_option(line: str) -> tuple[str, str, str]:
    """Name, mark (`=` or `:`, whichever comes first) and value; no mark where the line is none of an option."""
    places = [p for p in (line.find("="), line.find(":")) if p >= 0]
    if not places:
        return line, "", ""
    at = min(places)
    return line[:at].strip().lower(), line[at], line[at + 1 :].strip()


def without_comment(value: str) -> str:
    """`value` up to a comment mark that follows a blank, and without quotes around it."""
    for mark in (" #", " ;", "\t#", "\t;"):
        value = value.partition(mark)[0]
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value
