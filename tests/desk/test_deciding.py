"""Decisions at the desk: written at once, in sight of what stood there, kept under kill -9 and when several write at the same time."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.desk_server import OPEN, Served, desk, make_class

from auditor.result.audit import Verdict
from auditor.review.decision_file import decide
from auditor.review.decisions import Entry, load_decisions

CLAIMS = ("M5.git", "M8.dvc", "M14.logging", "M17.ci", "M17.lint", "M24.load_test")


def entries(out: Path) -> dict[tuple[str, str], Entry]:
    return {(one.group, one.claim): one for one in load_decisions(out / "auditor.toml").entries}


def test_what_each_button_writes_and_where_it_leads(tmp_path: Path) -> None:
    with desk(make_class(tmp_path)) as served:
        form = served.form("group-2", "M14.logging", note="  shown \n on screen ", filters="order=claim")
        status, _, headers = served.ask("/decide", form)
        assert status == 303
        assert headers["location"] == "/group/group-10/claim/M14.logging?order=claim&done=1"
        served.decide("group-10", "M24.load_test", action="oral")
        served.decide("group-2", "M8.dvc", action="overrule", verdict="supported", note="<b>")
        found = entries(tmp_path)
        assert {key: one.verdict for key, one in found.items()} == {
            ("2", "M14.logging"): Verdict.UNSUPPORTED,
            ("10", "M24.load_test"): Verdict.UNVERIFIABLE,
            ("2", "M8.dvc"): Verdict.SUPPORTED,
        }
        first = found["2", "M14.logging"]
        assert (first.note, first.by, first.commit) == (
            "shown on screen",
            "dana",
            "0123456789abcdef0123456789abcdef01234567",
        )
        assert served.ask("/undo", {"csrf": form["csrf"], "filters": ""})[0] == 303
        assert ("2", "M8.dvc") not in entries(tmp_path)
        assert served.decide("group-2", "M14.logging", action="remove")[0] == 303
        assert served.ask("/undo", {"csrf": form["csrf"], "filters": ""})[0] == 303  # the taking back is undone
        assert entries(tmp_path)["2", "M14.logging"] == first


@pytest.mark.parametrize(
    "fields",
    [{"action": "overrule"}, {"action": "overrule", "verdict": "fine"}, {"action": ""}, {"action": "explode"}],
)
def test_a_form_that_says_too_little_writes_nothing(tmp_path: Path, fields: dict[str, str]) -> None:
    with desk(make_class(tmp_path)) as served:
        status, body, _ = served.decide("group-2", "M8.dvc", **fields, note="kept in the field")
        assert status == 400
        assert 'role="alert"' in body and "kept in the field" in body
        assert entries(tmp_path) == {}


def test_a_decision_in_sight_of_an_older_state_is_refused_and_shows_the_new_one(tmp_path: Path) -> None:
    with desk(make_class(tmp_path)) as served:
        form = served.form("group-2", "M8.dvc", action="overrule", verdict="supported", note="mine")
        assert served.decide("group-2", "M8.dvc", note="theirs")[0] == 303
        status, body, _ = served.ask("/decide", form)
        assert status == 409
        assert "Somebody else decided" in body and "theirs" in body and 'value="mine"' in body
        assert entries(tmp_path)["2", "M8.dvc"].note == "theirs"


def test_two_servers_and_the_command_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    make_class(tmp_path)
    with desk(tmp_path) as one, desk(tmp_path) as other:

        def at(served: Served, group: str) -> list[int]:
            return [served.decide(group, claim, note=group)[0] for claim in CLAIMS]

        def by_command() -> list[int]:
            words = [sys.executable, "-m", "auditor", "decide", "10"]
            ends = ["supported", "--by", "command", "--out", str(tmp_path)]
            return [
                subprocess.run([*words, claim, *ends], capture_output=True, check=False).returncode for claim in CLAIMS
            ]

        with ThreadPoolExecutor(3) as pool:
            done = [pool.submit(at, one, "group-1"), pool.submit(at, other, "group-2"), pool.submit(by_command)]
            assert [each.result(timeout=120) for each in done] == [[303] * 6, [303] * 6, [0] * 6]
        assert set(entries(tmp_path)) == {(group, claim) for group in ("1", "2", "10") for claim in CLAIMS}
        for served in (one, other):  # each sees what the others wrote
            _, body, _ = served.ask("/?state=all&by=command")
            assert body.count('class="decided"') == len(CLAIMS)


def test_a_killed_server_loses_no_decision_and_leaves_no_lock(tmp_path: Path) -> None:
    make_class(tmp_path)
    with desk(tmp_path) as served:
        for number, claim in enumerate(CLAIMS):
            assert served.decide("group-2", claim)[0] == 303
            assert len(entries(tmp_path)) == number + 1
        served.process.kill()
    with desk(tmp_path) as served:
        assert served.decide("group-1", "M17.lint")[0] == 303
        assert len(entries(tmp_path)) == len(CLAIMS) + 1


def test_the_pages_and_sheets_follow_without_another_run(tmp_path: Path) -> None:
    make_class(tmp_path)
    with desk(tmp_path) as served:
        served.decide("group-2", "M8.dvc", action="overrule", verdict="supported", note="shown to dana")
    # ended by Ctrl-C: what was still to be written is written
    assert "shown to dana" in (tmp_path / "group-2.html").read_text(encoding="utf-8")
    assert "shown to dana" in (tmp_path / "results.json").read_text(encoding="utf-8")
    assert "shown to dana" in (tmp_path / "claims.csv").read_text(encoding="utf-8-sig")
    with desk(tmp_path) as served:
        served.decide("group-2", "M8.dvc", action="remove")
        end = time.monotonic() + 60
        while "shown to dana" in (tmp_path / "group-2.html").read_text(encoding="utf-8"):
            assert time.monotonic() < end
            time.sleep(0.2)
        assert served.ask("/?state=open")[1].count('<li class="open">') == OPEN


def test_a_decision_by_hand_and_a_new_commit_are_seen_at_once(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    make_class(tmp_path)
    with desk(tmp_path) as served:
        decide(
            tmp_path / "auditor.toml", group="2", claim="M8.dvc", verdict="supported", note="", by="me",
            at=datetime(2026, 1, 25, tzinfo=UTC), commit="fedcba9876543210",
        )  # fmt: skip
        _, body, _ = served.ask("/group/group-2/claim/M8.dvc")
        assert "Decided on another commit" in body and "to be looked at again" in body
        assert '<li class="stale">' in served.ask("/?state=stale")[1]
        assert served.decide("group-2", "M8.dvc")[0] == 303
        assert '<li class="stale">' not in served.ask("/?state=stale")[1]


def test_a_broken_file_of_decisions_is_told_in_a_line(tmp_path: Path) -> None:
    make_class(tmp_path)
    with desk(tmp_path) as served:
        (tmp_path / "auditor.toml").write_text("[[decision\n", encoding="utf-8")
        status, body, _ = served.ask("/")
        assert status == 500 and "not valid TOML" in body and "Traceback" not in body
        (tmp_path / "auditor.toml").unlink()
        assert served.ask("/")[0] == 200


def test_ctrl_c_ends_with_status_0_and_says_nothing_odd(tmp_path: Path) -> None:
    with desk(make_class(tmp_path)) as served:
        assert served.ask("/")[0] == 200
    assert served.process.returncode == 0
