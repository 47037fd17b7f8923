"""What `.mailmap` says of names and addresses (gitmailmap(5))."""

from __future__ import annotations

from auditor.facts.history.commits import Person
from auditor.patterns import pattern

MAILMAP_LINE = pattern(r"([^<>#]{0,200})<([^<>]{1,200})>(?:([^<>]{0,200})<([^<>]{1,200})>)?")


def parse_mailmap(text: str) -> list[tuple[Person, str, str]]:
    """(proper person, name written, address written) from a `.mailmap` (gitmailmap(5)); names may be empty."""
    rows = []
    for line in text.splitlines()[:1000]:
        found = MAILMAP_LINE.match(line.strip()[:600]) if not line.lstrip().startswith("#") else None
        if found:
            name, email, written, address = ((part or "").strip() for part in found.groups())
            rows.append((Person(name, email), written, address or email))
    return rows


def mapped(person: Person, mailmap: list[tuple[Person, str, str]]) -> Person:
    """The person that `.mailmap` puts in the place of `person`; lines that give a name as written go first."""
    best: Person | None = None
    for proper, name, address in mailmap:
        if address.lower() != person.email.strip().lower() or (name and name.lower() != person.name.strip().lower()):
            continue
        if best is None or name:
            best = Person(proper.name or person.name, proper.email)
    return best or person
