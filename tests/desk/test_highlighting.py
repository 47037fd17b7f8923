"""Colours change no text: line for line what the file says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.desk.highlighting import coloured

NAMES = st.sampled_from(
    ["a.py", "Dockerfile", "x.dockerfile", "w.yaml", "README.md", "p.toml", "Makefile", "x.unknown", ""]
)


@settings(deadline=None)  # the first text of a language loads its lexer
@given(NAMES, st.lists(st.text(st.characters(exclude_characters="\n"), max_size=40), max_size=6))
def test_nothing_is_added_and_nothing_lost(name: str, lines: list[str]) -> None:
    assert ["".join(text for _, text in line) for line in coloured(name, lines)] == lines


@pytest.mark.parametrize(
    ("path", "line", "piece"),
    [
        ("src/a.py", "def run():  # now", ("kw", "def")),
        ("src/a.py", "x = 'text'", ("st", "text")),
        (".github/workflows/ci.yaml", "on: push", ("ta", "on")),
        ("docker/api.dockerfile", "FROM python:3.12", ("kw", "FROM")),
    ],
)
def test_what_has_a_colour(path: str, line: str, piece: tuple[str, str]) -> None:
    assert piece in [(kind, text.strip()) for kind, text in coloured(path, [line])[0]]
