"""What the group's own words say about one claim: where they deny it, and where they describe it with specifics."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from auditor.course.catalog import Catalog, Claim
from auditor.course.statements import Statement
from auditor.evidence import Place
from auditor.records import Record
from auditor.report.language.denials import clauses, denies, hypothetical, qualified
from auditor.report.language.descriptions import descriptions, quoted
from auditor.report.language.phrases import may_mention, mentions, phrases
from auditor.report.model import Report

MOST = 3
"""Sentences quoted for a claim and side."""


class Words(Record):
    """Sentences of the report about one claim, each with its line."""

    denials: tuple[Place, ...] = ()
    documented: tuple[Place, ...] = ()
    outright: bool = False
    """Whether a denial stands where one speaks of this claim: in an answer on one of its topics, or a general one."""
    answered: bool = False
    """Whether a description stands in the answer to the claim's own question (the first of its topics), and names the thing
    no less plainly than the denial does."""
    disagreement: tuple[Place, ...] = ()
    """A description by the claim's own name in one answer and a denial by it in another, where there are both."""


def read_words(
    report: Report, claim: Claim, catalog: Catalog, statement: Statement, exists: Callable[[str], bool]
) -> Words:
    """What `report` says about `claim`. `exists` tells whether a file of the repository, by its path, does.

    A denial that names the claim only by a wider word ("monitoring" for alerts) gives way to a description by its own name
    in the same answer.
    """
    if not statement.subject:
        return Words()
    general = {question.topic for question in catalog.questions if question.general}
    titled = in_title(statement.in_topic, claim.title)
    denials: list[Place] = []
    documented: list[Place] = []
    answered: list[Place] = []
    outright = plainly = False
    described: dict[int, Place] = {}
    denied: dict[int, Place] = {}
    for answer in report.answers:
        on_topic = answer.topic in claim.topics
        nearest = answer.topic in claim.topics[:1]
        words = (*statement.subject, *statement.in_topic) if nearest else statement.subject
        for sentence in answer.sentences:
            by_itself = bool(statement.denied_by) and denied_by(sentence.text, statement)
            if not (by_itself or clauses(sentence.text)):
                continue  # most sentences deny nothing at all
            reach = in_title(words, claim.title) if qualified(sentence.text) else words
            if not (by_itself or may_mention(sentence.text, reach)):
                continue
            if by_itself or denies(sentence.text, phrases(reach), examines=statement.examines):
                denials.append(quoted(answer.path, sentence))
                outright = outright or on_topic or answer.topic in general
                if denies(sentence.text, phrases(statement.subject), examines=statement.examines):
                    plainly = True
                    denied.setdefault(answer.line, quoted(answer.path, sentence))
        if statement.specifics and on_topic:
            told = (*statement.subject, *statement.described_by)
            subject = phrases((*told, *titled) if nearest else told)
            specific = phrases(statement.specifics)
            own_question = nearest and bool(titled)
            found = list(descriptions(answer.path, answer, subject, specific, own_question=own_question, exists=exists))
            documented += found
            answered += found if nearest else []
            for one in found:
                if phrases(statement.subject).search(one.text):
                    described.setdefault(answer.line, one)
    disagreeing = [one for one in answered if not plainly or phrases(statement.subject).search(one.text)]
    if disagreeing and not plainly:
        denials, outright = [], False
    pair = next(((yes, no) for a, yes in described.items() for b, no in denied.items() if a != b), ())
    return Words(tuple(denials[:MOST]), tuple(documented[:MOST]), outright, bool(disagreeing), pair)


def in_title(words: Sequence[str], title: str) -> tuple[str, ...]:
    """The phrases that name what the claim's own title names: a denial "not in full" speaks for those only."""
    title = title.lower()
    return tuple(
        phrase
        for phrase in words
        if any(word.strip("*.").lower() in title for word in phrase.split() if word.strip("*."))
    )


def denied_by(sentence: str, statement: Statement) -> bool:
    """Whether a sentence denies the claim by one of its own phrases of denial."""
    return mentions(sentence[:2_000], statement.denied_by) and not hypothetical(sentence)


def speaking_of(
    report: Report | None, claim: Claim, statement: Statement | None, *, besides: Collection[Place] = ()
) -> tuple[Place, ...]:
    """The first sentences of the answers that name the claim's thing, those on its own topics first; `besides` left out."""
    if report is None or statement is None or not statement.subject:
        return ()
    found: list[Place] = []
    by_topic = sorted(report.answers, key=lambda answer: answer.topic not in claim.topics)
    for answer in by_topic:
        own = answer.topic in claim.topics[:1]
        words = (*statement.subject, *statement.in_topic) if own else statement.subject
        for sentence in answer.sentences:
            if may_mention(sentence.text, words) and mentions(sentence.text, words):
                place = quoted(answer.path, sentence)
                found += [] if place in besides else [place]
            if len(found) >= MOST:
                return tuple(found)
    return tuple(found)
