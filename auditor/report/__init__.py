"""The group's report as a document: checklist items with tick, line and note; answers in the group's own words."""

from __future__ import annotations

from auditor.report.model import Answer, Figure, Item, Link, OwnLine, Report, ReportProblem, Sentence, UnknownItem
from auditor.report.reader import read_report

__all__ = [
    "Answer",
    "Figure",
    "Item",
    "Link",
    "OwnLine",
    "Report",
    "ReportProblem",
    "Sentence",
    "UnknownItem",
    "read_report",
]
