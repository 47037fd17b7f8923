"""M5: the repository and who works in it."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, counts, half, part
from auditor.facts.group import Group
from auditor.facts.history.commits import History
from auditor.facts.history.identities import Identities
from auditor.practices.traces import halved, settled

HANDFUL = 5
"""Commits from which on a history is one (evidence standard, M5.git)."""


@rule("M5.git")
def git_repository(history: History) -> Iterator[Part]:
    """There is a git repository with a history of work.

    Accepted: five commits or more.
    Half of it: fewer commits, or everything uploaded in a single one.
    Cannot be told: from a folder without git, or from a shallow clone that cuts the history off.
    To settle it: hand in the repository itself, with its history.
    """
    if not history.available or (history.shallow and len(history.commits) < HANDFUL):
        return
    enough = len(history.commits) >= HANDFUL
    yield part(
        "history",
        [counts(history.evidence) if enough else half(history.evidence, f"these are fewer than {HANDFUL} commits")]
        if history.commits
        else (),
        looked_for=f"a git history of {HANDFUL} commits or more",
    )


@rule("M5.access")
def members_commit(history: History, identities: Identities, group: Group) -> Iterator[Part]:
    """All members of the group can write to the repository: as many people commit as the group has members.

    Accepted: as many distinct human authors as the report names members (question 2), or two and more where it names
    none. Names and e-mail addresses of one person are merged; co-author trailers count; bots do not.
    Half of it: fewer authors than members, but more than one.
    Never held against a group: a single author. Some groups commit from one machine; this is asked orally.
    To settle it: tell which of the authors is whom, or who worked at whose machine.
    """
    if not history.available:
        return
    people = [human.evidence for human in identities.humans]
    wanted = group.members or 2
    enough = len(people) >= wanted
    several = len(people) > 1
    yield part(
        "authors",
        settled(people) if enough else halved(people if several else (), f"{len(people)} authors for {wanted} members"),
        looked_for=f"{wanted} distinct human commit authors" + ("" if group.members else " or more"),
    )
