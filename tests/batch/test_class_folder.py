"""A class folder that is read again and again: decisions at once, results of a later run in a moment, errors in a line."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.desk_server import make_class
from support.page_samples import WEB, A, C, D, N, Q, U, audit

from auditor.batch.class_folder import ClassFolder, write_again
from auditor.batch.site import write_outputs
from auditor.errors import AuditError
from auditor.result.audit import Finding
from auditor.result.class_run import GroupAudit, finding_of
from auditor.review.decision_file import decide, remove


def supported(folder: ClassFolder) -> None:
    at = datetime(2026, 1, 25, tzinfo=UTC)
    decide(folder.decisions, group="2", claim="M8.dvc", verdict="supported", note="seen", by="me", at=at, commit=None)


def test_a_decision_changes_its_group_and_leaves_the_others(tmp_path: Path) -> None:
    folder = ClassFolder(make_class(tmp_path))
    before = folder.now()
    assert folder.now() is before
    supported(folder)
    after = folder.now()
    assert finding_of(after.by_page["group-2"][1].cells[1]) is Finding.CONFIRMED
    assert after.rate_of["M8.dvc"].confirmed == before.rate_of["M8.dvc"].confirmed + 1
    assert after.by_page["group-1"][1] is before.by_page["group-1"][1]
    assert after.by_page["group-2"][0].audit != before.by_page["group-2"][0].audit
    remove(folder.decisions, "2", "M8.dvc")
    assert folder.now().result == before.result


def test_all_outputs_follow_and_forget_what_was_taken_back(tmp_path: Path) -> None:
    folder = ClassFolder(make_class(tmp_path))
    before = (tmp_path / "group-2.html").read_bytes()
    supported(folder)
    write_again(tmp_path)
    assert b"seen" in (tmp_path / "group-2.html").read_bytes()
    remove(folder.decisions, "2", "M8.dvc")
    write_again(tmp_path)
    assert (tmp_path / "group-2.html").read_bytes() == before


def test_a_later_run_is_taken_in(tmp_path: Path) -> None:
    folder = ClassFolder(make_class(tmp_path))
    later = GroupAudit("7", (), WEB, audit((C, Q, D, U, A, N)))
    write_outputs(tmp_path, "Later", None, lambda: iter([later]))
    end = time.monotonic() + 20
    while list(folder.now().by_page) != ["group-7"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert folder.now().result.title == "Later"


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=r"holds no results\.json"):
        ClassFolder(tmp_path)
    (tmp_path / "results.json").write_text('{"title": 1}')
    with pytest.raises(AuditError, match="not the results of a class run"):
        ClassFolder(tmp_path)
