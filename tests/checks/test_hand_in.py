"""What all checks of a hand-in have in common."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.hand_in_samples import checked, files, fitting, pushed, remarks, whole_report, words
from support.repositories import make_repository

from auditor.checks import checks
from auditor.engine.run import run_audit
from auditor.repository.snapshot import Snapshot


def test_a_hand_in_that_lacks_nothing(tmp_path: Path) -> None:
    assert remarks(pushed(tmp_path / "shop", files(whole_report()))) == []


def test_every_check_says_what_it_looks_at() -> None:
    found = checks()
    assert len({check.name for check in found}) == len(found) > 10
    for check in found:
        assert check.name.startswith("H.") and len(check.text) > 80 and check.title


def test_a_check_that_fails_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.checks import files as module
    from auditor.checks.model import Check

    def broken(_: object) -> object:
        raise RuntimeError("boom")

    broken.__annotations__ = {"_": Snapshot, "return": object}
    monkeypatch.setattr(module, "large_files", Check("H.large_files", "x", "x", broken))  # type: ignore[arg-type]
    result = checked(make_repository(tmp_path / "shop", files(whole_report({7: "short"}))))
    assert any("H.large_files could not be looked at" in place.text for place in result.repository.problems)
    assert any(one.check == "H.length" for one in result.hand_in or ())


def test_a_bare_repository_and_a_plain_folder_can_be_checked(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report({7: fitting(7) + " " + words(60)})))
    bare = run_audit(tmp_path / "shop-remote", hand_in=True)
    plain = run_audit(folder, hand_in=True, use_git=False)
    for result in (bare, plain):
        assert [one.check for one in result.hand_in or ()] == ["H.length"], result.hand_in
