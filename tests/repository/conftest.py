"""What the tests of repositories share."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repositories import Step, make_repository


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Three commits on three days."""
    return make_repository(
        tmp_path / "shop",
        commits=[
            Step({"README.md": "one\n"}, when="2026-01-05T10:00:00+00:00"),
            Step({"README.md": "two\n", "src/shop/train.py": "x = 1\n"}, when="2026-01-10T10:00:00+00:00"),
            Step({"README.md": None, "late.txt": "late\n"}, when="2026-01-20T10:00:00+00:00"),
        ],
    )
