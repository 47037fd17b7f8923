"""Coverage percentages that a repository holds: in committed reports, and as thresholds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from auditor.evidence import Place, seen
from auditor.facts.project_commands import Commands
from auditor.formats.ini_lines import parse_ini
from auditor.formats.shell.options import values_of
from auditor.formats.toml_lines import parse_toml, toml_lines
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.pipelines import Pipelines
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

HEAD = 4_000
"""Characters of a coverage.xml that hold its first element."""

_TOTAL = pattern(r"^TOTAL\b.*?(\d{1,3}(?:\.\d+)?)%", re.MULTILINE)
"""The last line of `coverage report` (coverage.py documentation, "Coverage summary")."""


class CoverageNumbers(Record):
    """Percentages, each with its place."""

    reported: tuple[tuple[float, Place], ...] = ()
    thresholds: tuple[tuple[float, Place], ...] = ()


@fact
def read_coverage_numbers(snapshot: Snapshot, commands: Commands, pipelines: Pipelines) -> CoverageNumbers:
    """What committed reports and settings say."""
    return CoverageNumbers(tuple(reported(snapshot)), tuple(thresholds(snapshot, commands, pipelines)))


def reported(snapshot: Snapshot) -> Iterator[tuple[float, Place]]:
    """The total of every committed report."""
    paths = snapshot.named("coverage*.xml", "cobertura*.xml", "coverage*.json", "coverage*.txt")
    yield from each_file(snapshot, paths, total_of)


def total_of(snapshot: Snapshot, path: str) -> Iterator[tuple[float, Place]]:
    """The total of one report."""
    value = total(snapshot.text(path) or "", path)
    if value is not None:
        yield value, seen(path, None, f"total coverage {value:.0f}%")


def total(text: str, path: str) -> float | None:
    """The total percentage of a report by coverage.py, in its XML, JSON or text form; None where it is none."""
    if path.endswith(".xml"):
        parser = XMLPullParser(["start"])  # type: ignore[var-annotated]
        try:
            parser.feed(text[:HEAD])
            elements = [cast(Element, event[-1]) for event in parser.read_events() if event]
        except ParseError:
            return None
        return percentage(elements[0].get("line-rate"), 100) if elements else None
    if path.endswith(".json"):
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return None
        totals = document.get("totals") if isinstance(document, dict) else None
        return percentage(totals.get("percent_covered"), 1) if isinstance(totals, dict) else None
    found = _TOTAL.search(text)
    return percentage(found[1], 1) if found else None


def percentage(value: object, factor: float) -> float | None:
    """`value` times `factor`, where it is a number from 0 to 100."""
    try:
        number = float(str(value)) * factor
    except ValueError:
        return None
    return number if 0 <= number <= 100 else None


def thresholds(snapshot: Snapshot, commands: Commands, pipelines: Pipelines) -> Iterator[tuple[float, Place]]:
    """`fail_under` in settings, `--cov-fail-under` and `--fail-under` in commands."""
    yield from each_file(snapshot, snapshot.named(".coveragerc", "setup.cfg", "tox.ini"), threshold_of_ini)
    yield from each_file(snapshot, snapshot.named("pyproject.toml"), threshold_of_toml)
    run = [*(use.command for use in commands.uses), *(c for work in pipelines.live for c in work.commands)]
    for command in run:
        for given in values_of(command.words, "--cov-fail-under", "--fail-under"):
            value = percentage(given, 1)
            if value is not None:
                yield value, command.evidence


def threshold_of_ini(snapshot: Snapshot, path: str) -> Iterator[tuple[float, Place]]:
    """`fail_under` in a file of sections."""
    for option in parse_ini(snapshot.text(path) or ""):
        value = percentage(option.value, 1) if option.name == "fail_under" else None
        if value is not None:
            yield value, seen(path, option.line, f"fail_under = {option.value}")


def threshold_of_toml(snapshot: Snapshot, path: str) -> Iterator[tuple[float, Place]]:
    """`fail_under` in `[tool.coverage.report]`."""
    text = snapshot.text(path) or ""
    try:
        settings = parse_toml(text).get("tool", {}).get("coverage", {}).get("report", {}).get("fail_under")
    except (ValueError, AttributeError):
        return
    value = percentage(settings, 1) if settings is not None else None
    if value is not None:
        line = toml_lines(text).get(("tool", "coverage", "report", "fail_under"))
        yield value, seen(path, line, f"fail_under = {settings}")
