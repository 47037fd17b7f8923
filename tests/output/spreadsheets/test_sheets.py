"""The spreadsheets of a class: what stands in them, and that nothing of a group's making does anything when they are opened."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from support.libreoffice import needs_libreoffice, opened

from auditor.output.spreadsheets.sheet_rows import CLAIM_COLUMNS, GROUP_COLUMNS, MAX_UNITS, fit
from auditor.output.spreadsheets.sheets import as_text, claims_csv, grades_xlsx, groups_csv
from auditor.records import replace
from auditor.result.audit import Finding, Summary, Verdict
from auditor.result.class_run import BaseRate, Cell, ClaimHead, ClassResult, GroupRow
from auditor.result.findings import Heard, finding

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl on bars in cells

HEADS = (
    ClaimHead("M5.git", "M5", "Week 1", "Git is used"),
    ClaimHead("M8.dvc", "M8", "Week 1", "Data under version control"),
    ClaimHead("M17.ci", "M17", "Week 2", "Continuous integration"),
    ClaimHead("M23.deploy", "M23", "Week 3", "Deployed"),
    ClaimHead("M26.frontend", "M26", "Week 3", "A frontend"),
)

HOSTILE = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tx",
    "\rx",
    "   =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    '"=1+1',
    "''=1+1",
    "\u201c=1+1",
    '\u200d "=1+1',
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(1,1)",
    '=HYPERLINK("https://example.org/?"&A1,"open")',
    "=cmd|' /C calc'!A0",
    "a;=1+1;b",
    "a\n=1+1;b",
    "a\r\n\t+1+1",
    'a;"=1+1',
)
"""Texts that some program or setting takes for a formula."""

PLAIN = (
    "Group 43",
    "buoy-watchers",
    "a=b",
    "a - b",
    "ab@example.org",
    "https://example.org/a?b=c",
    "mailto:a@example.org",
    "007",
    "{=1+1}",
    "<b>&amp;</b>",
    "\u00e6\u00f8\u00e5 \U0001f6a2",
    "'quoted'",
)


def cell(
    claim: str, ticked: bool | None, verdict: Verdict, decided: Finding | None = None, stale: bool = False
) -> Cell:
    return Cell(claim, ticked, verdict, finding(ticked, verdict, Heard()), decided, stale)


CELLS = (
    cell("M5.git", True, Verdict.SUPPORTED),
    cell("M8.dvc", True, Verdict.PARTIAL),
    cell("M17.ci", True, Verdict.UNSUPPORTED, Finding.CONFIRMED),
    cell("M23.deploy", True, Verdict.CONTRADICTED, Finding.CONFIRMED, stale=True),
    cell("M26.frontend", None, Verdict.UNSUPPORTED),
)


def group(name: str = "43", **given: object) -> GroupRow:
    row = GroupRow(
        name=name,
        members=("Ann Example", "Bo Example"),
        address="https://example.org/buoys/project",
        web="https://example.org/buoys/project",
        commit="0123456789abcdef0123456789abcdef01234567",
        committed_at="2026-01-23T21:48:00+00:00",
        problem="",
        notes=("2 commits after the deadline",),
        later_commits=2,
        edition="2026",
        report_group="43",
        summary=Summary(4, 1, 1, 1, 1, 0, 2, 1, 0, 0, 0),
        cells=CELLS,
        questions=(("M23.deploy", "Where does it run?"), ("M8.dvc", "Where is\nthe data?")),
        problems=("data.csv: over 10 MB",),
        page="group-43.html",
        keys=(".env:1: a key",),
    )
    return replace(row, **given)


FAILED = group(
    "44", commit=None, committed_at=None, problem="no such repository", notes=(), later_commits=0, edition=None,
    report_group=None, summary=None, cells=(), questions=(), problems=(), page="group-44.html",
)  # fmt: skip


def a_class(*rows: GroupRow) -> ClassResult:
    rates = tuple(BaseRate(head, 4, 1, 1, 2, 0, 1) for head in HEADS)
    return ClassResult("0.1", "Winter 2026", "2026-01-23T23:59:00+01:00", HEADS, rows, rates, ())


def hostile_class(texts: Sequence[str]) -> ClassResult:
    return a_class(*(
        group(
            text, members=(text, text), address=text, web=text, commit=text, committed_at=text, problem=text,
            notes=(text, text), edition=text, report_group=text, questions=(("M8.dvc", text),), problems=(text,), keys=(text,), large_files=(text,),
        )
        for text in texts
    ))  # fmt: skip


def table(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def workbook(result: ClassResult) -> Workbook:
    return load_workbook(io.BytesIO(grades_xlsx(result)), rich_text=False)


def rows_of(sheet: Worksheet, header: int = 1) -> list[dict[str, object]]:
    names = [str(one.value) for one in sheet[header]]
    return [
        {name: one.value for name, one in zip(names, row, strict=True)} for row in sheet.iter_rows(min_row=header + 1)
    ]


def sheet_of(book: Workbook, name: str) -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_claims_csv_has_a_row_for_each_group_and_claim() -> None:
    data = claims_csv(a_class(group(), FAILED))

    found = table(data)
    assert list(found[0]) == list(CLAIM_COLUMNS)
    assert len(found) == 5
    assert list(found[2].values())[:11] == [
        "43", "M17.ci", "M17", "Week 2", "Continuous integration", "yes", "unsupported", "discrepancy", "confirmed", "",
        "group-43.html#claim-M17.ci",
    ]  # fmt: skip
    assert (found[3]["decided finding"], found[3]["stale"]) == ("confirmed", "yes")
    assert [row["ticked"] for row in found] == ["yes", "yes", "yes", "yes", ""]
    assert data.count(b"\n") == data.count(b"\r\n") == 6


def test_groups_csv_counts_what_counts() -> None:
    audited, failed = table(groups_csv(a_class(group(), FAILED)))

    assert list(audited) == list(GROUP_COLUMNS)
    assert audited == {
        "group": "43",
        "members": "Ann Example, Bo Example",
        "repository": "https://example.org/buoys/project",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "committed at": "2026-01-23T21:48:00+00:00",
        "state": "audited",
        "problem": "",
        "ticked": "4",
        "confirmed": "2",  # one of them by decision
        "queries": "1",
        "discrepancies": "1",  # the stale decision does not count
        "ask": "0",
        "unclaimed": "0",
        "not judged": "0",
        "decided": "1",
        "discrepancy ids": "M23.deploy",
        "query ids": "M8.dvc",
        "questions": "1. Where does it run?\n2. Where is the data?",
        "notes": "2 commits after the deadline\ndata.csv: over 10 MB",
        "later commits": "2",
        "page": "group-43.html",
        "keys": ".env:1: a key",
        "large files": "",
    }
    assert (failed["state"], failed["problem"]) == ("failed", "no such repository")
    assert {failed[name] for name in ("ticked", "confirmed", "discrepancies", "decided", "later commits")} == {""}


@pytest.mark.parametrize("text", HOSTILE)
def test_every_piece_of_a_csv_text_that_could_be_a_formula_has_an_apostrophe(text: str) -> None:
    result = hostile_class([text])
    cells = [one for make in (groups_csv, claims_csv) for row in table(make(result)) for one in row.values()]

    for one in cells:
        if one.isdigit():
            continue  # a number of our own
        for piece in re.split(r"[;\t\n]", one):
            first = piece.lstrip(' \u00a0\u3000\u200d"\u201c')
            assert not first.startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20")), one
        assert not one.startswith(("\t", "\r", "\n")), one


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_are_as_they_were(text: str) -> None:
    assert table(groups_csv(hostile_class([text])))[0]["group"] == text
    assert rows_of(sheet_of(workbook(hostile_class([text])), "Groups"))[0]["group"] == text


def test_control_characters_and_half_surrogates_are_seen_and_hide_nothing() -> None:
    text = "\x00=1\x1b[31m\ud800\u202ex\x85\ufffe\uffff"
    result = hostile_class([text])

    for shown in (
        table(groups_csv(result))[0]["group"],
        rows_of(sheet_of(workbook(result), "Groups"))[0]["group"],
    ):
        assert isinstance(shown, str)
        assert shown.isprintable()
        assert "=1" in shown
        assert shown.endswith("[U+FFFE][U+FFFF]")


@pytest.mark.parametrize(
    "text",
    ["x" * 40_000, "\U0001f6a2" * 20_000, "=" * 32_767, ";=" * 16_000, "\t" * 32_000, "a\n" * 10_000, "\x01" * 32_767],
)
def test_a_cell_is_never_longer_than_excel_takes(text: str) -> None:
    result = hostile_class([text])
    in_csv = [one for row in table(groups_csv(result)) for one in row.values()]
    in_book = [one for row in rows_of(sheet_of(workbook(result), "Groups")) for one in row.values()]

    for one in (*in_csv, *in_book):
        if isinstance(one, str):
            assert len(one.encode("utf-16-le")) <= MAX_UNITS * 2
            assert one.count("\n") <= 253


def test_what_is_cut_keeps_its_beginning() -> None:
    assert fit("x" * MAX_UNITS) == "x" * MAX_UNITS
    assert fit("x" * (MAX_UNITS + 1)) == "x" * (MAX_UNITS - 10) + " ... (cut)"
    assert fit("a\r\nb\rc") == "a\nb\nc"
    assert fit("\n" * 253) == "\n" * 253


def test_a_long_hostile_text_costs_no_time() -> None:
    for text in ("\t" * MAX_UNITS, " " * MAX_UNITS, "\n" * MAX_UNITS, ";" * MAX_UNITS, "; " * 16_000, '"' * MAX_UNITS):
        before = datetime.now()
        as_text(text)
        assert (datetime.now() - before).total_seconds() < 1


def test_the_workbook_has_the_sheets_with_headings_that_stay_and_filter() -> None:
    book = workbook(a_class(group(), FAILED))

    assert book.sheetnames == ["Groups", "Claims", "Map", "Rates", "Legend"]
    frozen = {name: sheet_of(book, name).freeze_panes for name in book.sheetnames}
    assert frozen == {"Groups": "B2", "Claims": "B2", "Map": "B3", "Rates": "B2", "Legend": None}
    filtered = {name: sheet_of(book, name).auto_filter.ref for name in book.sheetnames}
    assert filtered == {"Groups": "A1:W3", "Claims": "A1:M6", "Map": "A2:H4", "Rates": "A1:K6", "Legend": None}


def test_numbers_are_numbers_and_times_are_times_of_the_deadlines_offset() -> None:
    audited, failed = rows_of(sheet_of(workbook(a_class(group(), FAILED)), "Groups"))

    assert (audited["ticked"], audited["discrepancies"], audited["later commits"]) == (4, 1, 2)
    assert audited["committed at (UTC+01:00)"] == datetime(2026, 1, 23, 22, 48)
    assert (failed["ticked"], failed["state"], failed["problem"]) == (None, "failed", "no such repository")


@pytest.mark.parametrize(
    "time", ["", "yesterday", "2026-01-23T21:48:00", "1899-12-31T23:59:59-23:00", "9999-12-31T23:59:59-12:00"]
)
def test_a_time_that_is_none_stays_text(time: str) -> None:
    result = replace(a_class(group(committed_at=time)), deadline=None)

    assert rows_of(sheet_of(workbook(result), "Groups"))[0]["committed at (UTC)"] == (time or None)


def test_colours_never_stand_without_the_word() -> None:
    sheet = sheet_of(workbook(a_class(group())), "Claims")

    colours = {str(row[6].value): row[6].fill.fgColor.rgb for row in sheet.iter_rows(min_row=2)}
    assert set(colours) == {"confirmed", "query", "discrepancy", "none"}
    assert len(set(colours.values())) == 4
    assert [row[7].value for row in sheet.iter_rows(min_row=2)] == [None, None, "confirmed", "confirmed", None]
    assert [row[11].value for row in sheet.iter_rows(min_row=2)] == [
        None,
        "Where is\nthe data?",
        None,
        "Where does it run?",
        None,
    ]


def test_the_map_shows_a_sign_for_every_claim() -> None:
    sheet = sheet_of(workbook(a_class(group(), FAILED)), "Map")

    assert [one.value for one in sheet[1]][3:] == ["Week 1", None, "Week 2", "Week 3", None]
    audited, failed = rows_of(sheet, header=2)
    assert audited == {
        "group": "43", "discrepancies": 1, "queries": 1, "M5.git": "\u2713", "M8.dvc": "Q", "M17.ci": "\u2713*",
        "M23.deploy": "D!", "M26.frontend": "\u2013",
    }  # fmt: skip
    assert failed["M5.git"] == "no such repository"


def test_rates_and_legend() -> None:
    book = workbook(a_class(group(), FAILED))

    rate = rows_of(sheet_of(book, "Rates"))[1]
    assert (rate["claim"], rate["ticked"], rate["discrepancies"], rate["confirmed share"]) == ("M8.dvc", 4, 2, 0.25)
    legend = {str(row[0].value): row[1].value for row in sheet_of(book, "Legend").iter_rows()}
    assert legend["Class"] == "Winter 2026"
    assert legend["Groups"] == "2, of which 1 could not be audited"
    assert legend["Deadline"] == "2026-01-23T23:59:00+01:00"
    assert legend["Editions of the report"] == "2026"
    assert legend["Made by"] == "auditor 0.1"
    words = " ".join(legend)
    for word in (*Finding, *Verdict):
        assert word in words


def test_links_lead_to_the_pages_beside_the_file_and_nowhere_else() -> None:
    data = grades_xlsx(
        a_class(group(), group("45", page="a b/javascript:x#?.html"), group("46", page="//example.org/x"), FAILED)
    )
    book = load_workbook(io.BytesIO(data))

    links = {
        (sheet.title, one.coordinate): (one.hyperlink.target, one.hyperlink.location)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for one in row
        if one.hyperlink
    }
    assert links["Groups", "U2"] == ("group-43.html", None)
    assert links["Claims", "B3"] == ("group-43.html", "claim-M8.dvc")
    assert ("Claims", "B2") not in links  # confirmed: nothing to look at
    assert links["Groups", "U5"] == ("group-44.html", None)
    assert {target for target, _ in links.values()} == {
        "group-43.html",
        "a%20b\\javascript%3Ax%23%3F.html",
        "example.org\\x",
        "group-44.html",
    }
    assert sheet_of(book, "Claims")["B3"].value == "M8.dvc"
    assert {one for _, one in external(data)} == {"External"}


def test_without_a_page_there_is_no_link() -> None:
    result = a_class(group(page=""))

    assert table(claims_csv(result))[0]["page"] == ""
    assert external(grades_xlsx(result)) == []
    assert rows_of(sheet_of(workbook(result), "Groups"))[0]["page"] is None


def external(data: bytes) -> list[tuple[str, str]]:
    """Targets of the links in a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            (relation.attrib["Target"], relation.attrib.get("TargetMode", ""))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/_rels/")
            for relation in ElementTree.fromstring(archive.read(name))
        ]


NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

MARKUP = (
    "<r><t>red</t></r>",
    "<r>&</r>",
    "<r></si><si><t>x</t></r>",
    "_x0041_",
    "<f>1+1</f>",
    "]]>",
    "&#x3D;1+1",
    "http://example.org",
    "internal:'Claims'!A1",
    "external:\\\\example.org\\share",
    "1e5",
    "TRUE",
    "#REF!",
)


def test_nothing_of_a_groups_making_is_a_formula_a_link_a_number_or_markup() -> None:
    texts = (*HOSTILE, *MARKUP)
    result = replace(hostile_class(texts), title="<r>&</r>\x00", deadline="=1+1")
    data = grades_xlsx(result)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            tree = ElementTree.fromstring(archive.read(name))
            assert not list(tree.iter(f"{NAMESPACE}f")), name
            assert not list(tree.iter(f"{NAMESPACE}r")), name
    assert {target for target, _ in external(data)} == {"group-43.html"}
    shown = [row["group"] for row in rows_of(sheet_of(load_workbook(io.BytesIO(data)), "Groups"))]
    assert [str(one).rstrip(" ") for one in shown] == [fit(text) for text in texts]
    sheet = sheet_of(load_workbook(io.BytesIO(data)), "Groups")
    assert {row[0].data_type for row in sheet.iter_rows(min_row=2)} == {"s"}
    assert sheet["A2"].quotePrefix
    assert not sheet[f"A{2 + len(HOSTILE)}"].quotePrefix


def test_equal_classes_give_equal_bytes() -> None:
    for make in (claims_csv, groups_csv, grades_xlsx):
        assert make(a_class(group(), FAILED)) == make(a_class(group(), FAILED))
        assert make(a_class(group())) != make(a_class(group("47")))
    with zipfile.ZipFile(io.BytesIO(grades_xlsx(a_class()))) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_a_class_without_groups_or_claims_is_written() -> None:
    empty = ClassResult("0.1", "", None, (), (), (), ())

    assert table(claims_csv(empty)) == table(groups_csv(empty)) == []
    assert len(workbook(empty).sheetnames) == 5


def test_the_library_is_imported_only_when_a_workbook_is_written() -> None:
    code = "import sys, auditor.output.spreadsheets.sheets; sys.exit('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# LibreOffice itself.

OPENED = (
    "=41+1", "\uff1d41+1", " =41+1", "+41+1", "-41+1", "@SUM(41,1)", "a;=41+1;b", "\r=41+1", "<r>&</r>", "_x0041_", "007",
)  # fmt: skip
WORKED_OUT = {"42", "-40"}


@needs_libreoffice
@pytest.mark.xdist_group("libreoffice")
def test_libreoffice_shows_the_workbooks_texts_as_they_are(tmp_path: Path) -> None:
    sheets = list(opened(tmp_path, "grades.xlsx", grades_xlsx(hostile_class(OPENED))))

    assert len(sheets) == 5
    groups = next(sheet for sheet in sheets if sheet[0][1] == "members")
    assert [row[0].rstrip(" ") for row in groups[1:]] == [fit(text) for text in OPENED]
    assert groups[1][7] == "4"


@needs_libreoffice
@pytest.mark.xdist_group("libreoffice")
@pytest.mark.parametrize("separator", [",", ";"])
def test_libreoffice_shows_the_csv_texts_with_an_apostrophe(tmp_path: Path, separator: str) -> None:
    reading = f"{ord(separator)},34,76,1"
    (sheet,) = opened(tmp_path, "groups.csv", groups_csv(hostile_class(OPENED)), reading)

    shown = "\n".join(one for row in sheet for one in row)
    assert "'=41+1" in shown
    assert all(not one.lstrip(" ").startswith(("=", "+", "@")) for row in sheet for one in row)
    if separator == ",":
        assert [row[0] for row in sheet[1:6]] == ["'=41+1", "'\uff1d41+1", "' =41+1", "'+41+1", "'-41+1"]
        assert sheet[1][7] == "4"
    assert not WORKED_OUT & {one for row in sheet for one in row}


@needs_libreoffice
@pytest.mark.xdist_group("libreoffice")
@pytest.mark.parametrize(("text", "separator"), [("=41+1", ","), ("a;=41+1;b", ";")])
def test_libreoffice_does_work_out_what_is_not_guarded(tmp_path: Path, text: str, separator: str) -> None:
    """Else the tests above would hold of any file."""
    (sheet,) = opened(tmp_path, "raw.csv", f'0,"x"\r\n{text}'.encode(), f"{ord(separator)},34,76,1")

    assert WORKED_OUT & set(sheet[1])
