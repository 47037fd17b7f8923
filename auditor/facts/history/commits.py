"""Who committed what and when, as git tells it: commits, branches, merges, and (only where asked for) files per commit.

Commits are read with one command, files per commit with one more; neither reads the content of a file, so both work in
a partial clone. Without git everything is empty and `available` is False.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime

from auditor.evidence import Place, seen, shorten
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.git import GitDoor, parse_raw_time
from auditor.repository.git_process import GitError
from auditor.repository.snapshot import Snapshot

NAME_LENGTH = 80
BODY_LENGTH = 20_000
"""Characters read at the end of a commit message, where trailers stand."""

FIELDS = ("%H", "%P", "%an", "%ae", "%ad", "%cd", "%B")
"""git-log, "PRETTY FORMATS". NUL separates them: no field can hold one."""
LOG = ("log", "-z", "--date=raw", "--encoding=UTF-8", "--no-color", "--no-notes", "--no-show-signature")
ALL_BRANCHES = ("--branches", "--remotes")

MOST_BRANCHES = 50
"""Unmerged branches that are searched for a commit."""

PULL_REQUEST_MERGE = pattern(r"Merge pull request #(\d{1,7}) from (\S{1,250})")
"""GitHub's message for a merged pull request; what follows `from` is `owner/branch`."""
PULL_REQUEST_NUMBER = pattern(r"\((?:pull request )?#(\d{1,7})\)\s*$|^Merged PR (\d{1,7}): ")
"""Subject of a squashed or rebased pull request on GitHub (and Bitbucket), and of one on Azure Repos."""
MERGE_REQUEST = pattern(r"^See merge request \S{0,250}!(\d{1,7})\s*$", re.MULTILINE)
"""GitLab's line in the body of a merge commit."""
BRANCH_MERGE = pattern(r"Merge (?:remote-tracking )?branch '([^']{1,250})'")
"""git-merge's own message (git-fmt-merge-msg)."""


class Person(Record):
    """A name and an e-mail address as written in a commit. One human may go by several."""

    name: str
    email: str


class Commit(Record):
    """One commit. Times are None where they are none that a calendar knows."""

    hash: str
    parents: tuple[str, ...]
    author: Person
    authored_at: datetime | None
    committed_at: datetime | None
    subject: str
    co_authors: tuple[Person, ...] = ()
    pull_request: int | None = None
    """Number of the pull or merge request that this commit merged, by its message."""
    merged_branch: str | None = None
    """Branch that this commit merged, by its message."""

    @property
    def people(self) -> tuple[Person, ...]:
        """Its author and co-authors."""
        return (self.author, *self.co_authors)

    @property
    def evidence(self) -> Place:
        """The commit as evidence: hash, day and subject."""
        day = f"{self.committed_at:%Y-%m-%d} " if self.committed_at else ""
        return seen("", None, f"{day}{self.subject}", self.hash)


class Branch(Record):
    """A branch by its name without the remote's. `merged` tells whether the audited commit holds all of it."""

    name: str
    tip: str
    merged: bool


class History(Record):
    """The history that leads to the audited commit, and what stands beside it. Commits newest first.

    Where `shallow` or `truncated` is set, older commits are missing and every count is a lower bound.
    """

    available: bool = False
    shallow: bool = False
    truncated: bool = False
    commits: tuple[Commit, ...] = ()
    later: tuple[Commit, ...] = ()
    """Commits built upon the audited one: made after a deadline, or on a branch that left from it."""
    elsewhere: tuple[Commit, ...] = ()
    """Commits that only other branches hold."""
    branches: tuple[Branch, ...] = ()

    @property
    def pull_requests(self) -> tuple[int, ...]:
        """Numbers of merged pull requests, each once, in rising order."""
        return tuple(sorted({c.pull_request for c in self.commits if c.pull_request is not None}))

    @property
    def branch_names(self) -> frozenset[str]:
        """Branches that this clone knows, local or remote. A clone of a single branch knows only that one."""
        return frozenset(branch.name for branch in self.branches)

    @property
    def former_branch_names(self) -> frozenset[str]:
        """Branches that a merge commit names; most were deleted after it."""
        return frozenset(c.merged_branch for c in self.commits if c.merged_branch)

    @property
    def unmerged(self) -> tuple[Branch, ...]:
        """Branches with commits that the audited commit does not hold."""
        return tuple(branch for branch in self.branches if not branch.merged)

    def holders(self, commits: Iterable[str]) -> dict[str, str]:
        """Name of an unmerged branch for each of the commits (by hash) that one holds; the first of many branches are asked."""
        parents = {one.hash: one.parents for one in (*self.elsewhere, *self.later)}
        sought = set(commits)
        found: dict[str, str] = {}
        for branch in self.unmerged[:MOST_BRANCHES]:
            missing = sought - found.keys()
            if missing:
                found.update(dict.fromkeys(missing & reachable(branch.tip, parents), branch.name))
        return found

    @property
    def first_at(self) -> datetime | None:
        """Time of the earliest commit."""
        return min((c.committed_at for c in self.commits if c.committed_at), default=None)

    @property
    def last_at(self) -> datetime | None:
        """Time of the latest commit."""
        return max((c.committed_at for c in self.commits if c.committed_at), default=None)

    @property
    def evidence(self) -> Place:
        """Number of commits and the days from first to last."""
        days = f", {self.first_at:%Y-%m-%d} to {self.last_at:%Y-%m-%d}" if self.first_at and self.last_at else ""
        least = "at least " if self.shallow or self.truncated else ""
        newest = self.commits[0].hash if self.commits else None
        return seen("", None, f"{least}{len(self.commits)} commit{'s' if len(self.commits) != 1 else ''}{days}", newest)


@fact
def read_history(snapshot: Snapshot) -> History:
    """The history of the audited commit; unavailable, with a problem noted, where git cannot tell it."""
    git, head = snapshot.git, snapshot.moment.commit
    if git is None or head is None:
        return History()
    most = snapshot.limits.commits
    out = log(git, head, f"--max-count={most + 1}", f"--format={'%x00'.join(FIELDS)}")
    if out is None:
        snapshot.note(".", "git cannot read the history (commits are missing from this clone)")
        return History(shallow=git.shallow)
    found = {commit.hash: commit for commit in parse_commits(out)}
    commits = dict(list(found.items())[:most])
    behind = reachable(head, {name: commit.parents for name, commit in commits.items()})
    children: dict[str, list[str]] = {}
    for commit in commits.values():
        for parent in commit.parents:
            children.setdefault(parent, []).append(commit.hash)
    ahead = reachable(head, children) - {head}
    return History(
        available=True,
        shallow=git.shallow,
        truncated=len(found) > most,
        commits=tuple(c for name, c in commits.items() if name in behind),
        later=tuple(c for name, c in commits.items() if name in ahead),
        elsewhere=tuple(c for name, c in commits.items() if name not in behind and name not in ahead),
        branches=tuple(read_branches(git, behind)),
    )


def log(git: GitDoor, head: str, *options: str) -> str | None:
    """`git log` of `head` and all branches; of `head` alone where a branch is broken; None where that fails too."""
    for revisions in ((head, *ALL_BRANCHES), (head,)):
        try:
            return git.run(*LOG, *options, *revisions, "--")
        except GitError:
            continue
    return None


def parse_commits(out: str) -> Iterator[Commit]:
    """Commits from `git log -z` with FIELDS."""
    values = out.split("\0")
    width = len(FIELDS)
    for start in range(0, len(values) - width, width):
        name, parents, author, email, authored, committed, message = values[start : start + width]
        subject, _, body = message.strip().partition("\n")
        merged = PULL_REQUEST_MERGE.match(subject)
        branch = BRANCH_MERGE.match(subject)
        yield Commit(
            hash=name,
            parents=tuple(parents.split()),
            author=person(author, email),
            authored_at=parse_raw_time(authored),
            committed_at=parse_raw_time(committed),
            subject=shorten(clean(subject)),
            co_authors=tuple(dict.fromkeys(co_authors(body[-BODY_LENGTH:]))),
            pull_request=pull_request(subject, body[-BODY_LENGTH:]),
            merged_branch=(merged[2].partition("/")[2] or merged[2]) if merged else branch[1] if branch else None,
        )


def pull_request(subject: str, body: str) -> int | None:
    """Number of the pull or merge request that a commit's message names as merged by it."""
    found = PULL_REQUEST_MERGE.match(subject) or PULL_REQUEST_NUMBER.search(subject[-250:])
    found = found or MERGE_REQUEST.search(body)
    return next((int(number) for number in found.groups() if number and number.isdigit()), None) if found else None


def co_authors(body: str) -> Iterator[Person]:
    """People in `Co-authored-by: Name <e-mail>` lines (GitHub Docs, "Creating a commit with multiple authors")."""
    for line in body.splitlines():
        key, colon, value = line.strip().partition(":")
        if colon and key.lower() == "co-authored-by":
            name, bracket, rest = value.partition("<")
            email = rest.partition(">")[0]
            if bracket and (name.strip() or email.strip()):
                yield person(name, email)


def person(name: str, email: str) -> Person:
    """A person without control characters in name and address."""
    return Person(shorten(clean(name), NAME_LENGTH), shorten(clean(email), NAME_LENGTH))


def clean(text: str) -> str:
    """Text whose undecodable bytes are read as Windows-1252, the usual encoding of what is not UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return text


def read_branches(git: GitDoor, behind: frozenset[str]) -> Iterator[Branch]:
    """Local and remote branches; the remotes' HEAD is none."""
    for tip, ref in git.refs:
        remote = ref.startswith("refs/remotes/")
        name = ref.removeprefix("refs/heads/") if not remote else ref.removeprefix("refs/remotes/").partition("/")[2]
        if name and not (remote and name == "HEAD"):
            yield Branch(name, tip, tip in behind)


def reachable(start: str, edges: dict[str, tuple[str, ...]] | dict[str, list[str]]) -> frozenset[str]:
    """`start` and all that can be reached from it along `edges`."""
    seen = {start}
    waiting = deque([start])
    while waiting:
        for following in edges.get(waiting.popleft(), ()):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return frozenset(seen)
