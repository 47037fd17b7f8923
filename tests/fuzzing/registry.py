"""What a target is, and what is asked of everything that a parser finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from auditor.checks import HandIn, checks
from auditor.course.rulebook import Rulebook, load_rulebook
from auditor.evidence import seen
from auditor.facts.group import Group, ReportPlace
from auditor.injection import _PROVIDERS, Facts
from auditor.limits import DEFAULT
from auditor.records import Record, field_names
from auditor.report import read_report
from auditor.repository.entries import Entry, Moment
from auditor.repository.snapshot import Snapshot

MOST_THINGS = 20_000
"""Objects of one finding that are looked at."""

BLANKS = (
    " ",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    "\r\n",
    "\f",
    "\v",
    "\x1c",
    "\x85",
    "\u2028",
    "\0",
    "\ufeff",
    "\u00e9",
    "\U0001f600",
    "\udcff",
)
"""What some readers take for the end of a line and others do not, and what is rare."""

Run = Callable[[bytes], None]


class Target(Record):
    """One parser. `run` gives it some bytes, and raises where what must hold does not; `words` are pieces of its format."""

    name: str
    run: Run
    words: tuple[str, ...]


TARGETS: dict[str, Target] = {}


def takes_bytes(words: str, *, more: Iterable[str] = ()) -> Callable[[Run], Run]:
    """Enter a function of bytes as a target under its name; `words` are separated by blanks, `more` may hold some."""

    def enter(run: Run) -> Run:
        name = run.__name__
        assert name not in TARGETS, name
        TARGETS[name] = Target(name, run, (*words.split(), *more, *BLANKS))
        return run

    return enter


def takes_text(words: str, *, more: Iterable[str] = ()) -> Callable[[Callable[[str], None]], Callable[[str], None]]:
    """Enter a function of text, which it gets as a snapshot would give it."""

    def enter(run: Callable[[str], None]) -> Callable[[str], None]:
        def given(data: bytes) -> None:
            run(text_of(data))

        given.__name__ = run.__name__
        takes_bytes(words, more=more)(given)
        return run

    return enter


def text_of(data: bytes) -> str:
    """Bytes as the text that a snapshot gives: line ends are line feeds, and no surrogates."""
    return data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


@cache
def rulebook() -> Rulebook:
    """The rules of the course."""
    return load_rulebook()


def facts_of(files: Mapping[str, bytes]) -> Facts:
    """Facts of a repository that holds these files, and no history; nothing is on the disk."""
    rulebook()  # its modules bring the facts' providers
    entries = [Entry(path, on_disk=True) for path in files]
    snapshot = Snapshot(Path("/nowhere"), entries, Moment(), git=None, limits=DEFAULT)
    snapshot.__dict__["_read"] = files.get
    return Facts(snapshot, rulebook().fingerprints, Group(None), ReportPlace())


def check_places(found: Any, texts: Mapping[str, str]) -> None:
    """Every line that anything in `found` names must be one of its file; without a path, of the longest."""
    counts = {path: text.count("\n") + 1 for path, text in texts.items()}
    for path, line, thing in places(found):
        most = counts.get(path, max(counts.values())) if path is not None else max(counts.values())
        assert 1 <= line <= most, (path, line, most, thing)


def places(found: Any) -> Iterator[tuple[str | None, int, Any]]:
    """Path (None where it has none), line, and the thing itself, for all things within `found` that have a line."""
    waiting = [found]
    seen: dict[int, Any] = {}
    while waiting and len(seen) < MOST_THINGS:
        thing = waiting.pop()
        if thing is None or isinstance(thing, str | bytes | int | float) or id(thing) in seen:
            continue
        seen[id(thing)] = thing
        if (is_dataclass(thing) or isinstance(thing, Record)) and not isinstance(thing, type):
            values = {
                name: getattr(thing, name, None)
                for name in field_names(type(thing)) or vars(type(thing))["__dataclass_fields__"]
            }
            line, path = values.get("line"), values.get("path")
            if isinstance(line, int):
                yield path if isinstance(path, str) else None, line, thing
            waiting += values.values()
        elif isinstance(thing, Mapping):
            waiting += [*thing.keys(), *thing.values()]
        elif isinstance(thing, Iterable) and isinstance(thing, tuple | list | set | frozenset):
            waiting += thing


def check_all(files: Mapping[str, bytes]) -> None:
    """Every fact, rule and check of a repository with these files: none fails, and every place is within one of them."""
    facts = facts_of(files)
    snapshot, catalog = facts.get(Snapshot), rulebook().catalog
    found: list[object] = [facts.get(wanted) for wanted in list(_PROVIDERS)]
    gathered = [list(facts.call(rule.gather)) for rule in rulebook().rules.values()]
    report = read_report(snapshot, catalog)
    facts.give(HandIn(report, (snapshot.text(report.answers_path) or "") if report else "", catalog, ()))
    flaws = [seen(f.path, f.line, f.message) for one in checks() for f in facts.call(one.gather) if f.line]
    texts = {path: snapshot.text(path) or "" for path in files}
    check_places((found, gathered, report, flaws), texts)
    for problem in snapshot.problems:
        assert problem.message and "\n" not in problem.message, problem
