"""What teaching assistants decided on claims: the `[[decision]]` tables of `auditor.toml` in a class run's output folder.

An entry, as TOML (the format's names: TOML 1.0.0, "Array of Tables"):

    [[decision]]
    group = "43"
    claim = "M17.matrix_cache"
    verdict = "supported"
    note = "shown to me on screen"
    by = "nb"
    at = 2026-01-25T10:00:00+01:00
    commit = "0123456789abcdef0123456789abcdef01234567"

`group`, `claim` and `verdict` are needed. Other tables of the file belong to others and are neither read nor changed.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import AuditError
from auditor.patterns import pattern
from auditor.records import Record, as_dict, replace
from auditor.result.audit import BUILT_IN_COURSE, AuditResult, ClaimResult, Decision, Verdict
from auditor.result.findings import finding

if TYPE_CHECKING:
    pass

MAX_BYTES = 1_000_000
"""A class of 150 groups with twenty decisions each stays well below; more is no file that people wrote."""

KEYS = ("group", "claim", "verdict", "note", "by", "at", "commit")


NUMBERED_GROUP = pattern(r"(?:group)?[ _#-]*0*([0-9]+)")
COMMIT = pattern(r"[0-9a-fA-F]{7,64}")


class Entry(Record):
    """One decision as it stands in the file. `at` is a time (ISO 8601) or empty, `commit` the one that was looked at."""

    group: str
    claim: str
    verdict: Verdict
    note: str = ""
    by: str = ""
    at: str = ""
    commit: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes two entries speak of the same: the group as `group_key` has it, and the claim."""
        return group_key(self.group), self.claim


class Decisions(Record, dict=True):
    """Every entry of a file in its order, and lines on what a reader of the file should look at."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()

    @cached_property
    def by_group(self) -> Mapping[str, Mapping[str, Entry]]:
        """The entries that count, by group key and claim: the last one where several speak of the same."""
        groups: dict[str, dict[str, Entry]] = {}
        for entry in self.entries:
            group, claim = entry.key
            groups.setdefault(group, {})[claim] = entry
        return groups

    def apply(self, audit: AuditResult, group: str) -> AuditResult:
        """The audit of `group` with `decision` set on every claim that was decided.

        The program's own verdict and finding stay. What follows from a decision is judged as for a group that wrote
        nothing against the claim: the assistant has already weighed that. A decision is stale where it was made on
        another commit than the audited one, both being known.
        """
        decided = self.by_group.get(group_key(group))
        if not decided:
            return audit
        commit = audit.repository.commit
        return replace(audit, claims=tuple(with_decision(one, decided.get(one.id), commit) for one in audit.claims))

    def digest(self, group: str) -> str:
        """A hash (SHA-256, hexadecimal) of what is decided for `group`: equal as long as `apply` gives the same."""
        decided = self.by_group.get(group_key(group), {})
        content = [as_dict(decided[claim]) | {"group": ""} for claim in sorted(decided)]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def unmatched(self, groups: Iterable[str]) -> tuple[str, ...]:
        """The groups that entries name and that are not among `groups`, as first written: mostly a mistyped name."""
        known = {group_key(group) for group in groups}
        names: dict[str, str] = {}
        for entry in self.entries:
            names.setdefault(entry.key[0], entry.group)
        return tuple(name for key, name in names.items() if key not in known)


def group_key(name: str) -> str:
    """A group's name as names are compared: without case, outer and repeated spaces, and forms of width (Unicode NFKC).

    A number stands for itself, with or without zeros before it and the word "group": `43`, `043`, `Group 43`,
    `group-43` and `group_043` are the same group, `43b` and `team 43` are others.
    """
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    number = NUMBERED_GROUP.fullmatch(folded)
    return number[1] if number else folded


def with_decision(claim: ClaimResult, entry: Entry | None, commit: str | None) -> ClaimResult:
    """The claim with what was decided on it; itself where nothing was. `commit` is the audited one."""
    if entry is None:
        return claim
    decision = Decision(
        verdict=entry.verdict,
        finding=finding(claim.ticked, entry.verdict),
        note=entry.note,
        by=entry.by,
        at=entry.at,
        commit=entry.commit,
        stale=commit is not None and entry.commit is not None and not same_commit(commit, entry.commit),
    )
    return replace(claim, decision=decision)


def same_commit(one: str, other: str) -> bool:
    """Whether two hashes name the same commit; one written by hand may be shortened."""
    one, other = one.lower(), other.lower()
    return one.startswith(other) or other.startswith(one)


def load_decisions(path: Path, claims: Collection[str] | None = None, course: str = BUILT_IN_COURSE) -> Decisions:
    """The decisions in the file `path`; none where there is no such file.

    `claims` are the ids of the catalogue, by default the course's, which is read only where there are decisions. A decision on another
    one is kept and told in `problems`, as is one that a later entry replaces. Raises AuditError where the file cannot be
    read, is over 1 MB, is not valid TOML, or where an entry lacks something, says something that is not known, or
    has an unknown key.
    """
    raw = read(path)
    entries = entries_in(parsed(raw.decode("utf-8-sig"), path), path) if raw is not None else ()
    if claims is None and entries:
        from auditor.course.rulebook import load_rulebook

        claims = load_rulebook(course).catalog.by_id
    return Decisions(entries, tuple(problems_of(entries, claims or (), path)))


def read(path: Path) -> bytes | None:
    """The file's bytes, valid UTF-8; None where there is none. Raises AuditError."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        raw.decode("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AuditError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise AuditError(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from None
    if len(raw) > MAX_BYTES:
        raise AuditError(f"{path}: over {MAX_BYTES:,} bytes; a file of decisions is smaller")
    return raw


def parsed(text: str, path: Path) -> dict[str, Any]:
    """The file's text as plain data. Raises AuditError where it is not valid TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise AuditError(f"{path}: not valid TOML: {one_line(error)}") from None


def entries_in(data: Mapping[str, Any], path: Path) -> tuple[Entry, ...]:
    """The entries of the file's data. Raises AuditError that names the first one that is wrong."""
    tables = data.get("decision", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise AuditError(f"{path}: decisions must each stand under a line [[decision]]")
    return tuple(entry_of(table, f"{path}: decision {number}") for number, table in enumerate(tables, start=1))


def entry_of(table: Mapping[str, Any], where: str) -> Entry:
    """One table as an entry. Raises AuditError that begins with `where` and names the entry and what is wrong."""
    named = [shown(table[key]) for key in ("group", "claim") if key in table]
    where = f"{where} ({', '.join(named)})" if named else where
    for key in table:
        if key not in KEYS:
            raise AuditError(f"{where}: unknown key {shown(key)}; known are {', '.join(KEYS)}")
    texts = {key: text_of(table, key, where) for key in ("group", "claim", "verdict", "note", "by", "commit")}
    for key in ("group", "claim", "verdict"):
        if not texts[key].strip():
            raise AuditError(f"{where}: {key} is missing")
    if texts["verdict"] not in list(Verdict):
        raise AuditError(f"{where}: verdict {shown(texts['verdict'])} is none of {', '.join(Verdict)}")
    at = table.get("at", "")
    if at != "" and not isinstance(at, date):  # a datetime is a date too
        raise AuditError(f"{where}: at must be a time such as 2026-01-25T10:00:00+01:00, without quotes")
    if texts["commit"] and not COMMIT.fullmatch(texts["commit"]):
        raise AuditError(f"{where}: commit {shown(texts['commit'])} is no commit's hash; leave it out if not known")
    return Entry(
        group=texts["group"].strip(),
        claim=texts["claim"].strip(),
        verdict=Verdict(texts["verdict"]),
        note=texts["note"],
        by=texts["by"],
        at=at.isoformat() if isinstance(at, date) else "",
        commit=texts["commit"] or None,
    )


def text_of(table: Mapping[str, Any], key: str, where: str) -> str:
    """The text under `key`, empty where there is none; a group may be a number too. Raises AuditError."""
    value = table.get(key, "")
    if key == "group" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise AuditError(f"{where}: {key} must be text in quotes, not {shown(value)}")
    return value


def problems_of(entries: Iterable[Entry], claims: Collection[str], path: Path) -> Iterator[str]:
    """Lines on entries that have no effect: on a claim that is not known, or replaced by a later one."""
    first: dict[tuple[str, str], int] = {}
    for number, entry in enumerate(entries, start=1):
        where = f"{path.name}: decision {number} (group {shown(entry.group)}, claim {shown(entry.claim)})"
        if entry.claim not in claims:
            yield f"{where}: there is no such claim; `auditor rules` lists them"
        if entry.key in first:
            yield f"{where}: replaces decision {first[entry.key]} on the same group and claim"
        first[entry.key] = number


def shown(value: object) -> str:
    """A value as an error message shows it: short, in quotes, control characters escaped."""
    text = ascii(value) if not isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def one_line(error: Exception) -> str:
    """What an error says, as one line that holds no control characters."""
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
