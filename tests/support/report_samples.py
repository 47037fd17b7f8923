"""Reports for tests, made from the catalogue's items; the questions are in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from auditor.course.catalog import Catalog, load_catalog
from auditor.report import Report
from auditor.report.reader import assembled, read_file
from support.checkout import ROOT


@cache
def catalog() -> Catalog:
    return load_catalog(ROOT / "rules" / "catalog.yaml")


def items(edition: str) -> list[str]:
    """The wordings of an edition's items, each once."""
    return list(dict.fromkeys(text for claim in catalog() if (text := claim.wording(edition))))


def checklist(edition: str = "2026", ticked: object = (), changes: Mapping[str, str] | None = None) -> str:
    """A checklist with the items of the claims `ticked` ticked (or all, for True); `changes` replaces whole lines."""
    lines = ["## Overall project checklist", "", "### Week 1", ""]
    done: set[str] = set()
    for claim in catalog():
        text = claim.wording(edition)
        if text is None or text in done:
            continue
        done.add(text)
        mark = "x" if ticked is True or (isinstance(ticked, (set, tuple)) and claim.id in ticked) else " "
        lines.append((changes or {}).get(claim.id, f"* [{mark}] {text} ({claim.module})"))
    return "\n".join(lines) + "\n"


def question(number: int, answer: str, asked: str = "") -> str:
    """A question as the template prints it, with `asked` as its text."""
    quoted = "".join(f"> **{line}**\n" for line in asked.split("\n") if line)
    return f"\n### Question {number}\n\n{quoted}>\n> Answer:\n\n{answer}\n"


def parse_report(text: str, catalog: Catalog, path: str = "reports/README.md") -> Report:
    """The report in `text`, which stands at `path`."""
    read = read_file(text, catalog, path)
    return assembled(read, read, catalog)


def read(text: str) -> Report:
    return parse_report(text, catalog())


def only(answer: str, number: int = 24) -> Report:
    """A report of 2026 with one question answered."""
    return read(checklist() + question(number, answer))
