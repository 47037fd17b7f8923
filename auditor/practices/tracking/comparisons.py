"""Comparisons of several settings that the group made by hand and shows in a figure, in the report or in a README."""

from __future__ import annotations

import re

from auditor.evidence import Trace, half, seen
from auditor.facts.documents.document import Document
from auditor.facts.documents.markdown import Docs
from auditor.facts.own_work.template import Template
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.documentation.figures import Figure, Figures, heading_above
from auditor.records import Record

BY_HAND = "a document compares several settings with a figure, and nothing in the repository searches"
SETTINGS = (
    r"(?:hyper-?\s?param\w*|learning rates?|\blrs?\b|batch[ -]?sizes?|drop-?out|weight decay|regulari[sz]ation|optimi[sz]ers?|"
    r"hidden (?:units|layers|sizes?|dim\w*)|number of (?:layers|units|epochs|filters|estimators|trees|heads)|max[_ ]depth|max[_ ]features|n[- ]?gram|"
    r"kernel size|image sizes?|augmentations?|schedulers?|loss functions?|epochs|warm-?up|momentum)"
)
MANY = (
    r"(?:var(?:y|ied|ying|ious)|different|several|multiple|compar\w+|ranges? of|between|combinations? of|configurations? of|tried|tested|sets? of|"
    r"adjust\w*|chang(?:ed|ing)|tun(?:ed|ing)|experiment(?:ed|ing))"
)
COMPARES = pattern(
    rf"\b{MANY}\b(?:[^.;]|\.\d){{0,90}}?{SETTINGS}|{SETTINGS}(?:[^.;]|\.\d){{0,60}}?\b{MANY}\b", re.IGNORECASE
)
"""Several settings of a parameter of training: models or data alone are none."""
NEVER = pattern(r"\b(not|no|never|without|would|could|should|might|future|plan\w*|instead of|n't)\b", re.IGNORECASE)
SENTENCE = pattern(r"(?<=[.!?])\s+|\n")


class Comparisons(Record):
    """Comparisons of settings by hand."""

    traces: tuple[Trace, ...] = ()


@fact
def read_comparisons(docs: Docs, figures: Figures, template: Template) -> Comparisons:
    """The first sentence on several settings in each section that shows an own figure."""
    found: list[Trace] = []
    shown: dict[tuple[str, int], Figure] = {}
    for figure in figures.shown:
        document = docs.by_path.get(figure.path)
        if document is not None and figure.exists and not figure.example and figure.kind == "image":
            if figure.in_report and not figure.answers_tracking:
                continue
            above = heading_above(document, figure.line)
            shown.setdefault((figure.path, above.line if above else 0), figure)
    for (path, start), _ in shown.items():
        found += compared(docs.by_path[path], start, template)
    return Comparisons(tuple(found))


def compared(document: Document, start: int, template: Template) -> list[Trace]:
    """What the section from line `start` says of several settings, as done."""
    end = next((heading.line for heading in document.headings if heading.line > start), 1_000_000)
    own = {number for number, _ in template.own_lines(document.path)}
    for line, text in document.paragraphs:
        if not start < line < end or line not in own:
            continue
        for said in SENTENCE.split(text):
            if COMPARES.search(said) and not NEVER.search(said):
                return [half(seen(document.path, line, said), BY_HAND)]
    return []
