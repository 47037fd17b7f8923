"""The distinct humans among a history's authors.

One human commits under several names and addresses: from the laptop, from github.com, from a cloud machine. Two humans
can look alike. Merging too much makes a group seem smaller than it is, merging too little larger; so the rules are:

1. Always one human: the same e-mail address (place-holders such as `you@example.com` aside), the same GitHub account
   (also as the name of the other), the same student number as address, the same full name (two words or more, in any
   order, accents and case aside), and what `.mailmap` says.
2. One human where nothing speaks against it: a name, address or account that spells the other's full name: `alovelace`,
   `lovelace.ada`, `Ada L.`, `adalov`, a part of a longer name, or first name plus a surname within the address.
3. Only after that: the bare first name (`Ada`), the same word as name, address or account (`ada99`, `ada.99`).

In 2 and 3, "nothing against it" means that the two do not have different GitHub accounts, and that there is no third
whom the clue fits as well: with `Anders Hansen` and `Anders Jensen` around, a bare `Anders` stays somebody else.

Co-authors count as authors. Bots and writing machines do not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from auditor.evidence import Place, seen
from auditor.facts.history.commits import Commit, History, Person
from auditor.facts.history.mailmap import mapped, parse_mailmap
from auditor.facts.history.person_names import core, folded, holds_surname, name_words, part_of, spells
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

NOREPLY = pattern(r"(?:(\d{1,12})\+)?([a-z0-9][a-z0-9-]{0,79})(?:\[bot\])?@users\.noreply\.github\.com", re.IGNORECASE)
"""GitHub Docs, "Setting your commit email address": `ID+USERNAME@users.noreply.github.com`, before 2017 without ID."""
STUDENT = pattern(r"s\d{6}")
"""DTU's student number, the local part of a student's address on any of its domains."""

BOT_NAMES = frozenset(
    """
    actions-user aider allcontributors claude-code codecov coderabbitai codex copilot copilot-swe-agent
    cursor-agent cursoragent deepsource-autofix dependabot devin-ai-integration gemini-code-assist github
    github-action github-actions github-copilot gitlab-ci gitpod google-labs-jules gpt-engineer-app greenkeeper
    imgbot lovable-dev mergify openai-codex pre-commit-ci renovate semantic-release-bot snyk-bot sweep-ai
    travis-ci web-flow whitesource-bolt
    """.split()
)
"""Accounts that commit on somebody's behalf."""
BOT_DOMAINS = frozenset({"anthropic.com", "cursor.com", "cursor.sh", "openai.com", "aider.chat", "dependabot.com"})
"""Domains whose no-reply addresses coding assistants put into commits and trailers."""
BOT_ADDRESSES = frozenset({"noreply@github.com", "action@github.com", "actions@github.com", "support@github.com"})

NOBODY = frozenset(
    """
    admin anonymous azureuser cloud codespace codespaces colab computer contact debian dev developer dtu
    ec2-user email example first firstname gcp git github gitlab group hello home host info jupyter laptop last
    lastname local localhost mail me mlops no-reply none noreply root someone student students team test ubuntu
    unknown user username users vertex vscode work you your your-email your-name youremail yourname
    """.split()
)
"""Names and addresses that machines and instructions give to everybody."""
NO_DOMAINS = frozenset({"example.com", "example.org", "example.net", "localhost", "localdomain", "(none)"})

GROUP = 60
"""With more people than this, after rule 1, it is no group's repository: resemblances would be chance."""


class Human(Record):
    """One human (or bot): the name to show, all names and addresses, and the commits, newest first."""

    name: str
    persons: tuple[Person, ...]
    commits: tuple[Commit, ...]
    """Commits as author or co-author."""

    @property
    def evidence(self) -> Place:
        """The newest commit, with the number of commits and the names that were merged."""
        others = sorted({p.name for p in self.persons} - {self.name})
        also = f" (also {', '.join(others)})" if others else ""
        return seen("", None, f"{self.name}: {len(self.commits)} commits{also}", self.commits[0].hash)


class Identities(Record, dict=True):
    """Distinct humans who authored the history, those with most commits first; bots apart."""

    humans: tuple[Human, ...] = ()
    bots: tuple[Human, ...] = ()
    elsewhere: tuple[Human, ...] = ()
    """Humans with commits only on other branches, or later ones."""

    @cached_property
    def _by_person(self) -> dict[Person, Human]:
        return {p: human for human in (*self.elsewhere, *self.bots, *self.humans) for p in human.persons}

    def of(self, person: Person) -> Human | None:
        """The human that a commit's author or co-author is."""
        return self._by_person.get(person)


@dataclass(slots=True)
class Cluster:
    """Persons taken for one human so far, and the clues that they bear."""

    persons: list[Person]
    names: set[tuple[str, ...]]
    """Names as words, surname last where that is known."""
    words: set[str]
    """Names of one word, accounts and local parts, as letters and digits."""
    addresses: set[str]
    accounts: set[str]

    def join(self, other: Cluster) -> None:
        """Take over everything of `other`."""
        self.persons += other.persons
        self.names |= other.names
        self.words |= other.words
        self.addresses |= other.addresses
        self.accounts |= other.accounts


@fact
def distinct_humans(snapshot: Snapshot, history: History) -> Identities:
    """Authors and co-authors of the history, merged into humans as this module's docstring says."""
    mailmap = parse_mailmap(snapshot.text(".mailmap") or "") if ".mailmap" in snapshot else []
    own: dict[Person, list[Commit]] = {}
    beside: dict[Person, list[Commit]] = {}
    for commits, into in ((history.commits, own), ((*history.later, *history.elsewhere), beside)):
        for commit in commits:
            for person in dict.fromkeys(commit.people):
                into.setdefault(person, []).append(commit)
    everybody = list(dict.fromkeys((*own, *beside)))
    people = [person for person in everybody if not is_bot(person) and (person.name or person.email)]
    humans: list[Human] = []
    strangers: list[Human] = []
    for persons in merge(people, lambda person: mapped(person, mailmap)):
        commits = together(own, persons)
        (humans if commits else strangers).append(human(persons, commits or together(beside, persons)))
    bots = [human([p], tuple(own.get(p) or beside[p])) for p in everybody if is_bot(p)]
    return Identities(
        tuple(sorted(humans, key=rank)), tuple(sorted(bots, key=rank)), tuple(sorted(strangers, key=rank))
    )


def rank(one: Human) -> tuple[int, str]:
    """Those with most commits first, then by name."""
    return -len(one.commits), one.name


def together(commits: dict[Person, list[Commit]], persons: list[Person]) -> tuple[Commit, ...]:
    """Commits of all `persons`, each once."""
    return tuple({commit.hash: commit for person in persons for commit in commits.get(person, ())}.values())


def human(persons: list[Person], commits: tuple[Commit, ...]) -> Human:
    """A human under the fullest of the names, the most used one of these."""
    used = Counter(p.name for c in commits for p in c.people if p in persons)
    name = max((p.name for p in persons), key=lambda n: (" " in n.strip(), used[n], n), default="")
    return Human(name or persons[0].email, tuple(persons), commits)


def is_bot(person: Person) -> bool:
    """Whether a person is a program: GitHub apps (`[bot]`), CI accounts, coding assistants."""
    name, email = person.name.strip().lower(), person.email.strip().lower()
    if "[bot]" in name or "[bot]" in email or email in BOT_ADDRESSES:
        return True
    domain = email.rpartition("@")[2]
    if domain in BOT_DOMAINS and ("noreply" in email or "agent" in email or "bot" in email):
        return True
    plain = re.sub(r"[\s_]+", "-", name)
    if plain in BOT_NAMES or plain.endswith("-bot"):
        return True
    account = NOREPLY.fullmatch(email)
    return account is not None and account[2] in BOT_NAMES


def merge(people: Iterable[Person], canonical: Callable[[Person], Person]) -> list[list[Person]]:
    """`people` grouped into humans."""
    clusters = surely_united([cluster_of(person, canonical(person)) for person in people])
    if len(clusters) <= GROUP:
        for resembles in (spelled_out, same_word):
            clusters = united(clusters, resembles)
    return [cluster.persons for cluster in clusters]


def surely_united(clusters: list[Cluster]) -> list[Cluster]:
    """Rule 1: joined by the same address, student number, account or full name; an account also by its name."""
    clusters = joined(clusters, lambda c: [*c.addresses, *((a,) for a in c.accounts)])
    clusters = joined(clusters, lambda c: [tuple(sorted(name)) for name in c.names])
    owners: dict[str, Cluster] = {folded(account): c for c in clusters for account in c.accounts}
    left = []
    for cluster in clusters:
        fitting = [owners[word] for word in sorted(cluster.words) if word in owners]
        if not cluster.accounts and fitting and all(owner is fitting[0] for owner in fitting):
            fitting[0].join(cluster)
        else:
            left.append(cluster)
    return left


def joined(clusters: list[Cluster], clues: Callable[[Cluster], list[Hashable]]) -> list[Cluster]:
    """Clusters joined where they have a clue in common, also by way of a third."""
    holder: dict[Hashable, Cluster] = {}
    left: dict[int, Cluster] = {}
    for cluster in clusters:
        for other in {id(holder[clue]): holder[clue] for clue in clues(cluster) if clue in holder}.values():
            del left[id(other)]
            other.join(cluster)
            cluster = other
        left[id(cluster)] = cluster
        holder.update(dict.fromkeys(clues(cluster), cluster))
    return list(left.values())


def united(clusters: list[Cluster], same: Callable[[Cluster, Cluster], bool]) -> list[Cluster]:
    """Clusters joined where `same` holds, and all others whom the clue fits fit each other too."""
    left = dict(enumerate(clusters))
    fits = {i: {j for j in left if j != i and same(left[i], left[j])} for i in left}
    while True:
        pairs = ((i, j) for i in left for j in sorted(fits[i]) if i < j and fits[i] - {j} == fits[j] - {i})
        pair = next(pairs, None)
        if pair is None:
            return list(left.values())
        keep, gone = pair
        left[keep].join(left.pop(gone))
        del fits[gone]
        fits[keep] = {j for j in left if j != keep and same(left[keep], left[j])}
        for j in fits:
            if j != keep:
                fits[j] = fits[j] - {keep, gone} | ({keep} if j in fits[keep] else set())


def cluster_of(person: Person, canonical: Person) -> Cluster:
    """A cluster of one person, with the clues from what was written and from what `.mailmap` makes of it."""
    cluster = Cluster([person], set(), set(), set(), set())
    for name, email in {(person.name, person.email), (canonical.name, canonical.email)}:
        words = name_words(name)
        if words and not NOBODY.issuperset(words):
            if len(words) > 1:
                cluster.names.add(words)
            cluster.words.add("".join(words))
        email = email.strip().lower()
        local, _, domain = email.rpartition("@")
        account = NOREPLY.fullmatch(email)
        if account:
            cluster.accounts.add(account[2])
            local = account[2]
        elif STUDENT.fullmatch(local):
            cluster.addresses.add(local)
            continue
        elif (
            "." in domain and domain not in NO_DOMAINS and not domain.endswith((".local", ".localdomain", ".internal"))
        ):
            cluster.addresses.add(email)
        local = local.partition("+")[0]
        if local and folded(local) not in NOBODY:
            cluster.words.add(folded(local))
            parts = tuple(filter(None, (re.sub(r"[^a-z]", "", folded(part)) for part in re.split(r"[._-]", local))))
            if len(parts) > 1 and all(len(part) > 1 for part in parts) and NOBODY.isdisjoint(parts):
                cluster.names.add(parts)
    return cluster


def spelled_out(one: Cluster, two: Cluster) -> bool:
    """Rule 2: a clue of one spells the full name of the other."""
    if one.accounts and two.accounts and not one.accounts & two.accounts:
        return False
    return any(
        any(part_of(short, full) for short in a.names)
        or any(spells(word, full) for word in a.words)
        or (full[0] in a.words and any(word != full[0] and holds_surname(word, full) for word in a.words))
        for a, b in ((one, two), (two, one))
        for full in b.names
    )


def same_word(one: Cluster, two: Cluster) -> bool:
    """Rule 3: a bare first name, or the same word."""
    if one.accounts and two.accounts and not one.accounts & two.accounts:
        return False
    if one.words & two.words or {core(w) for w in one.words if len(core(w)) >= 4} & {core(w) for w in two.words}:
        return True
    return any(
        not a.names and any(full[0] in map(core, a.words) and not otherwise(a.words, full) for full in b.names)
        for a, b in ((one, two), (two, one))
    )


def otherwise(words: set[str], name: tuple[str, ...]) -> bool:
    """Whether one of the words goes on after the first name with something that is not of the name."""
    first = name[0]
    return any(w.startswith(first) and len(core(w)) >= len(first) + 3 and not spells(w, name) for w in words)
