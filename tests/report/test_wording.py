"""How near two wordings are does not depend on the order in which a set gives its words, which is another in each run."""

from __future__ import annotations

from itertools import permutations

from auditor.report.wording import Vocabulary, stems

TEXTS = ("tests data", "tests model", "tests api", "data model", "logging", "docker data", "api docker tests")


def test_the_order_of_words_is_no_matter() -> None:
    vocabulary = Vocabulary(TEXTS)
    words = sorted(stems(" ".join(TEXTS)))
    alone = [vocabulary.weight([word]) for word in words]
    assert len({sum(order) for order in permutations(alone)}) > 1, "numbers whose plain sum depends on their order"
    assert len({vocabulary.weight(order) for order in permutations(words)}) == 1
