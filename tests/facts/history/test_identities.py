"""Who is who among the authors."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.repositories import Step, commit, git, make_repository
from support.trees import Trees

from auditor.facts.history.commits import Person
from auditor.facts.history.identities import Identities, is_bot, merge
from auditor.injection import Facts
from auditor.repository.opening import open_snapshot


def people(*authors: str) -> list[set[str]]:
    """Groups of `Name <e-mail>`, merged."""
    persons = {text: Person(text.partition(" <")[0], text.partition("<")[2].rstrip(">")) for text in authors}
    names = {person: text for text, person in persons.items()}
    return [{names[person] for person in group} for group in merge(persons.values(), lambda person: person)]


SAME = [
    ("Ada Lovelace <ada@example.dk>", "Countess <ADA@example.dk>"),
    ("Ada Lovelace <ada@firm.dk>", "ada lovelace <al@home.dk>"),
    ("Ada Lovelace <ada@firm.dk>", "Lovelace, Ada <al@home.dk>"),
    ("Zoë Ångström <z@firm.dk>", "Zoe Aangstrom <za@home.dk>"),
    ("Søren Ødegård <s@firm.dk>", "Soren Odegaard <sx@home.dk>"),
    ("AdaLovelace <a@firm.dk>", "Ada Lovelace <b@home.dk>"),
    ("countess99 <1234+countess99@users.noreply.github.com>", "countess99 <a@firm.dk>"),
    ("Ada Lovelace <1234+countess99@users.noreply.github.com>", "countess99 <a@firm.dk>"),
    ("Ada L <countess@users.noreply.github.com>", "Somebody <77+Countess@users.noreply.github.com>"),
    ("Ada Lovelace <a@firm.dk>", "alovelace <b@home.dk>"),
    ("Ada Lovelace <a@firm.dk>", "hacker <ada.lovelace@home.dk>"),
    ("Ada Lovelace <a@firm.dk>", "hacker <lovelace_ada7@home.dk>"),
    ("Ada Lovelace <a@firm.dk>", "x <12+AdaLov@users.noreply.github.com>"),
    ("Ada Lovelace <a@firm.dk>", "Ada L. <b@home.dk>"),
    ("Ada Lovelace <a@firm.dk>", "A. Lovelace <b@home.dk>"),
    ("Ada King Lovelace <a@firm.dk>", "Ada Lovelace <b@home.dk>"),
    ("Ada King Lovelace <a@firm.dk>", "aklovelace <b@home.dk>"),
    ("Ada King Lovelace <a@firm.dk>", "queen <adaada.lovelace@home.dk>"),
    ("Ada Lovelace <a@firm.dk>", "Ada <lovelacesen@home.dk>"),
    ("Ada Lovelace <a@firm.dk>", "ada <me@home.dk>"),
    ("Ada Lovelace <s123456@student.dtu.dk>", "queen <s123456@dtu.dk>"),
    ("queen <countess99@home.dk>", "x <5+countess@users.noreply.github.com>"),
    ("Bo <a@firm.dk>", "Bo <b@home.dk>"),
    ("Jan van Dijk <j@firm.dk>", "Jan van Dijk <v@home.dk>"),
]
OTHERS = [
    ("Ada Lovelace <ada@firm.dk>", "Ada Hansen <hansen@home.dk>"),
    ("Anders Hansen <a@firm.dk>", "Bo Hansen <b@home.dk>"),
    ("Anders Hansen <a@firm.dk>", "Andreas Hansen <b@home.dk>"),
    ("Ada Lovelace <1+ada-one@users.noreply.github.com>", "Ada <2+ada-two@users.noreply.github.com>"),
    ("Ada Lovelace <a@firm.dk>", "Ada <adahansen@home.dk>"),
    ("Your Name <you@example.com>", "Ada <you@example.com>"),
    ("root <root@host.local>", "user <root@other.local>"),
    ("Ada <mail@ada.dk>", "Bo <mail@bo.dk>"),
    ("ubuntu <ubuntu@ip-1.internal>", "Ada Lovelace <a@firm.dk>"),
    ("Jan van Dijk <j@firm.dk>", "Piet van Dam <p@home.dk>"),
    ("Bo Berg <b@firm.dk>", "Bob Berg <x@home.dk>"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_one_human(one: str, two: str) -> None:
    assert len(people(one, two)) == 1
    assert len(people(two, one)) == 1
    assert len(people(one, "Cy Young <cy@other.dk>", two)) == 2


@pytest.mark.parametrize(("one", "two"), OTHERS)
def test_two_humans(one: str, two: str) -> None:
    assert len(people(one, two)) == 2
    assert len(people(two, one)) == 2


def test_a_first_name_that_fits_two_is_a_third() -> None:
    groups = people("Anders <me@home.dk>", "Anders Hansen <ah@firm.dk>", "Anders Jensen <aj@firm.dk>")
    assert len(groups) == 3
    groups = people("Anders <jensen99@home.dk>", "Anders Hansen <ah@firm.dk>", "Anders Jensen <aj@firm.dk>")
    assert {"Anders <jensen99@home.dk>", "Anders Jensen <aj@firm.dk>"} in groups
    assert len(groups) == 2


def test_merging_goes_by_way_of_a_third() -> None:
    one, two, three = "Ada Lovelace <a@firm.dk>", "queen <a@firm.dk>", "queen <9+queen@users.noreply.github.com>"
    assert len(people(one, three)) == 2
    assert len(people(one, two, three)) == 1
    assert len(people(three, one, two)) == 1


@pytest.mark.parametrize(
    ("person", "bot"),
    [
        ("dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>", True),
        ("github-actions <41898282+github-actions[bot]@users.noreply.github.com>", True),
        ("GitHub Action <action@github.com>", True),
        ("GitHub <noreply@github.com>", True),
        ("pre-commit-ci[bot] <66853113+pre-commit-ci[bot]@users.noreply.github.com>", True),
        ("Renovate Bot <bot@renovateapp.com>", True),
        ("Copilot <175728472+Copilot@users.noreply.github.com>", True),
        ("Claude <noreply@anthropic.com>", True),
        ("Cursor Agent <cursoragent@cursor.com>", True),
        ("Deploy Bot <ci@example.dk>", True),
        ("Claude Dubois <claude@example.fr>", False),
        ("Abbot Costello <abbot@example.dk>", False),
        ("Ada at work <ada@anthropic.com>", False),
        ("bot <12+botond@users.noreply.github.com>", False),
    ],
)
def test_bots(person: str, bot: bool) -> None:
    assert is_bot(Person(person.partition(" <")[0], person.partition("<")[2].rstrip(">"))) is bot


def test_of_a_repository(tmp_path: Path) -> None:
    ada, queen, bo = ("Ada Lovelace", "ada@x.dk"), ("queen", "q@y.dk"), ("Bo Berg", "bo@x.dk")
    repository = make_repository(
        tmp_path,
        commits=[
            Step({"a": "1", ".mailmap": "Ada Lovelace <ada@x.dk> <q@y.dk>\n"}, "a", ada),
            Step({"a": "2"}, "b", queen),
            Step(
                {"a": "3"},
                "c\n\nCo-authored-by: Cy Young <cy@x.dk>\nCo-authored-by: Claude <noreply@anthropic.com>",
                bo,
            ),
            Step({"a": "4"}, "d", ("dependabot[bot]", "1+dependabot[bot]@users.noreply.github.com")),
        ],
    )
    git(repository, "checkout", "--quiet", "-b", "side")
    commit(repository, Step({"b": "1"}, "side", ("Di Dot", "di@x.dk")))
    git(repository, "checkout", "--quiet", "main")
    with open_snapshot(repository) as snapshot:
        found = Facts(snapshot).get(Identities)
    assert [(human.name, len(human.commits)) for human in found.humans] == [
        ("Ada Lovelace", 2),
        ("Bo Berg", 1),
        ("Cy Young", 1),
    ]
    assert {bot.name for bot in found.bots} == {"dependabot[bot]", "Claude"}
    assert [human.name for human in found.elsewhere] == ["Di Dot"]
    assert found.of(Person("queen", "q@y.dk")) is found.humans[0]
    assert found.of(Person("nobody", "n@x.dk")) is None
    assert found.humans[0].evidence.text == "Ada Lovelace: 2 commits (also queen)"


def test_without_git(tree: Trees) -> None:
    assert tree({}).get(Identities).humans == ()


names = st.text(alphabet="aAbdlvÅø ,.-_0", max_size=12)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.builds(Person, names, names.map(lambda text: f"{text}@x.dk")), max_size=8, unique=True))
def test_merging_keeps_everybody(persons: list[Person]) -> None:
    groups = merge(persons, lambda person: person)
    assert sorted((p.name, p.email) for group in groups for p in group) == sorted((p.name, p.email) for p in persons)
