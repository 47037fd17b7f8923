"""Where an answer describes a thing as done, and specifically (evidence standard, general rule 4).

A sentence is taken apart into clauses: what is negated, hypothetical or only a purpose ("so that we would get a mail") is no
description, and does not spoil the clause beside it that is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from auditor.evidence import Place, seen
from auditor.patterns import pattern
from auditor.report.language.denials import CLAUSES, denies, hypothetical, unsuccessful
from auditor.report.language.phrases import Finds
from auditor.report.model import Answer, Sentence

LONGEST = 2_000
"""Characters of a sentence that are looked at."""
FOLLOWING = 2
"""Sentences after the one that names the thing in which its specifics may stand."""
SEVERAL = 2
"""Specifics that make a sentence about the thing in the answer to its own question, though it does not name it."""

_DID = (
    r"(?:(?!will|would|can|could|may|might|should|to\b)\w+ ){1,4}?(?:\w+ed|was|were|had|did|took|ran|made|got|gave|found|built|wrote|set|"
    r"chose|went|sent|kept|saw)\b"
)
"""What follows "so" and "when" where they tell of something that was done: "so we trained on", "when the tool showed"."""
_PURPOSE = pattern(
    rf",?\s+(?:so|such) that (?=we|it|the|they|you|one|a)|,?\s+so (?=we|it|the|they|you|one|a)(?!{_DID})|"
    r",? in order to |,? to (?:see|find out|ensure|make sure|check)\b|"
    rf"\b(?:that|which|who)\s+(?=will|would|can|could|may|might|should)|,?\s+when\s+(?!{_DID})|,?\s+(?:if|whenever|where)\s+|,?\s+until\s+(?!.{{1,80}}\bwhen\s+{_DID})",
    re.IGNORECASE,
)
"""Where a sentence goes over from what was done to what it is for, or under which condition it acts."""
_NEGATED = pattern(
    r"n't\b|\b(?:(?:did|do|does|have|has|was|were|is|are|could|ca)nt|not|never|no|without|unable|cannot|neither|nor|instead of|"
    r"rather than)\b",
    re.IGNORECASE,
)
_DEFINITION = pattern(
    r"^[\w /&-]{2,40}:\s+(?:this|it|a|an|the) (?:service|tool)|\b(?:this|the) service (?:enables|allows|provides|offers|lets|is used)\b|"
    r"\bis an? [\w -]{0,30}(?:service|platform|tool|product) (?:that|which|for|to)\b",
    re.IGNORECASE,
)
"""Sentences that say what a product is, not what the group did with it."""
_LOCAL = pattern(r"\b(?:local|locally|localhost|our laptops?|127\.0\.0\.1)\b", re.IGNORECASE)
_BEYOND = pattern(r"\b(?:cloud|gcp|google|run\.app|vertex|bucket|docker|image|container)\b", re.IGNORECASE)
"""What is done on the group's own machine describes nothing in the cloud; a Docker image is built locally, though."""
_NUMBER = pattern(
    r"\d+(\.\d+)?\s?(%|percent|ms|s\b|seconds|minutes|min\b|GB|MB|runs|users|requests|trials)|https?://\S+"
)
"""Figures with a unit, and addresses, are specific whatever they are about."""
_DONE = pattern(
    r"\b(?:we|i|our|us|ours|was|were|is|are|has|have|been|used|gave|showed|revealed|found|fell|dropped)\b",
    re.IGNORECASE,
)
"""What makes a clause tell of something done: the group in it, or a passive."""


def descriptions(
    path: str,
    answer: Answer,
    subject: Finds,
    specific: Finds,
    *,
    own_question: bool,
    exists: Callable[[str], bool],
) -> Iterator[Place]:
    """Sentences and commands of an answer in the report `path` that describe what `subject` names as done, specifically.

    Specific is a named tool, service, step or setting, a number with its unit, an address, or a figure of the answer that
    exists; in the sentence that names the thing or in one of the next two. In the answer to the claim's `own_question` a
    sentence with several specifics need not name the thing again.
    """
    for line in answer.code:
        if specific.search(line.text[:LONGEST]) and subject.search(line.text[:LONGEST]):
            yield seen(path, line.line, line.text)
    figure = any(exists(beside(path, figure.target)) for figure in answer.figures)
    told = [done(sentence.text[:LONGEST]) for sentence in answer.sentences]
    whole = [sentence.text[:LONGEST] if text else "" for sentence, text in zip(answer.sentences, told, strict=True)]
    for number, (sentence, text) in enumerate(zip(answer.sentences, told, strict=True)):
        if subject.search(text):
            # A sentence that also denies the thing must itself hold what is specific: "not in full, but ...".
            alone = denies(sentence.text, subject)
            near = text if alone else " ".join(whole[number : number + FOLLOWING + 1])
            if specific.search(near) or _NUMBER.search(text) or figure:
                yield quoted(path, sentence)
        elif own_question and len({match[0].lower() for match in specific.finditer(text)}) >= SEVERAL:
            yield quoted(path, sentence)


@lru_cache(maxsize=4096)
def done(sentence: str) -> str:
    """The clauses of a sentence that tell of something done; empty where there are none."""
    if _DEFINITION.search(sentence):
        return ""
    main = _PURPOSE.split(sentence, maxsplit=1)[0]
    kept = [
        clause
        for clause in CLAUSES.split(main)
        if clause and not (_NEGATED.search(clause) or hypothetical(clause) or unsuccessful(clause))
    ]
    text = " ".join(kept)
    if not _DONE.search(text) or (_LOCAL.search(text) and not _BEYOND.search(text)):
        return ""
    return text


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
