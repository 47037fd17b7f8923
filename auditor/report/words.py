"""What the group's own words say about one claim: where they deny it, and where they describe it with specifics."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.catalog import Catalog, Claim
from auditor.evidence import Evidence
from auditor.report.denials import denies, hypothetical, unsuccessful
from auditor.report.model import Answer, Report, Sentence
from auditor.statements import Statement

MOST = 3
"""Sentences quoted for a claim and side."""

LONGEST = 2_000
"""Characters of a sentence that are looked at."""

FOLLOWING = 2
"""Sentences after the one that names the thing in which its specifics may stand."""

_PURPOSE = re.compile(r",?\s+(?:so|such)(?: that)? (?=we|it|the|they|you|one|a)|,? in order to ", re.IGNORECASE)
"""Where a sentence goes over from what was done to what it is for."""

_NUMBER = re.compile(
    r"\d+(\.\d+)?\s?(%|percent|ms|s\b|seconds|minutes|min\b|GB|MB|runs|users|requests|trials)|https?://\S+"
)
"""Figures with a unit, and addresses, are specific whatever they are about."""

_DONE = re.compile(
    r"\b(we|i|our|us|the (group|team|project|model|api|service|app|application|code|profil\w+|sweep\w*|image\w*|container\w*)|it|"
    r"this|was|were|is|are|has|have|been|using|used)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences of the report about one claim, each with its line."""

    denials: tuple[Evidence, ...] = ()
    documented: tuple[Evidence, ...] = ()
    outright: bool = False
    """Whether a denial stands where one speaks of this claim: in an answer on one of its topics, or a general one."""
    answered: bool = False
    """Whether a description stands in the answer to the claim's own question (the first of its topics), and names the thing
    no less plainly than the denial does."""


def read_words(
    report: Report, claim: Claim, catalog: Catalog, statement: Statement, exists: Callable[[str], bool]
) -> Words:
    """What `report` says about `claim`. `exists` tells whether a file of the repository, by its path, does."""
    if not statement.subject:
        return Words()
    general = {question.topic for question in catalog.questions if question.general}
    named = phrases(statement.subject)
    wider = phrases((*statement.subject, *statement.in_topic))
    denials: list[Evidence] = []
    documented: list[Evidence] = []
    answered: list[Evidence] = []
    outright = plainly = False
    for answer in report.answers:
        on_topic = answer.topic in claim.topics
        nearest = answer.topic in claim.topics[:1]
        subject = wider if nearest else named
        for sentence in answer.sentences:
            if denies(sentence.text, subject) or denied_by(sentence.text, statement):
                denials.append(quoted(report, sentence))
                outright = outright or on_topic or answer.topic in general
                plainly = plainly or denies(sentence.text, named)
        if statement.specifics and on_topic:
            found = list(descriptions(report, answer, phrases(statement.specifics), subject, exists))
            documented += found
            answered += found if nearest else []
    disagreeing = [one for one in answered if not plainly or named.search(one.text)]
    return Words(tuple(denials[:MOST]), tuple(documented[:MOST]), outright, bool(disagreeing))


def denied_by(sentence: str, statement: Statement) -> bool:
    """Whether a sentence denies the claim by one of its own phrases of denial."""
    if not statement.denied_by or hypothetical(sentence):
        return False
    return bool(phrases(statement.denied_by).search(sentence[:LONGEST]))


def descriptions(
    report: Report,
    answer: Answer,
    specific: re.Pattern[str],
    subject: re.Pattern[str],
    exists: Callable[[str], bool],
) -> Iterator[Evidence]:
    """Sentences and commands of an answer that describe the thing as done, and specifically.

    Specific is a named tool, service, step or setting, a number with its unit, an address, or a figure of the answer that
    exists (evidence standard, general rule 4); in the sentence that names the thing or in one of the next two.
    """
    figure = any(exists(beside(report.path, figure.target)) for figure in answer.figures)
    for line in answer.code:
        if specific.search(line.text[:LONGEST]) and subject.search(line.text[:LONGEST]):
            yield Evidence(report.path, line.line, line.text)
    told = [done(sentence.text[:LONGEST], subject) for sentence in answer.sentences]
    for number, (sentence, text) in enumerate(zip(answer.sentences, told, strict=True)):
        if subject.search(text):
            near = " ".join(told[number : number + FOLLOWING + 1])
            if specific.search(near) or _NUMBER.search(text) or figure:
                yield quoted(report, sentence)


def done(sentence: str, subject: re.Pattern[str]) -> str:
    """What of a sentence tells of something done: empty where it is hypothetical, tells of a failure, or denies the thing."""
    main = _PURPOSE.split(sentence, maxsplit=1)[0]
    if not _DONE.search(main) or hypothetical(main) or unsuccessful(main) or denies(sentence, subject):
        return ""
    return main


def quoted(report: Report, sentence: Sentence) -> Evidence:
    """A sentence as evidence."""
    return Evidence(report.path, sentence.line, sentence.text)


def beside(report: str, target: str) -> str:
    """The path that a link in the report means."""
    folder = report.rpartition("/")[0]
    path = target.split("#")[0].split("?")[0].strip()
    parts: list[str] = [] if path.startswith("/") else [p for p in folder.split("/") if p]
    for part in path.replace("%20", " ").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


@lru_cache(maxsize=512)
def phrases(words: Sequence[str]) -> re.Pattern[str]:
    """Phrases as one pattern without regard to case: `*` is any ending, a blank blanks or hyphens, `..` up to four words."""
    return re.compile(r"(?<![\w-])(?:" + "|".join(alternatives(words)) + r")(?!\w)", re.IGNORECASE)


def alternatives(words: Iterable[str]) -> Iterator[str]:
    """Each phrase as a regular expression, the longest first."""
    for phrase in sorted(words, key=len, reverse=True):
        pieces = (
            r"[\s-]+".join(re.escape(word).replace(r"\*", r"\w*") for word in piece.split())
            for piece in phrase.split("..")
        )
        yield r"[\s,/-]+(?:[\w',/-]+\s+){0,4}?".join(pieces)
