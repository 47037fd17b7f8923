"""Sentences of documents that tell the reader to build or start an image from a Dockerfile which they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.evidence import Place, seen
from auditor.facts.containers import Containers, Dockerfile
from auditor.facts.documents.document import Document
from auditor.facts.group import ReportPlace
from auditor.patterns import pattern
from auditor.repository.paths import normalise

SENTENCE = pattern(r"(?<=[.!?:;])\s+|\n")
TELLS = pattern(
    r"^\W*(?:(?:\d+|step \d+)[.):]\s*)?(?:(?:please|first|then|next|now|finally|simply|just|afterwards|and)[,]?\s+)*(?:re)?"
    r"(?:build|create|make|start|run|launch|use)\b"
    r"|^\W*(?:to|in order to|for)\s+(?:re)?(?:build|building|create|creating|start|starting|run|running|launch|launching)\b"
    r"|\b(?:you|we|one) (?:can|should|must|may|need to|have to)\b[^.]{0,40}\b(?:re)?(?:build|create|start|run|launch)\b"
    r"|,\s*(?:and|then)?\s*(?:re)?(?:build|start|run|launch)\b"
    r"|\b(?:is|are|can be|should be|must be) (?:built|created|started|run|launched) (?:from|with|by|using)\b",
    re.IGNORECASE,
)
"""How a sentence begins that tells what to do, or says how something is done; "was built" and "the file to build x" do not."""
THING = pattern(r"\b(?:image|images|container|containers|docker)\b", re.IGNORECASE)
DENIES = pattern(r"\b(?:not|never|cannot|can't|don't|won't|fails?|failed|would|todo)\b", re.IGNORECASE)
LONGEST = 600
"""Characters of a sentence that is looked at."""


def told(
    documents: Iterable[Document], containers: Containers, report: ReportPlace
) -> Iterator[tuple[Place, Dockerfile]]:
    """Each such sentence outside of the report, with the Dockerfile that it names."""
    for document in documents:
        for line, text in document.paragraphs:
            if report.holds(document.path, line) or "docker" not in text.lower():
                continue
            for sentence in SENTENCE.split(text[:20_000]):
                if len(sentence) > LONGEST or not TELLS.search(sentence) or not THING.search(sentence):
                    continue
                dockerfile = None if DENIES.search(sentence) else named_in(sentence, document.path, containers)
                if dockerfile is not None:
                    yield seen(document.path, line, sentence.strip()), dockerfile


def named_in(sentence: str, document: str, containers: Containers) -> Dockerfile | None:
    """The Dockerfile that a sentence names by its path, from the root or the document's folder, or by a name that only it has."""
    words = [normalise(word.strip("`'\"*,.;:()[]")) for word in sentence.split()]
    folder = document.rpartition("/")[0]
    for word in words:
        found = containers.by_path.get(word) or containers.by_path.get(normalise(f"{folder}/{word}"))
        if found is None and "/" not in word:
            alike = [d for d in containers.dockerfiles if d.path.rpartition("/")[2].lower() == word.lower()]
            found = alike[0] if len(alike) == 1 else None
        if found is not None and found.valid and found.own_steps:
            return found
    return None
