from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.practices.testing.selection import arguments, holds


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=60))
def test_any_words_are_read(words: list[str], expression: str) -> None:
    places, options = arguments(tuple(words))
    assert len(places) + len(options) <= len(words)
    assert holds(expression, lambda _: True) or "not " in expression
