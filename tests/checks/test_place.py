from __future__ import annotations

from pathlib import Path

import pytest
from support.hand_in_samples import checked, files, one, remarks, whole_report
from support.repositories import make_repository


def test_no_report(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop", {"README.md": "# shop\n", "a.py": "x = 1\n"})
    assert "No report was found" in one(remarks(folder, "H.report")).message


def test_a_report_in_another_place(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop", {"docs/hand_in.md": whole_report(), "a.py": "x = 1\n"})
    assert "docs/hand_in.md" in one(remarks(folder, "H.report")).message


def test_group_and_members_that_cannot_be_read(tmp_path: Path) -> None:
    found = remarks(make_repository(tmp_path / "shop", files(whole_report({1: "the best", 2: "all of us"}))), "H.group")
    assert ["group number" in one.message or "members" in one.message for one in found] == [True, True]


def test_items_that_were_deleted(tmp_path: Path) -> None:
    lines = whole_report().split("\n")
    gone = next(line for line in lines if "(M18)" in line)
    found = one(
        remarks(make_repository(tmp_path / "shop", files("\n".join(x for x in lines if x != gone))), "H.checklist")
    )
    assert found.claims == ("M18.pre_commit",)


def test_nothing_ticked(tmp_path: Path) -> None:
    assert (
        "Nothing is ticked"
        in one(remarks(make_repository(tmp_path / "shop", files(whole_report(ticked=()))), "H.checklist")).message
    )


@pytest.mark.parametrize(
    "group", ["MLOPS12", "MLOps_12", "MLOps 12, Jan 2026", "Group 12", "The number is 12; we are 4 students"]
)
def test_groups_as_they_are_written(tmp_path: Path, group: str) -> None:
    folder = make_repository(tmp_path / "shop", files(whole_report({1: group})))
    assert checked(folder).report.group == "12"
