"""Notices of copyright: which Python files say at their head that somebody else wrote them.

A file that was taken over from a published project is used by the group, and is no work of its own. The holder is the group's
own where LICENSE, the project's settings or the history name it; in doubt it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from auditor.evidence import Place, seen
from auditor.facts.history.commits import History
from auditor.facts.own_work.vendored import foreign_folders, is_vendored
from auditor.formats.toml_lines import parse_toml
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record, field
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

HEAD = 2_000
"""Characters in which a notice stands."""
MOST_WORDS = 500
"""Words that name the project and its people."""
LINES = 10
"""Lines in which it stands."""
NOTICE = pattern(
    r"(?:SPDX-FileCopyrightText:|(?:Portions )?Copyright|\u00a9|\(c\))\s*(?P<holder>(?:\(c\)|\u00a9|\d{4}|by\b|[-\u2013,.\s]|present\b)*\S.*)",
    re.IGNORECASE,
)
"""How a line with a notice begins, behind the marks of a comment (SPDX; REUSE Specification; usual practice)."""
DATES = pattern(r"\(c\)|\u00a9|copyright|\b\d{4}\b|\bpresent\b|\bby\b|[-\u2013,;:.]", re.IGNORECASE)
TAIL = pattern(r"all rights reserved.*|licen[sc]ed.*|under the .*|<.*|https?:.*|see .*", re.IGNORECASE)
WORD = pattern(r"[^\W\d_]{3,}")
SAYS_NOTHING = frozenset(
    """
    and the team teams author authors contributor contributors developer developers member members inc ltd llc corp corporation
    gmbh company foundation group groups student students project projects course mlops dtu technical university denmark danmarks
    tekniske universitet owner owners holder holders copyright reserved rights all
    """.split()
)
"""Words of a notice that name nobody, or the group itself."""
LICENSES = ("license*", "licence*", "copying*", "notice*")
LISTS = ("authors*", "contributors*", "codeowners", "citation.cff")
"""Files that say whose the project is: by a notice of copyright, or by all that stands in them."""


class Copied(Record):
    """Python files with somebody else's notice of copyright, each with the line that says so."""

    notices: Mapping[str, Place] = field(default_factory=dict)


@fact
def copied_files(snapshot: Snapshot, history: History) -> Copied:
    """The files whose notice names nobody of the project."""
    foreign = foreign_folders(snapshot.paths)
    paths = [path for path in snapshot.paths if path.endswith(".py") and not is_vendored(path, foreign)]
    found = list(each_file(snapshot, paths, notice_of))
    if not found:
        return Copied()
    own = frozenset(islice(dict.fromkeys(own_words(snapshot, history)), MOST_WORDS))
    foreign_holders = {holder: not is_own(holder, own) for holder in dict.fromkeys(holder for _, holder in found)}
    return Copied({place.path: place for place, holder in found if foreign_holders[holder]})


def notice_of(snapshot: Snapshot, path: str) -> Iterator[tuple[Place, str]]:
    """The first notice at the head of a file, with its holder."""
    head = (snapshot.text(path) or "")[:HEAD]
    if not any(sign in head for sign in ("opyright", "\u00a9", "OPYRIGHT", "(c)", "(C)")):
        return
    for number, line in enumerate(head.split("\n")[:LINES], start=1):
        said = NOTICE.match(line.strip().lstrip("#*\"'/!;- \t"))
        if said:
            yield seen(path, number, line), said["holder"]
            return


def is_own(holder: str, own: frozenset[str]) -> bool:
    """Whether a notice's holder is the group: one of its words is a name of theirs, or it names nobody."""
    words = [word.lower() for word in WORD.findall(TAIL.sub("", DATES.sub(" ", holder[:200])))]
    names = [word for word in words if word not in SAYS_NOTHING][:5]
    return not names or any(word in known or known in word for word in names for known in own)


def own_words(snapshot: Snapshot, history: History) -> Iterator[str]:
    """Words that name the project or its people: LICENSE and the like, authors in its settings, names in the history."""
    said: list[str] = []
    for path in snapshot.named(*LICENSES):
        notices = [NOTICE.match(line.strip()) for line in snapshot.lines(path)[:60]] if path.count("/") <= 1 else []
        said += [TAIL.sub("", notice["holder"]) for notice in notices if notice]
    for path in snapshot.named(*LISTS):
        said += [line for line in snapshot.lines(path)[:200] if path.count("/") <= 1]
    for path in snapshot.named("pyproject.toml"):
        said += authors(snapshot, path)
    for person in {
        person for commit in (*history.commits, *history.later, *history.elsewhere) for person in commit.people
    }:
        said += [person.name, person.email.partition("@")[0]]
    for word in WORD.findall(" ".join(said)):
        if word.lower() not in SAYS_NOTHING:
            yield word.lower()


def authors(snapshot: Snapshot, path: str) -> Iterable[str]:
    """Names of the project and its authors in a `pyproject.toml`."""
    try:
        document = parse_toml(snapshot.text(path) or "")
    except ValueError:
        return []
    tool = document.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    found: list[str] = []
    for table in (document.get("project"), poetry):
        if isinstance(table, dict):
            found += [str(table.get(key, "")) for key in ("name", "authors", "maintainers")]
    return found
