"""The second net finds what does something under a telling name, and nothing that only bears one."""

from __future__ import annotations

import pytest
from support.trees import Trees

from auditor.evidence import Weight
from auditor.knowledge.tables import built_in
from auditor.practices.second_net import OpenSearch

BODY = "    total = 0\n    for row in rows:\n        total += row\n    mean = total / len(rows)\n    print(mean)\n    return mean\n"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import strangelib\n\nstrangelib.detect_drift([1])\n", True),
        ("import strangelib\n\n\nclass Watch(strangelib.DriftMonitor):\n    pass\n\n\nWatch().run()\n", True),
        (f"def check_drift(rows):\n{BODY}\n\ncheck_drift([1, 2])\n", True),
        (f"def check_drift(rows):\n{BODY}", False),  # nothing calls it
        ("def check_drift(rows):\n    return False\n\n\ncheck_drift([1, 2])\n", False),  # a stub
        ("# drift detection with strangelib\nDRIFT = 'drift'\nprint(DRIFT)\n", False),
        ("import strangelib\n\nif False:\n    strangelib.detect_drift([1])\n", False),
    ],
)
def test_what_it_finds(tree: Trees, code: str, found: bool) -> None:
    traces = tree({"src/shop/main.py": code}, built_in()).get(OpenSearch).find("drift")
    assert bool(traces) is found
    assert all(one.weight is Weight.HALF for one in traces)


def test_what_commands_say(tree: Trees) -> None:
    makefile = "check:\n\tstrangetool drift --report out.html\n\necho:\n\techo drift\n"
    (one,) = tree({"Makefile": makefile}, built_in()).get(OpenSearch).find("drift")
    assert (one.place.path, one.place.line) == ("Makefile", 2)


def test_a_topic_that_no_table_has_finds_nothing(tree: Trees) -> None:
    assert (
        tree({"a.py": "import drift\n\ndrift.drift()\n"}, built_in()).get(OpenSearch).find("nothing of the kind") == ()
    )
