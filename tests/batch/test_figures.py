"""Figures of a report: images alone, by their first bytes, as they stood at the audited commit."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.page_samples import audit
from support.repositories import Step, commit, git

from auditor.batch.figures import Figures, media_type
from auditor.records import replace
from auditor.result.audit import GivenAnswer
from auditor.result.class_run import GroupAudit

PNG = b"\x89PNG\r\n\x1a\nrest"
NAMES = ("figures/a.png", "figures/page.png", "figures/gone.png", "figures/drawn.svg", "../outside.png", "link.png")


def test_what_can_be_shown(tmp_path: Path) -> None:
    place = tmp_path / "kiln"
    place.mkdir()
    git(place, "init", "--quiet")
    (tmp_path / "outside.png").write_bytes(PNG)
    (place / "link.png").symlink_to("../outside.png")
    files = {
        "figures/a.png": PNG,
        "figures/page.png": b"<html><script>alert(1)</script>",
        "figures/drawn.svg": b"<svg/>",
    }
    first = commit(place, Step(files))
    commit(place, Step({"figures/a.png": b"GIF89a later"}))
    made = audit()
    answer = GivenAnswer(None, 1, "reports/README.md", 1, "text", NAMES)
    made = replace(
        made, report=replace(made.report, answers=(answer,)), repository=replace(made.repository, commit=first)
    )
    figures, group = Figures(tmp_path / "cache"), GroupAudit("1", (), str(place), made)
    found = figures.image(group, 0)
    assert found and (found.content, found.media_type) == (PNG, "image/png")
    assert [figures.image(group, number) for number in (1, 2, 3, 4, 5, 6, -1)] == [None] * 7
    assert figures.image(replace(group, address=str(tmp_path / "none")), 0) is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell(content: bytes, kind: str | None) -> None:
    assert media_type(content) == kind
