"""Numbers and links that the group states in its answers, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.patterns import pattern
from auditor.records import Record
from auditor.report.model import Answer, Report, Sentence

WORDS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen twenty".split(),
        start=1,
    )
}
_NUMBER = r"(\d{1,4}|" + "|".join(WORDS) + r")"
_TESTS = pattern(
    rf"\b{_NUMBER}\s+(?:[\w/-]+\s+){{0,4}}?tests?\b(?!\s+(?:files?|suites?|folders?|classes))", re.IGNORECASE
)
_PERCENT = pattern(r"(\d{1,3}(?:[.,]\d+)?)\s?(?:%|percent\b)")
_WORKFLOWS = pattern(
    rf"\b{_NUMBER}\s+(?:[\w/-]+\s+){{0,3}}?(?:workflows?|workflow files|github actions|ya?ml files)\b", re.IGNORECASE
)
_REQUESTS = pattern(rf"\b{_NUMBER}\s+(?:[\w/-]+\s+){{0,2}}?(?:pull requests|prs)\b", re.IGNORECASE)
_BRANCHES = pattern(rf"\b{_NUMBER}\s+(?:[\w/-]+\s+){{0,2}}?branches\b", re.IGNORECASE)
_SYSTEMS = {
    "ubuntu": pattern(r"\b(?:ubuntu|linux)\b", re.IGNORECASE),
    "windows": pattern(r"\bwindows\b", re.IGNORECASE),
    "macos": pattern(r"\bmac\s?os\b|\bmac\b", re.IGNORECASE),
}
_PYTHON = pattern(r"\b3\.(\d{1,2})\b")
_NEGATED = pattern(
    r"\b(?:not|n't|n’t|only|never|would|could|can|should|instead|if|extended?|e\.g|100)\b", re.IGNORECASE
)
_TOTAL = pattern(r"\b(?:total|overall|altogether)\b", re.IGNORECASE)


class Stated(Record):
    """One thing that the report states; `values` are numbers or names as text.

    `about` is `tests`, `coverage`, `workflows`, `pull requests`, `branches`, `systems`, `python versions` or `members`.
    """

    about: str
    values: tuple[str, ...]
    line: int
    text: str


def stated(report: Report) -> tuple[Stated, ...]:
    """What the answers state, in order of lines; sentences with a negation or a condition are left out."""
    found: list[Stated] = []
    for answer in report.answers:
        if answer.topic == "tests":
            found += first_number(answer, "tests", _TESTS)
        elif answer.topic == "coverage":
            found += percentages(answer)
        elif answer.topic == "ci":
            found += first_number(answer, "workflows", _WORKFLOWS)
            found += systems(answer)
        elif answer.topic == "branches":
            found += first_number(answer, "pull requests", _REQUESTS)
            found += first_number(answer, "branches", _BRANCHES)
    if report.members:
        line = next((answer.line for answer in report.answers if answer.topic == "members"), 1)
        found.append(Stated("members", (str(report.members),), line, f"{report.members} members"))
    return tuple(sorted(found, key=lambda one: one.line))


def first_number(answer: Answer, about: str, pattern: re.Pattern[str]) -> Iterator[Stated]:
    """The number that a sentence on the total gives, else the first that any sentence gives."""
    sentences = sorted(answer.sentences, key=lambda sentence: not _TOTAL.search(sentence.text))
    for sentence in sentences:
        match = None if _NEGATED.search(sentence.text[:1000]) else pattern.search(sentence.text[:1000])
        if match:
            yield Stated(about, (number(match[1]),), sentence.line, sentence.text)
            return


def percentages(answer: Answer) -> Iterator[Stated]:
    """The first percentage of the answer on coverage that is not 100."""
    for sentence in answer.sentences:
        values = [match[1].replace(",", ".") for match in _PERCENT.finditer(sentence.text[:1000])]
        values = [value for value in values if float(value) < 100]
        if values and "coverage" in sentence.text.lower():
            yield Stated("coverage", (values[0],), sentence.line, sentence.text)
            return


def systems(answer: Answer) -> Iterator[Stated]:
    """Operating systems and Python versions that sentences of the answer name as tested."""
    for about, read in (("systems", named_systems), ("python versions", named_versions)):
        names: dict[str, None] = {}
        first: Sentence | None = None
        for sentence in answer.sentences:
            if _NEGATED.search(sentence.text[:1000]):
                continue
            found = read(sentence.text[:1000])
            if found and first is None:
                first = sentence
            names.update(dict.fromkeys(found))
        if first is not None:
            yield Stated(about, tuple(sorted(names)), first.line, first.text)


def named_systems(text: str) -> list[str]:
    """Operating systems that a sentence names."""
    return [name for name, pattern in _SYSTEMS.items() if pattern.search(text)]


def named_versions(text: str) -> list[str]:
    """Python versions that a sentence names."""
    return [f"3.{match[1]}" for match in _PYTHON.finditer(text)] if "python" in text.lower() else []


def number(text: str) -> str:
    """A number written in digits or as a word, in digits."""
    return str(WORDS.get(text.lower(), text))
