from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.project_files import texts

from auditor.facts.project_commands.makefile import read_justfile, read_makefile


def test_makefile() -> None:
    text = (
        ".PHONY: test\nPYTHON ?= python\nSRC := src\n\ntest: lint ## run tests\n\t@$(PYTHON) -m pytest \\\n\t  tests/\n"
        "\t-ruff check $(SRC)\n\nlint format:\n\truff $@ .\nempty:\n# old:\n#\tpytest\nall: test ; echo done\n"
        "ifdef CI\nrelease:\n\tcd x && echo $$HOME\nendif\ndefine BODY\nfake:\n\techo no\nendef\n"
    )
    found = {c.name: c for c in read_makefile("Makefile", text)}
    assert list(found) == ["test", "lint", "format", "empty", "all", "release"]
    assert [c.line for c in found.values()] == [5, 10, 10, 12, 15, 17]
    assert found["test"].commands[0].programs == ("python", "pytest")
    assert found["test"].commands[0].line == 6
    assert [(c.line, c.ignored_failure) for c in found["test"].commands[1:]] == [(8, True)]
    assert found["test"].needs == ("lint",)
    assert found["empty"].is_empty
    assert texts(found["all"]) == [(15, "echo done")]
    assert texts(found["release"]) == [(18, "cd x"), (18, "echo $HOME")]


def test_justfile() -> None:
    text = (
        'image := "shop"\n# build\n[group("docker")]\nbuild tag="latest": lint\n'
        "    @docker build -t {{image}}:{{tag}} .\n"
        "lint:\n    ruff check .\n\npy:\n    #!/usr/bin/env python3\n    import docker\n"
    )
    found = {c.name: c for c in read_justfile("justfile", text)}
    assert texts(found["build"]) == [(5, "docker build -t shop:{} .")]
    assert (found["build"].line, found["build"].needs) == (4, ("lint",))
    assert texts(found["lint"]) == [(7, "ruff check .")]
    assert found["py"].commands[0].program == "python"


LINES = [
    "all: a b",
    "a:",
    "\techo",
    "\t@",
    "\t-x \\",
    "X = $(X)$(X)",
    "X := $(",
    "define A",
    "endef",
    "ifeq (a,b)",
    "::",
    "\\",
]
LINES += ["a: B=c", "$(X): y", ".PHONY: a", "\t$$", "r x='1':", "    {{x}}", "    #!/bin/sh", "x := 'a'", "é: \x00"]


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(LINES), max_size=12).map("\n".join)))
def test_any_makefile_can_be_read(text: str) -> None:
    last = text.count("\n") + 1
    for reader in (read_makefile, read_justfile):
        assert all(1 <= c.line <= last for c in reader("Makefile", text))


@pytest.mark.parametrize(
    "text",
    [
        "X = $(X)$(X)$(X)\n" * 10_000 + "a:\n" + "\t$(X)$(X)$(X)\n" * 2_000,
        " ".join(f"t{i}" for i in range(900)) + ":\n" + "\techo a\n" * 5_000,
        "a " * 100_000 + ":",
        "x=" * 100_000,
        "a: \\\n" * 50_000,
    ],
)
def test_hostile_makefiles_cost_little_time(text: str) -> None:
    start = time.process_time()
    list(read_makefile("Makefile", text))
    list(read_justfile("Makefile", text))
    assert time.process_time() - start < 3
