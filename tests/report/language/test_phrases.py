from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from auditor.report.language.phrases import Phrases, compiled, may_mention, mentions, phrases

WORDS = ("drift", "drift* detect*", "data drift", "log", "log*", "n't use", "load test", "load..test*", "*", "")
texts = st.lists(st.sampled_from(["drift", "Drift", "drifting", "data", "detection", "log", "didn't", "use", "load", "a", "test-", "-", " ", "  ", "\n", ",", "é"]), max_size=12)  # fmt: skip


def test_a_phrase_is_found_as_it_may_be_written() -> None:
    one = phrases(("load test*", "monitor..cloud"))
    for text in (
        "a load test",
        "Load-Testing it",
        "load\ntests",
        "we monitor it all in the cloud",
        "monitor the cloud",
    ):
        assert one.search(text), text
    for text in ("download test", "re-load test", "loadtest", "load the test", "monitors the cloud", "", "monitor a b c d e cloud"):  # fmt: skip
        assert not one.search(text), text
    assert not phrases(()).search("load test")
    assert list(phrases(()).finditer("load test")) == []


def test_the_longest_is_found_where_several_begin() -> None:
    found = phrases(("drift", "drift detection", "detection service")).finditer("drift detection service, drift")
    assert [match[0] for match in found] == ["drift detection", "drift"]


@given(words=st.lists(st.sampled_from(WORDS), max_size=5).map(tuple), pieces=texts)
def test_it_finds_what_one_pattern_of_all_finds(words: tuple[str, ...], pieces: list[str]) -> None:
    for text in ("".join(pieces), " ".join(pieces)):
        ordered = sorted(words, key=len, reverse=True)
        whole = re.compile("|".join(f"(?:{compiled(one).pattern})" for one in ordered) or "(?!)", re.IGNORECASE)
        found = [match.span() for match in Phrases(words).finditer(text) if match[0]]
        assert found == [match.span() for match in whole.finditer(text) if match[0]]
        assert mentions(text, words) is bool(whole.search(text))
        assert may_mention(text, words) or not mentions(text, words)
