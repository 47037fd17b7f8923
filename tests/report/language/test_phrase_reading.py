"""Phrases as patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.report.language.phrases import mentions, phrases


@given(
    st.lists(st.sampled_from(["not upload*", "N't use .. gcp", "*ing", "Cloud Run", "a b"]), max_size=3).map(tuple),
    st.lists(
        st.sampled_from(["We", "did", "NOT", "upload", "uploaded", "cloud", "run", "a", "b", "n't", "use", "gcp"])
    ),
)
def test_the_quick_look_for_phrases_misses_none(words: tuple[str, ...], said: list[str]) -> None:
    text = " ".join(said)
    assert mentions(text, words) is bool(phrases(words).search(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We didn't use the gcp.", True),
        ("we haven't used it, nor GCP", True),
        ("n't use gcp", False),
        ("We use gcp", False),
    ],
)
def test_the_end_of_a_contraction_is_found_in_a_word(text: str, found: bool) -> None:
    assert mentions(text, ("n't use .. gcp", "n't used it or gcp", "n't used .. gcp")) is found
