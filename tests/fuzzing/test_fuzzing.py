"""Every parser of ours, given what is nearly of its format and what is not: it raises nothing but its own error, and what it says holds.

What holds for each is in `tests/fuzzing`. `scripts/fuzz.py` does the same for hours, guided by coverage.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.evidence import seen
from fuzzing.registry import Target, check_places, text_of
from fuzzing.samples import KEPT, kept, project_files, suited
from fuzzing.targets import all_targets

TARGETS = all_targets()
EXAMPLES = 100
LONGEST = 3_000
"""Bytes of a text that is changed here and there."""


def texts(target: Target) -> st.SearchStrategy[bytes]:
    """Pieces of the format in any order, and kept texts and samples with changes of a few places."""
    pieces = st.one_of(st.sampled_from(target.words), st.sampled_from(target.words), st.text(max_size=4))
    made = st.lists(pieces, max_size=30).map(lambda found: "".join(found).encode("utf-8", "surrogateescape"))
    begin = [path.read_bytes()[:LONGEST] for path in kept(target.name)]
    begin += suited(target.name, project_files(), LONGEST)
    if not begin:
        return made
    places = st.integers(0, LONGEST)
    changes = st.lists(st.tuples(st.sampled_from("cut put copy swap".split()), places, places, pieces), max_size=4)
    return st.one_of(made, st.builds(changed, st.sampled_from(begin), changes))


def changed(data: bytes, changes: list[tuple[str, int, int, str]]) -> bytes:
    """The text with the changes made, one after another."""
    for kind, one, other, piece in changes:
        start, end = sorted((one % (len(data) + 1), other % (len(data) + 1)))
        lines = data.split(b"\n")
        if kind == "cut":
            data = data[:start] + data[end:]
        elif kind == "put":
            data = data[:start] + piece.encode("utf-8", "surrogateescape") + data[start:]
        elif kind == "copy":
            data = (data[:end] + data[start:])[: 2 * LONGEST]
        else:
            a, b = one % len(lines), other % len(lines)
            lines[a], lines[b] = lines[b], lines[a]
            data = b"\n".join(lines)
    return data


@pytest.mark.parametrize("name", TARGETS)
def test_parser(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(texts(target))
    def runs(data: bytes) -> None:
        target.run(data)

    runs()


@pytest.mark.parametrize(
    "path", [path for name in TARGETS for path in kept(name)], ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_kept(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


def test_what_is_kept_is_of_targets() -> None:
    assert {path.name for path in KEPT.iterdir()} <= set(TARGETS)


def test_a_target_that_must_fail_does() -> None:
    """The places of findings are looked at."""
    with pytest.raises(AssertionError):
        check_places([seen("x", 3, "")], {"x": text_of(b"a\r\nb")})
