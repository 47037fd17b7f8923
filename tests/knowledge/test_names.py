from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from auditor.knowledge.names import NameIndex, name_set

NAME_PATTERNS = [
    "a",
    "b.*",
    "a.b",
    "*.c",
    "a.b.*",
    "?x",
    "a*c",
    "*",
    "a.*.c",
    "a.b*",
    "c*",
    "*()",
    "a*b*c",
    "a.b*b.c",
    "b*b",
]

named_sets = st.lists(st.sampled_from(NAME_PATTERNS), max_size=4)


@given(named_sets, st.text("abc.()?x\n", max_size=7))
def test_a_star_in_a_set_of_names_is_anything(patterns: list[str], name: str) -> None:
    expressions = (".*".join(map(re.escape, pattern.split("*"))) for pattern in patterns)
    expected = any(re.fullmatch(expression, name, re.DOTALL) for expression in expressions)
    assert name_set(patterns).match(name) == expected


@given(named_sets, st.lists(st.text("abc.()?x", max_size=7), max_size=8))
def test_names_among_an_index_are_those_that_match(patterns: list[str], names: list[str]) -> None:
    wanted = name_set(patterns)
    assert wanted.among(NameIndex(names)) == [name for name in dict.fromkeys(names) if wanted.match(name)]
