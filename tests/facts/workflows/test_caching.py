from __future__ import annotations

import textwrap

import pytest
from support.trees import Trees
from support.workflow_files import job_of


@pytest.mark.parametrize(
    ("step", "kinds"),
    [
        ("uses: actions/cache@v4\nwith: {path: ~/.cache/pip, key: x}", ["dependencies"]),
        ("uses: actions/cache@v4\nwith: {path: ~/.cache/pre-commit, key: x}", ["pre-commit"]),
        ("uses: actions/cache@v4\nwith: {path: ~/.cache/huggingface, key: x}", ["other"]),
        ("uses: actions/cache@v4", []),
        ("uses: actions/cache/save@v4\nwith: {path: .venv, key: x}", []),
        ("uses: actions/setup-python@v5\nwith: {cache: pip}", ["dependencies"]),
        ("uses: actions/setup-python@v5\nwith: {cache: ''}", []),
        ("uses: actions/setup-python@v5\nwith: {python-version: '3.12'}", []),
        ("uses: astral-sh/setup-uv@v4", []),
        ("uses: astral-sh/setup-uv@v4\nwith: {enable-cache: true}", ["dependencies"]),
        ("uses: astral-sh/setup-uv@v5", ["dependencies"]),
        ("uses: astral-sh/setup-uv@v6.1.0\nwith: {enable-cache: auto}", ["dependencies"]),
        ("uses: astral-sh/setup-uv@v7\nwith: {enable-cache: false}", []),
        ("uses: astral-sh/setup-uv@main", ["dependencies"]),
        ("uses: astral-sh/setup-uv@0123456789012345678901234567890123456789", ["dependencies"]),
        ("uses: astral-sh/setup-uv@0123456789012345678901234567890123456789 # v4.2.0", []),
        ("uses: conda-incubator/setup-miniconda@v3", []),
        ("uses: docker/build-push-action@v6\nwith: {cache-from: type=gha}", ["docker"]),
        ("uses: pre-commit/action@v3.0.1", ["pre-commit"]),
        ("uses: actions/setup-python@v5\nif: false\nwith: {cache: pip}", []),
    ],
)
def test_caching(tree: Trees, step: str, kinds: list[str]) -> None:
    lines = textwrap.indent(step, "    ").strip()
    job = job_of(tree, f"runs-on: ubuntu-latest\nsteps:\n  - {lines}\n")
    assert [cache.kind for cache in job.caching] == kinds
