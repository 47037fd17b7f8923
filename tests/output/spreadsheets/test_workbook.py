from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from support.libreoffice import needs_libreoffice, opened
from support.sheet_samples import (
    FAILED,
    HOSTILE,
    OPENED,
    a_class,
    group,
    hostile_class,
    rows_of,
    sheet_of,
    table,
    workbook,
)

from auditor.output.spreadsheets.sheet_rows import fit
from auditor.output.spreadsheets.sheets import claims_csv, grades_xlsx, groups_csv
from auditor.records import replace
from auditor.result.audit import Finding, Verdict
from auditor.result.class_run import ClassResult


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


@needs_libreoffice
@pytest.mark.xdist_group("libreoffice")
def test_libreoffice_shows_the_workbooks_texts_as_they_are(tmp_path: Path) -> None:
    sheets = list(opened(tmp_path, "grades.xlsx", grades_xlsx(hostile_class(OPENED))))

    assert len(sheets) == 5
    groups = next(sheet for sheet in sheets if sheet[0][1] == "members")
    assert [row[0].rstrip(" ") for row in groups[1:]] == [fit(text) for text in OPENED]
    assert groups[1][7] == "4"
