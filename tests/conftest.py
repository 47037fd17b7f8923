"""Fixtures of tests in all rooms."""

from __future__ import annotations

import compileall
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.trees import Trees


def pytest_configure(config: pytest.Config) -> None:
    """Compile the program once, before any worker starts: hundreds of processes are started, many of which write no bytecode."""
    if not hasattr(config, "workerinput"):
        for package in ("auditor", "rules"):
            compileall.compile_dir(ROOT / package, quiet=2)


@pytest.fixture
def tree(tmp_path: Path) -> Trees:
    """Called with files by their paths: the folder that holds them, opened, and its facts; every call makes a new folder."""
    return Trees(tmp_path / "trees")
