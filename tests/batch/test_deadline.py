"""Deadlines: the zone of one that names none, and that a folder remembers its own."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from support.command_line import run
from support.repositories import Step, make_repository

from auditor import audit
from auditor.batch.deadline import remember, remembered_deadline, settled_deadline
from auditor.cli.arguments import moment
from auditor.course.rulebook import load_rulebook
from auditor.engine.settings import load_settings
from auditor.errors import AuditError
from auditor.repository.commits import parse_moment

WINTER = datetime.fromisoformat("2026-01-23T23:59:00+01:00")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-01-23T23:59", "2026-01-23T23:59:00+01:00"),
        ("2026-06-23T23:59", "2026-06-23T23:59:00+02:00"),
        ("2026-01-23", "2026-01-23T23:59:59+01:00"),
        ("2026-01-23T23:59-05:00", "2026-01-23T23:59:00-05:00"),
        ("2026-01-23T23:59Z", "2026-01-23T23:59:00+00:00"),
    ],
)
def test_a_time_without_a_zone_is_the_courses(monkeypatch: pytest.MonkeyPatch, said: str, meant: str) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    found = moment(said, None, None)
    assert found is not None
    assert found.isoformat() == meant


def test_the_zone_is_a_setting(tmp_path: Path) -> None:
    file = tmp_path / "course.toml"
    file.write_text('zone = "Asia/Tokyo"\n')
    settings = load_settings(file, load_rulebook().catalog)
    found = moment("2026-01-23T23:59", settings, None)
    assert found is not None
    assert found.isoformat() == "2026-01-23T23:59:00+09:00"
    file.write_text('zone = "Nowhere/City"\n')
    with pytest.raises(AuditError, match="zone must be a time zone"):
        load_settings(file, load_rulebook().catalog)


def test_without_a_zone_at_all_it_is_this_machines() -> None:
    found = parse_moment("2026-01-23T23:59")
    assert found is not None
    assert found.tzinfo is not None


def test_a_folder_remembers_its_deadline(tmp_path: Path) -> None:
    assert settled_deadline(tmp_path, None) == (None, "")
    assert settled_deadline(tmp_path, WINTER) == (WINTER, "")
    remember(tmp_path, WINTER)
    assert remembered_deadline(tmp_path) == WINTER
    kept, told = settled_deadline(tmp_path, None)
    assert kept == WINTER
    assert "2026-01-23 23:59 +01:00" in told
    assert settled_deadline(tmp_path, WINTER) == (WINTER, "")
    later = datetime.fromisoformat("2026-01-24T12:00:00+01:00")
    assert settled_deadline(tmp_path, later) == (
        later,
        "the deadline of this folder was 2026-01-23 23:59 +01:00, and is now 2026-01-24 12:00 +01:00",
    )
    assert settled_deadline(tmp_path, None, none=True) == (
        None,
        "the deadline of this folder was 2026-01-23 23:59 +01:00, and is now none",
    )


@pytest.mark.parametrize("text", ["", "{", '{"deadline": 7}', '{"deadline": "soon"}', "[]", '"x"'])
def test_a_broken_memory_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    assert remembered_deadline(tmp_path) is None


def test_the_results_of_an_older_run_are_a_memory_too(tmp_path: Path) -> None:
    head = json.dumps({"title": "x", "deadline": WINTER.isoformat()})[:-1]
    (tmp_path / "results.json").write_text(head + ',\n"groups": [\n')
    assert remembered_deadline(tmp_path) == WINTER


def batch(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    places = ["--out", str(folder / "out"), "--cache", str(folder / "cache")]
    return run("batch", folder / "groups.csv", *places, *words)


def test_a_run_that_names_no_deadline_does_not_drop_it(tmp_path: Path) -> None:
    steps = [
        Step({"a.txt": "a"}, when="2026-01-20T12:00:00+01:00"),
        Step({"b.txt": "b"}, when="2026-01-25T12:00:00+01:00"),
    ]
    make_repository(tmp_path / "kiln", commits=steps)
    (tmp_path / "groups.csv").write_text("group,repository\n1,kiln\n")
    first = batch(tmp_path, "--deadline", "2026-01-23T23:59")
    assert "as of 2026-01-23 23:59 +01:00" in first.stdout
    again = batch(tmp_path)
    assert "auditor: the deadline of this folder holds: 2026-01-23 23:59 +01:00" in again.stderr
    assert "as of 2026-01-23 23:59 +01:00" in again.stdout
    assert "2026-01-23 23:59 +01:00" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    other = batch(tmp_path, "--deadline", "none")
    assert "was 2026-01-23 23:59 +01:00, and is now none" in other.stderr
    assert "as of" not in other.stdout


def test_one_audit_at_a_time_without_a_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    steps = [
        Step({"a.txt": "a"}, when="2026-01-20T12:00:00+01:00"),
        Step({"b.txt": "b"}, when="2026-01-23T23:30:00+01:00"),
    ]
    kiln = make_repository(tmp_path / "kiln", commits=steps)
    for at, when in (
        ("2026-01-23T23:29", "2026-01-20T12:00:00+01:00"),
        ("2026-01-23T23:31", "2026-01-23T23:30:00+01:00"),
    ):
        assert audit(kiln, at=at).repository.committed_at == when
