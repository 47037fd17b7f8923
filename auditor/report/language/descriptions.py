"""Where an answer describes a thing as done, and specifically (evidence standard, general rule 4).

A sentence is taken apart into clauses: what is negated, hypothetical or only a purpose ("so that we would get a mail") is no
description, and does not spoil the clause beside it that is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from auditor.evidence import Place, seen
from auditor.patterns import pattern
from auditor.records import Record
from auditor.report.language.clauses import LONGEST, plain
from auditor.report.language.phrases import Finds
from auditor.report.language.reach import Reach, Thing, reach
from auditor.report.language.told import LEFT_STANDING, acts, affirms, at_work, stays_local, told, works
from auditor.report.model import Answer, Sentence

FOLLOWING = 2
"""Sentences after the one that names the thing in which its specifics may stand."""
SEVERAL = 2
"""Specifics that make a sentence about the thing in the answer to its own question, though it does not name it."""

_NUMBER = pattern(
    r"\d+(\.\d+)?\s?(%|percent|ms|s\b|seconds|minutes|min\b|hours?\b|h\b|GB|MB|runs|users|requests|trials|epochs|gpus?\b|vcpus?\b|€|\$|dollars|credits)|\$\s?\d+|https?://\S+",
    re.IGNORECASE,
)
"""Figures with a unit, costs and addresses are specific whatever they are about."""


class Phrasing(Record):
    """By which patterns a claim is described: the thing, what makes it specific, and the products that it is done with.

    `locally` where what is done on the group's own machine counts as well.
    """

    thing: Finds
    specific: Finds
    products: Sequence[Finds] = ()
    locally: bool = False


class Description(Record):
    """A sentence or command that describes a thing; `firm` where it has more than one specific beside the thing's own name."""

    place: Place
    firm: bool = False


def descriptions(
    answer: Answer, phrasing: Phrasing, *, own_question: bool, exists: Callable[[str], bool]
) -> Iterator[Description]:
    """Sentences and commands of an answer that describe a thing as done, specifically.

    Specific is a named tool, service, step or setting, a number with its unit, an address, or a figure of the answer that
    exists; in the sentence that names the thing or in one of the next two. What an answer tells of the own machine alone describes
    nothing in the cloud. In the answer to the claim's `own_question` a
    sentence with several specifics need not name the thing again, nor one that tells of work with one of its products; a yes by the
    name of a product is one, and what a denial leaves standing counts.
    """
    for line in answer.code:
        if phrasing.specific.search(line.text[:LONGEST]) and phrasing.thing.search(line.text[:LONGEST]):
            yield Description(seen(answer.path, line.line, line.text), firm=True)
    if not phrasing.locally and stays_local(tuple(sentence.text for sentence in answer.sentences)):
        return  # "We deployed it with uvicorn. It runs on localhost": nothing in the cloud is described
    figure = any(exists(beside(answer.path, figure.target)) for figure in answer.figures)
    texts = list(told_in(answer.sentences, phrasing, own_question=own_question))
    for number, (sentence, text) in enumerate(zip(answer.sentences, texts, strict=True)):
        # A sentence that also denies the thing must itself hold what is specific: "not in full, but ...".
        alone = reach(sentence.text, Thing(phrasing.thing)) is not Reach.NOTHING
        near = text if alone else " ".join(filter(None, texts[number : number + FOLLOWING + 1]))
        if phrasing.thing.search(text):
            if phrasing.specific.search(near) or _NUMBER.search(text) or figure:
                yield Description(quoted(answer.path, sentence), is_firm(text, near, phrasing, figure=figure))
            elif own_question and says_yes(sentence.text, text, phrasing):
                yield Description(quoted(answer.path, sentence))
        elif own_question and distinct(phrasing.specific, text) >= SEVERAL:
            yield Description(quoted(answer.path, sentence), firm=_NUMBER.search(near) is not None)
        elif own_question and acts(sentence.text) and any(product.search(text) for product in phrasing.products):
            if distinct(phrasing.specific, near) >= SEVERAL or _NUMBER.search(near) or figure:
                yield Description(quoted(answer.path, sentence), firm=_NUMBER.search(near) is not None)
            elif affirms(sentence.text):
                yield Description(quoted(answer.path, sentence))
        elif own_question and says_yes(sentence.text, text, phrasing):
            yield Description(quoted(answer.path, sentence))
        elif own_question and leaves_standing(sentence.text, phrasing.specific):
            yield Description(quoted(answer.path, sentence), firm=True)


def told_in(sentences: Sequence[Sentence], phrasing: Phrasing, *, own_question: bool) -> Iterator[str]:
    """What each sentence tells as done, or as at work; to the claim's own question any system is at work that was made before."""
    made = False
    for sentence in sentences:
        text = told(sentence.text[:LONGEST], locally=phrasing.locally)
        if not text and own_question and made:
            text = works(sentence.text[:LONGEST])
        text = text or at_work(sentence.text[:LONGEST], locally=phrasing.locally)
        made = made or acts(sentence.text)
        yield text


def is_firm(text: str, near: str, phrasing: Phrasing, *, figure: bool) -> bool:
    """Whether a description says more than the thing's own name and one word about it."""
    beside_it = near
    for match in reversed(list(phrasing.thing.finditer(near))):
        beside_it = f"{beside_it[: match.start()]} {beside_it[match.end() :]}"
    return figure or _NUMBER.search(text) is not None or distinct(phrasing.specific, beside_it) >= SEVERAL


def says_yes(sentence: str, text: str, phrasing: Phrasing) -> bool:
    """Whether a sentence says that it was managed, and with which product; `text` is what it tells."""
    return affirms(sentence) and any(product.search(text) for product in phrasing.products)


def distinct(specific: Finds, text: str) -> int:
    """How many different specifics a text holds."""
    return len({match[0].lower() for match in specific.finditer(text)})


def leaves_standing(sentence: str, specific: Finds) -> bool:
    """Whether a sentence names something specific as all that there is."""
    text = plain(sentence)
    found = LEFT_STANDING.search(text)
    return found is not None and specific.search(text[found.end() : found.end() + 120].split(", ")[0]) is not None


def quoted(path: str, sentence: Sentence) -> Place:
    """A sentence as evidence."""
    return seen(path, sentence.line, sentence.text)


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
