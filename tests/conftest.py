"""Fixtures of tests in all rooms."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.trees import Trees


@pytest.fixture
def tree(tmp_path: Path) -> Trees:
    """Called with files by their paths: the folder that holds them, opened, and its facts; every call makes a new folder."""
    return Trees(tmp_path / "trees")
