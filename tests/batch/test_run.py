"""A class from end to end, as the command runs it."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.command_line import PROGRAM, run
from support.repositories import Files, Step, commit, git, make_repository

from auditor.records import Record
from auditor.result.json import schema
from auditor.samples import build_samples

HOSTILE = "=1+1<img src=x onerror=alert(1)>"


class Done(Record):
    status: int
    out: str
    log: str


class Classroom(Record):
    """A folder with the sample groups as bare origins, and a list of groups."""

    folder: Path

    @property
    def groups(self) -> Path:
        return self.folder / "group_info.csv"

    def write(self, *rows: tuple[str, str]) -> None:
        lines = ["group,student_1,student_2,repository", *(f'"{name}",Ada,Bo,{address}' for name, address in rows)]
        self.groups.write_text("\n".join(lines) + "\n")

    def address(self, name: str) -> str:
        return f"file://{self.folder / 'origins' / name}"

    def run(self, *words: str, out: str = "out", cache: str = "cache") -> Done:
        jobs = () if "--jobs" in words else ("--jobs", "1")
        done = run(*self.words(*words, *jobs, out=out, cache=cache), seconds=120)
        return Done(done.returncode, done.stdout, done.stderr)

    def words(self, *words: str, out: str = "out", cache: str = "cache") -> list[str]:
        places = ["--out", str(self.folder / out), "--cache", str(self.folder / cache)]
        return ["batch", str(self.groups), *places, *words]

    def command(self, *words: str, out: str = "out", cache: str = "cache") -> list[str]:
        return [*PROGRAM, *self.words(*words, out=out, cache=cache)]

    def results(self, out: str = "out") -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / out / "results.json").read_text(encoding="utf-8"))
        return found


@pytest.fixture
def room(tmp_path: Path) -> Classroom:
    origins = tmp_path / "origins"
    build_samples(origins)
    room = Classroom(tmp_path)
    room.write(("1", room.address("honest")), ("2", room.address("hollow")))
    return room


def test_a_class(room: Classroom) -> None:
    make_repository(room.folder / "origins" / "bare", {"a.txt": "no report here"})
    make_repository(room.folder / "origins" / "empty")
    room.write(
        ("1", room.address("honest")),
        ("2", room.address("hollow")),
        (HOSTILE, room.address("hollow")),
        ("4", room.address("none")),
        ("5", room.address("empty")),
        ("6", "ext::sh -c whoami"),
        ("7", room.address("bare")),
        ("8", ""),
        ("9", "origins/honest"),
    )
    done = room.run("--jobs", "2")
    assert done.status == 1, done
    assert "5 of 9 groups audited, 4 could not be audited" in done.out
    results = room.results()
    groups = {group["group"]: group for group in results["groups"]}
    assert list(groups) == ["1", "2", HOSTILE, "4", "5", "6", "7", "8", "9"]
    for group in results["groups"]:
        if group["audit"]:
            jsonschema.validate(group["audit"], schema(), cls=jsonschema.Draft202012Validator)
    assert groups["1"]["audit"]["summary"]["discrepancies"] == 0
    assert groups["2"]["audit"]["summary"]["discrepancies"] > 0
    assert groups["9"]["audit"]["claims"] == groups["1"]["audit"]["claims"]
    assert groups[HOSTILE]["notes"] == ["the same repository as group 2"]
    assert groups["2"]["notes"][-1:] == [f"the same repository as group {HOSTILE}"]
    assert {name: group["problem"] for name, group in groups.items() if group["state"] == "failed"} == {
        "4": "there is no such repository (any more)",
        "5": "the repository is empty: it has no commits on its default branch",
        "6": "ext::sh -c whoami: addresses of this kind run a command; give an https or ssh address",
        "8": "no repository is given",
    }
    assert groups["7"]["notes"] == ["no report with a checklist was found"]
    rates = {rate["claim"]["id"]: rate for rate in results["claims"]}
    assert rates["M5.git"]["ticked"] == 4
    assert not [one for one in results["shared"] if {"2", HOSTILE} <= {group for group, _ in one["holders"]}]
    out = room.folder / "out"
    assert {path.name for path in out.iterdir() if not path.name.startswith(".")} == {
        *("results.json", "run.json", "claims.csv", "groups.csv", "grades.xlsx", "index.html"),
        *(f"group-{name}.html" for name in ("1", "2", "1-1-img-src-x-onerror-alert-1", "4", "5", "6", "7", "8", "9")),
    }
    assert "<img" not in (out / "index.html").read_text()
    rows = list(csv.DictReader(io.StringIO((out / "groups.csv").read_text(encoding="utf-8-sig"))))
    assert [row["group"] for row in rows][2] == "'" + HOSTILE
    assert str(room.folder / "cache") not in (out / "results.json").read_text()


def test_nothing_is_audited_twice_until_something_changes(room: Classroom) -> None:
    assert room.run().log.count("audited at") == 2
    before = {path.name: path.read_bytes() for path in (room.folder / "out").iterdir()}
    assert room.run().log.count("unchanged at") == 2
    assert {path.name: path.read_bytes() for path in (room.folder / "out").iterdir()} == before
    commit(room.folder / "origins" / "honest", Step({"new.txt": "x"}, when="2026-02-01T12:00:00+01:00"))
    assert room.run().log.count("unchanged at") == 2
    again = room.run("--update")
    assert (again.log.count("unchanged at"), again.log.count("audited at")) == (1, 1)
    early = room.run("--deadline", "2026-01-30")  # one has a commit of after it, which its result tells
    assert (early.log.count("unchanged at"), early.log.count("audited at")) == (1, 1)
    assert room.run("--deadline", "2026-01-30").log.count("unchanged at") == 2


def test_groups_that_are_left_out_stay_as_they_were(room: Classroom) -> None:
    room.run("--only", "2")
    assert [group["group"] for group in room.results()["groups"]] == ["2"]
    room.run()
    before = (room.folder / "out" / "results.json").read_bytes()
    assert room.run("--only", "1").log.count("unchanged at") == 1
    assert (room.folder / "out" / "results.json").read_bytes() == before
    room.run("--skip", "2", "--deadline", "2026-01-30")
    assert [group["group"] for group in room.results()["groups"]] == ["1"]


def test_the_deadline(room: Classroom) -> None:
    honest = room.folder / "origins" / "honest"
    before = git(honest, "rev-parse", "HEAD")
    for number in range(3):
        commit(honest, Step({"late.txt": str(number)}, when=f"2026-01-2{number + 5}T12:00:00+01:00"))
    done = room.run("--deadline", "2026-01-25T11:59+01:00")
    assert done.status == 0
    group = room.results()["groups"][0]
    assert group["audit"]["repository"]["commit"] == before
    assert group["later_commits"] == 3
    assert group["notes"] == ["the report says that this is group 901", "3 commits after the deadline (not audited)"]
    assert room.results()["deadline"] == "2026-01-25T11:59:00+01:00"
    early = room.run("--deadline", "2020-01-01", out="early")
    assert early.status == 1
    assert "no commit on the branch at or before the deadline" in early.log


def test_the_branch_that_the_address_names(room: Classroom) -> None:
    git(room.folder / "origins" / "honest", "branch", "feature/x", "main~1")
    from auditor.batch.addresses import Address
    from auditor.batch.one_group import named_state
    from auditor.limits import DEFAULT
    from auditor.repository.git import GitDoor
    from auditor.repository.git_directory import find_repository

    place = find_repository(room.folder / "origins" / "honest")
    assert place is not None
    door = GitDoor(place, DEFAULT)
    for ref, branch, words in (
        ("feature/x", "refs/heads/feature/x", "names the branch feature/x"),
        ("feature/x/src", "refs/heads/feature/x", "names the branch feature/x"),
        ("nothing", "refs/heads/main", "no branch"),
        ("main", "refs/heads/main", ""),
    ):
        state = named_state(door, Address("x", "x", "https://x", ref=ref))
        assert git(place.git_dir, "rev-parse", state[0]) == git(place.git_dir, "rev-parse", branch)
        assert words in " ".join(state[2])
    door.close()


@pytest.fixture
def silent() -> Iterator[str]:
    """A git server on the loopback that accepts and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []
        thread = threading.Thread(target=lambda: taken.append(server.accept()[0]), daemon=True)
        thread.start()
        yield f"git://127.0.0.1:{server.getsockname()[1]}/ada/kiln"
        for connection in taken:
            connection.close()


def test_a_group_that_hangs_costs_its_time_and_nothing_else(room: Classroom, silent: str) -> None:
    room.write(("1", silent), ("2", room.address("hollow")), ("3", room.address("honest")))
    done = room.run("--timeout", "9", "--jobs", "1")
    assert done.status == 1
    assert "1: failed: not finished after 9 seconds: stopped" in done.log
    assert [group["state"] for group in room.results()["groups"]] == ["failed", "audited", "audited"]


def test_a_killed_run_is_resumed_to_the_same_bytes(room: Classroom) -> None:
    names = [str(number) for number in range(6)]
    for name in names:
        git(room.folder / "origins", "clone", "--quiet", "hollow" if int(name) % 2 else "honest", name)
    room.write(*((name, room.address(name)) for name in names))
    running = subprocess.Popen(
        room.command("--jobs", "1"), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("[2/6]"):
            break
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    running.stderr.close()
    assert not (room.folder / "out" / "results.json").exists()
    resumed = room.run()
    assert resumed.status == 0
    assert 2 <= resumed.log.count("unchanged at") < 6
    assert room.run(out="unbroken", cache="other").log.count("audited at") == 6
    one, other = room.folder / "out", room.folder / "unbroken"
    assert sorted(path.name for path in one.iterdir()) == sorted(path.name for path in other.iterdir())
    for path in one.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name


def test_decisions_are_shown_survive_and_go_stale(room: Classroom) -> None:
    room.run()
    claim = next(c for c in room.results()["groups"][1]["audit"]["claims"] if c["finding"] == "discrepancy")
    decide = ("decide", "group 2", claim["id"].lower(), "supported", "--out", room.folder / "out")
    done = run(*decide, "--note", "shown on <screen>", "--by", "tt")
    assert done.returncode == 0, done.stderr
    room.run()

    def decision() -> dict[str, Any]:
        claims = room.results()["groups"][1]["audit"]["claims"]
        found: dict[str, Any] = next(c for c in claims if c["id"] == claim["id"])
        return found

    assert decision()["verdict"] == claim["verdict"]
    assert (decision()["decision"]["verdict"], decision()["decision"]["finding"]) == ("supported", "confirmed")
    assert decision()["decision"]["stale"] is False
    page = (room.folder / "out" / "group-2.html").read_text()
    assert "shown on &lt;screen&gt;" in page
    commit(room.folder / "origins" / "hollow", Step({"late.txt": "x"}, when="2026-03-01T12:00:00+01:00"))
    room.run("--update")
    assert decision()["decision"]["stale"] is True


def test_a_class_list_with_a_group_twice_a_missing_link_and_a_report_without_ticks(room: Classroom) -> None:
    report = (room.folder / "origins" / "honest" / "reports" / "README.md").read_text(encoding="utf-8")
    make_repository(room.folder / "origins" / "unticked", {"reports/README.md": report.replace("[x]", "[ ]")})
    room.write(
        ("7", room.address("honest")),
        ("7", room.address("hollow")),
        ("8", "No Link Found"),
        ("9", room.address("unticked")),
    )
    done = room.run()
    assert done.log.count("auditor: the list has group 7 twice: all are kept\n") == 1
    groups = {group["group"]: group for group in room.results()["groups"]}
    assert [(name, group["state"]) for name, group in groups.items()] == [
        ("7", "audited"), ("7 (2)", "audited"), ("8", "failed"), ("9", "audited"),
    ]  # fmt: skip
    assert "the list has group 7 twice: all are kept" in groups["7"]["notes"]
    assert "the list has group 7 twice: all are kept" in groups["7 (2)"]["notes"]
    assert groups["8"]["problem"] == "no repository is given"
    assert "its report has a checklist and no tick in it: nothing is claimed" in groups["9"]["notes"]
    told = run("decide", "8", "M5.git", "supported", "--out", room.folder / "out").stdout
    assert "This group was not audited (no repository is given)" in told


def test_keys_and_large_files_are_told_for_each_group(room: Classroom) -> None:
    key = "AKIA" + "QWERTYUIOPASDFG7"
    files: Files = {".env": f"AWS_ACCESS_KEY_ID={key}\n", "models/net.pt": b"\0" * 2_000_000}
    make_repository(room.folder / "origins" / "leaky", files)
    room.write(("1", room.address("honest")), ("2", room.address("leaky")))
    room.run()
    first, second = room.results()["groups"]
    assert (first["keys"], first["large_files"]) == ([], [])
    assert [one.partition(": ")[0] for one in second["keys"]] == [".env:1"]
    assert second["large_files"] == ["models/net.pt: A model of 2.0 MB is committed."]
    assert [one["check"] for one in second["audit"]["hand_in"]] == ["H.large_files", "H.secrets"]
    out = room.folder / "out"
    rows = list(csv.DictReader(io.StringIO((out / "groups.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["keys"] != "", row["large files"] != "") for row in rows] == [(False, False), (True, True)]
    for name in ("index.html", "group-2.html"):
        text = (out / name).read_text(encoding="utf-8")
        assert ".env:1" in text
        assert "models/net.pt" in text
    assert not [path.name for path in out.iterdir() if key in path.read_text(encoding="utf-8", errors="replace")]


def test_decide_needs_a_group_and_a_claim_of_the_class(room: Classroom) -> None:
    room.run("--only", "1")
    for group, claim, verdict, words in (
        ("3", "M5.git", "supported", "no group of that name"),
        ("1", "M5.got", "supported", "no claim of that id"),
        ("1", "M5.git", "good", "good"),
    ):
        done = run("decide", group, claim, verdict, "--out", room.folder / "out")
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert words in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--deadline", "soon"), "not a date"),
        (("--only", "17"), "no group of that name"),
        (("--skip", "1,2"), "leave no group"),
        (("--progress", "loud"), "choose auto"),
        (("--scheduler", "tcp://127.0.0.1:1"), "scheduler"),
    ],
)
def test_what_cannot_start(room: Classroom, words: tuple[str, ...], told: str) -> None:
    done = room.run(*words)
    assert done.status == 2
    assert done.log.count("\n") == 1, done.log
    assert told in done.log


def test_a_broken_decisions_file_is_one_line(room: Classroom) -> None:
    (room.folder / "out").mkdir()
    (room.folder / "out" / "auditor.toml").write_text("[[decision]\n")
    done = room.run("--progress", "quiet")
    assert done.status == 2
    assert done.log.count("\n") == 1
    assert "auditor.toml" in done.log
