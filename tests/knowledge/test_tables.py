from __future__ import annotations

import ast
from pathlib import Path

import pytest

import auditor
from auditor.errors import AuditError
from auditor.knowledge.names import Names
from auditor.knowledge.tables import KIND, LISTS, built_in, read_tables

TABLE = """
store.put:
  shelf: [put, "box.*", "**.append"]
  shelf.open(): &more [write]
  shelf.Door(): *more
  any: [ShelfCallback, "ShelfLog*().send", "*Shelver"]
  all: [crates]
  python: [hoard]
  commands: [stow]
second_net:
  storing: [stow, shelv]
"""


@pytest.fixture
def names() -> Names:
    return read_tables([("store.yaml", TABLE)])


@pytest.mark.parametrize(
    "name",
    [
        "shelf.put", "shelf.box.small", "shelf.a.b.append", "shelf.open().write", "shelf.Door().write", "other.lib.ShelfCallback",
        "other.ShelfLogger().send", "far.away.BigShelver", "crates", "crates.anything.at.all", "hoard",
    ],
)  # fmt: skip
def test_names_of_a_kind(names: Names, name: str) -> None:
    assert names.of(name) == {"store.put"}


@pytest.mark.parametrize(
    "name",
    [
        "shelf",
        "shelf.box.small.lid",
        "own.put",
        "shelf.open().close",
        "my.crates",
        "own.hoard",
        "shelf.putter",
        "put",
        "",
    ],
)
def test_names_of_no_kind(names: Names, name: str) -> None:
    assert not names.of(name)


def test_what_else_a_kind_lists(names: Names) -> None:
    assert names.listed("store.put", "commands") == ("stow",)
    assert names.packages("store.put") == ("shelf", "crates")
    assert names.stems("storing") == ("stow", "shelv")


def test_a_star_is_part_of_one_word() -> None:
    names = read_tables([("x.yaml", "a.one:\n  a: ['*.c']\na.more:\n  a: ['**.c']\n")])
    assert names.of("a.b.c") == {"a.one", "a.more"}
    assert names.of("a.b.b.c") == {"a.more"}


@pytest.mark.parametrize(
    ("table", "about"),
    [
        ("- a\n", "not a table"), ("store: {a: [b]}\n", "a kind is"), ("a.b: {c: d}\n", "a list of names"), ("a.b: {c: ['*']}\n", "stars alone"),
        ("a.b: {c: [d, d]}\n", "stands twice"), ("a: [\n", "expected"),
    ],
)  # fmt: skip
def test_what_is_no_table(table: str, about: str) -> None:
    with pytest.raises(AuditError, match=about):
        read_tables([("x.yaml", table)])


def test_every_row_of_the_program_matches_a_name_made_of_itself() -> None:
    names = built_in()
    for row in names.rows:
        made = row.full.replace("**", "x.y").replace("*", "x")
        assert row.kind in names.of(made), row


def test_lists_are_no_libraries() -> None:
    assert not {row.library for row in built_in().rows} & set(LISTS)


def test_every_kind_is_asked_for_and_every_kind_asked_for_is_there() -> None:
    names = built_in()
    kinds = {row.kind for row in names.rows} | names.listed_kinds
    practices = {kind.partition(".")[0] for kind in kinds}
    folder = Path(auditor.__file__).parent
    sources = [
        *(folder / "practices").rglob("*.py"),
        *(folder / "facts").rglob("*.py"),
        *(folder.parent / "rules").glob("*.py"),
    ]
    said = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KIND.fullmatch(node.value)
    }
    asked = {one for one in said if one.partition(".")[0] in practices}
    assert kinds - said == set(), "no code asks for these"
    files = {
        one for one in asked - kinds if one.rpartition(".")[2] in ("py", "md", "yaml", "yml", "toml", "json", "txt")
    }
    assert asked - kinds - files - LOOK_LIKE_KINDS == set(), "no table has these"


LOOK_LIKE_KINDS = frozenset({"cloud.goog"})
"""Texts in code that are written as kinds are and are none: the end of an address."""
