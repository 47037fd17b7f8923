from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.repository.paths import normalise


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="a./\\ ", max_size=20))
def test_normalised_paths(path: str) -> None:
    once = normalise(path)
    assert normalise(once) == once
    assert not once.startswith("/")
    assert "" not in once.split("/") or once == ""
