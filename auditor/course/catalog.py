"""The catalogue: the claims of a checklist and the questions of a report, as a course lists them.

The format is that of `rules/catalog.yaml` and `rules/questions.yaml`; another course brings files of its own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from auditor.course.zones import time_zone
from auditor.records import Record, field

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SILENT = ("unsupported", "unverifiable")
"""Verdicts that a claim can have where nothing speaks for it (evidence standard, "Claims", column "otherwise")."""

ZONE = "Europe/Copenhagen"
CLAIM_KEYS = frozenset(
    {"id", "module", "section", "title", "items", "words", "optional", "silent", "told", "topics", "files", "read_in"}
)
QUESTION_KEYS = frozenset({"topic", "numbers", "words", "length", "figures", "general", "asks"})


class Wording(Record):
    """One wording of a checklist item, and the editions of the template that print it."""

    text: str
    editions: tuple[str, ...]


class Claim(Record):
    """One claim of the checklist. `optional`: the work need not leave a trace in the repository."""

    id: str
    module: str
    section: str
    title: str
    items: tuple[Wording, ...] = ()
    words: tuple[str, ...] = ()
    """Phrases by which a reworded item is recognised: each of a phrase's words occurs, in any order."""
    optional: bool = False
    silent: str = "unsupported"
    """The verdict where there is neither evidence nor a word about it: `unsupported` or `unverifiable`."""
    told: bool = False
    """Whether a description with specifics in the report is half of it, as it is for every optional claim."""
    topics: tuple[str, ...] = ()
    """Topics of the questions whose answers speak about this claim, the nearest first."""

    files: tuple[str, ...] = ()
    """Gitignore-style patterns of files that hold such work by their name; looked for on other branches and in history."""

    read_in: tuple[str, ...] = ()
    """Kinds of files that evidence of it is read from (`practices/unread.py`): one that cannot be read may hold it."""

    def wording(self, edition: str) -> str | None:
        """The item as `edition` prints it; None where that edition has no such item."""
        return next((item.text for item in self.items if edition in item.editions), None)


class Question(Record):
    """One question of the report, by topic; its number differs between editions."""

    topic: str
    numbers: Mapping[str, int]
    words: tuple[str, ...] = ()
    general: bool = False
    """Whether its answer may speak about any claim."""
    length: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Fewest and most words of the answer, by edition."""
    figures: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Fewest and most pictures in the answer, by edition."""
    asks: tuple[str, ...] = ()
    """Claims of which it asks whether they were done: "did you manage to ...?"."""


class Catalog(Record, dict=True):
    """What a course asks: claims in order, questions in order, and the lines of its report template."""

    claims: tuple[Claim, ...]
    questions: tuple[Question, ...] = ()
    template_lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fingerprint of each line of the report template -> the editions that have it."""
    zone: str = ZONE
    """The course's time zone, by its name in the IANA database: of a time that names none."""

    @cached_property
    def by_id(self) -> dict[str, Claim]:
        """Claims by their id."""
        return {claim.id: claim for claim in self.claims}

    @cached_property
    def by_topic(self) -> dict[str, Question]:
        """Questions by their topic."""
        return {question.topic: question for question in self.questions}

    @cached_property
    def modules(self) -> dict[str, tuple[Claim, ...]]:
        """Claims by module, both in order."""
        modules: dict[str, list[Claim]] = {}
        for claim in self.claims:
            modules.setdefault(claim.module, []).append(claim)
        return {module: tuple(claims) for module, claims in modules.items()}

    @cached_property
    def editions(self) -> tuple[str, ...]:
        """Every edition that a wording, a question or a template line names, sorted."""
        named = {e for claim in self.claims for item in claim.items for e in item.editions}
        named |= {e for question in self.questions for e in question.numbers}
        return tuple(sorted(named | {e for editions in self.template_lines.values() for e in editions}))

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def __len__(self) -> int:
        return len(self.claims)

    def __contains__(self, claim_id: object) -> bool:
        return claim_id in self.by_id

    def __getitem__(self, claim_id: str) -> Claim:
        return self.by_id[claim_id]


def load_catalog(source: Path | str) -> Catalog:
    """The catalogue in the file `source` (a Path), or in the text `source` (a str).

    `questions` and `template_lines` may name a file beside the catalogue (where it is itself a file) or stand in it.
    Raises ValueError, naming the entry, where the catalogue is broken, and OSError where a file cannot be read.
    """
    if isinstance(source, Path):
        name, folder = source.name, source.parent
        document = _parse(source.read_text(encoding="utf-8"), name)
    else:
        name, folder = "catalogue", None
        document = _parse(source, name)
    top = _mapping(document, name)
    _only(top, {"claims", "questions", "template_lines", "zone"}, name)
    zone = top.get("zone", ZONE)
    if not isinstance(zone, str) or time_zone(zone) is None:
        raise ValueError(f"{name}: zone: {zone} is no time zone such as {ZONE}")
    questions = tuple(_question(raw, where) for where, raw in _entries(_part(top, "questions", folder), "question"))
    topics = [question.topic for question in questions]
    _distinct(topics, "question")
    claims = tuple(_claim(raw, where, topics) for where, raw in _entries(top.get("claims"), "claim"))
    if not claims:
        raise ValueError(f"{name}: no claims (a list under `claims:` is needed)")
    known = [claim.id for claim in claims]
    _distinct(known, "claim")
    for question in questions:
        for claim_id in question.asks:
            if claim_id not in known:
                raise ValueError(f"question {question.topic}: asks: {claim_id!r} is no claim")
    return Catalog(claims, questions, _template_lines(_part(top, "template_lines", folder)), zone)


def _parse(text: str, name: str) -> Any:
    try:
        return yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader, in C where PyYAML has it
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(f"{name}: not valid YAML: {' '.join(str(error).split())}") from error


def _part(top: Mapping[str, Any], key: str, folder: Path | None) -> Any:
    """What stands under `key`, read from the file that it names where it is a name."""
    value = top.get(key)
    if not isinstance(value, str):
        return value
    if folder is None:
        raise ValueError(f"{key}: {value!r} names a file, but this catalogue is not one itself")
    path = folder / value
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{key}: {value}: {error.strerror or error}") from error
    if path.suffix == ".json":
        try:
            document = json.loads(text)
        except ValueError as error:
            raise ValueError(f"{value}: not valid JSON: {error}") from error
    else:
        document = _parse(text, value)
    return document.get(key) if isinstance(document, dict) and key in document else document


def _claim(raw: Any, where: str, topics: list[str]) -> Claim:
    entry = _mapping(raw, where)
    where = f"claim {entry['id']}" if isinstance(entry.get("id"), str) else where
    _only(entry, CLAIM_KEYS, where)
    optional = entry.get("optional", False)
    if not isinstance(optional, bool):
        raise ValueError(f"{where}: optional must be true or false, not {optional!r}")
    silent = entry.get("silent", "unsupported")
    if silent not in SILENT:
        raise ValueError(f"{where}: silent must be one of {', '.join(SILENT)}, not {silent!r}")
    if silent == "unverifiable" and not optional:
        raise ValueError(f"{where}: silent: unverifiable is for optional claims")
    told = entry.get("told", optional)
    if not isinstance(told, bool) or (optional and not told):
        raise ValueError(f"{where}: told must be true or false, and true where optional is")
    about = _texts(entry.get("topics"), "topics", where)
    for topic in about:
        if topic not in topics:
            raise ValueError(f"{where}: topic {topic!r} is not among the questions")
    return Claim(
        id=_text(entry, "id", where),
        module=_text(entry, "module", where),
        section=_text(entry, "section", where),
        title=_text(entry, "title", where),
        items=tuple(_wordings(entry.get("items"), where)),
        words=_texts(entry.get("words"), "words", where),
        optional=optional,
        silent=silent,
        told=told,
        topics=about,
        files=_texts(entry.get("files"), "files", where),
        read_in=_texts(entry.get("read_in"), "read_in", where),
    )


def _wordings(raw: Any, where: str) -> Iterator[Wording]:
    for key, value in _mapping({} if raw is None else raw, f"{where}: items").items():
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str) or not text.strip():
                raise ValueError(f"{where}: items: {key}: a wording must be text, not {text!r}")
            yield Wording(" ".join(text.split()), _editions(key, f"{where}: items"))


def _question(raw: Any, where: str) -> Question:
    entry = _mapping(raw, where)
    where = f"question {entry['topic']}" if isinstance(entry.get("topic"), str) else where
    _only(entry, QUESTION_KEYS, where)
    numbers: dict[str, int] = {}
    for key, number in _mapping(entry.get("numbers") or {}, f"{where}: numbers").items():
        if not isinstance(number, int) or isinstance(number, bool):
            raise ValueError(f"{where}: numbers: {key}: must be a whole number, not {number!r}")
        numbers.update(dict.fromkeys(_editions(key, f"{where}: numbers"), number))
    general = entry.get("general", False)
    if not isinstance(general, bool):
        raise ValueError(f"{where}: general must be true or false, not {general!r}")
    return Question(
        topic=_text(entry, "topic", where),
        numbers=numbers,
        words=_texts(entry.get("words"), "words", where),
        general=general,
        length=_ranges(entry.get("length"), f"{where}: length", numbers),
        figures=_ranges(entry.get("figures"), f"{where}: figures", numbers),
        asks=_texts(entry.get("asks"), "asks", where),
    )


def _ranges(raw: Any, where: str, editions: Collection[str]) -> dict[str, tuple[int, int]]:
    """Fewest and most by edition, each written as `100-200`; where there are any, all `editions` that ask the question have some."""
    ranges: dict[str, tuple[int, int]] = {}
    for key, value in _mapping({} if raw is None else raw, where).items():
        fewest, dash, most = str(value).partition("-")
        if not (dash and fewest.isdigit() and most.isdigit() and int(fewest) <= int(most)):
            raise ValueError(f"{where}: {key}: must be fewest and most, such as 100-200, not {value!r}")
        ranges.update(dict.fromkeys(_editions(key, where), (int(fewest), int(most))))
    lacking = sorted(set(editions) - ranges.keys()) if ranges else []
    if lacking:
        raise ValueError(f"{where}: says nothing of edition {', '.join(lacking)}, in which the question is asked")
    return ranges


def _template_lines(raw: Any) -> dict[str, tuple[str, ...]]:
    lines = _mapping({} if raw is None else raw, "template_lines")
    for key, editions in lines.items():
        if not isinstance(editions, list) or not all(isinstance(edition, str) for edition in editions):
            raise ValueError(f"template_lines: {key}: must be a list of editions, not {editions!r}")
    return {str(key): tuple(editions) for key, editions in lines.items()}


def _editions(key: Any, where: str) -> tuple[str, ...]:
    """`2025` -> 2025; `2023-2025` -> 2023, 2024, 2025; any other name stands for itself."""
    first, dash, last = str(key).partition("-")
    if dash and first.isdigit() and last.isdigit():
        if not 0 <= int(last) - int(first) < 100:
            raise ValueError(f"{where}: {key}: the range of editions ends before it begins, or is too long")
        return tuple(str(year) for year in range(int(first), int(last) + 1))
    return (str(key),)


def _mapping(raw: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise ValueError(f"{where}: must be a mapping (key: value), not {type(raw).__name__}")
    return raw


def _entries(raw: Any, kind: str) -> list[tuple[str, Any]]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise ValueError(f"{kind}s: must be a list, not {type(raw).__name__}")
    return [(f"{kind} number {number}", entry) for number, entry in enumerate(raw, start=1)]


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(
            f"{where}: {key} is missing" if value is None else f"{where}: {key} must be text, not {value!r}"
        )
    return value.strip()


def _texts(raw: Any, key: str, where: str) -> tuple[str, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list) or not all(isinstance(text, str) and text.strip() for text in raw):
        raise ValueError(f"{where}: {key} must be a list of texts, not {raw!r}")
    return tuple(raw)


def _only(entry: Mapping[str, Any], known: frozenset[str] | set[str], where: str) -> None:
    for key in entry:
        if key not in known:
            raise ValueError(f"{where}: unknown key {key!r} (known: {', '.join(sorted(known))})")


def _distinct(names: list[str], kind: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{kind} {name}: stands twice in the catalogue")
