"""The group's answers as a result keeps them: who decides on a claim reads what the group says of it in full."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from auditor.course.catalog import Catalog
from auditor.report.language.descriptions import beside
from auditor.report.model import Answer, Report
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import GivenAnswer

LONGEST = 20_000
"""Characters of an answer that are kept; the template asks for two hundred words."""
MOST_FIGURES = 20


def given_answers(report: Report | None, catalog: Catalog, snapshot: Snapshot) -> tuple[GivenAnswer, ...]:
    """The answers in their order, also those under which nothing is written."""
    if report is None:
        return ()
    claims: dict[int, list[str]] = {}
    for claim in catalog:
        answer = claims_answer(claim.topics, report)
        claims.setdefault(id(answer), []).append(claim.id)
    return tuple(given(answer, claims.get(id(answer), ()), report, snapshot) for answer in report.answers)


def given(answer: Answer, claims: Sequence[str], report: Report, snapshot: Snapshot) -> GivenAnswer:
    """One answer with its prose and code in the order of their lines; `claims` are those whose own question it answers."""
    lines = sorted((*answer.own, *answer.code), key=lambda line: line.line)
    text = "\n".join(line.text for line in lines).strip("\n")
    return GivenAnswer(
        topic=answer.topic,
        number=answer.number,
        path=answer.path or report.path,
        line=answer.line,
        text=text if len(text) <= LONGEST else text[: LONGEST - 1] + "…",
        figures=tuple(dict.fromkeys(picture_path(answer, one.target, snapshot) for one in answer.pictures))[
            :MOST_FIGURES
        ],
        claims=tuple(claims),
    )


def claims_answer(topics: tuple[str, ...], report: Report) -> Answer | None:
    """The answer to a claim's own question: that of the nearest of its topics that the report asks."""
    return next((answer for topic in topics if (answer := report.answer(topic)) is not None), None)


def picture_path(answer: Answer, target: str, snapshot: Snapshot) -> str:
    """A picture's path in the repository; its target as written where it is none."""
    path = unquote(beside(answer.path, target))
    return path if path in snapshot else target[:300]
