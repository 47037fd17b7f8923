"""Statistics of cProfile are known by their bytes."""

from __future__ import annotations

import cProfile
from pathlib import Path

import pytest

from auditor.practices.training.profiling import is_pstats


def test_statistics_by_their_bytes(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    cProfile.run("sum(range(10))", str(target))
    assert is_pstats(target.read_bytes())


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b'{"a": 1, "b": 2}', b"\xfb)\x02\xfa\x01~\xe9\x00\x00"])
def test_other_bytes(data: bytes) -> None:
    assert not is_pstats(data)
