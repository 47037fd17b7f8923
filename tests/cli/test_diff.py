"""`auditor diff`: two results, two class runs, and what the batch says of the last run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command_line import one_line, run
from support.repositories import Step, commit, make_repository

from auditor.course.rulebook import load_rulebook

HOSTILE = "a|<b>`c`\x1b[31m"


@pytest.fixture
def kiln(tmp_path: Path) -> Path:
    """A group that ticked everything and has a load test."""
    checklist = "\n".join(f"* [x] {c.wording('2026')}" for c in load_rulebook().catalog if c.wording("2026"))
    locust = "from locust import HttpUser, task\n\n\nclass U(HttpUser):\n    @task\n    def index(self):\n        self.client.get('/')\n"
    files = {"reports/README.md": f"## Overall project checklist\n\n{checklist}\n", "locustfile.py": locust}
    return make_repository(tmp_path / "kiln", files)


def test_two_results(kiln: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    run("audit", kiln, "--format", "json", "--output", old)
    assert run("diff", old, old).stdout.splitlines()[-1] == "nothing changed"
    first = json.loads(old.read_bytes())["repository"]["commit"]
    last = commit(kiln, Step({"locustfile.py": None}, when="2026-01-20T12:00:00+01:00"))
    run("audit", kiln, "--format", "json", "--output", new)

    done = run("diff", old, new, env={"COLUMNS": "300"})
    assert done.returncode == 1, done
    assert f"commit {first[:10]} → {last[:10]}" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if "M24.load_test" in line]
    assert line.strip().startswith("! M24.load_test")
    assert "→ discrepancy, unsupported  (another" in line
    assert run("diff", new, old).returncode == 0

    data = json.loads(run("diff", old, new, "--format", "json").stdout)
    (change,) = [one for one in data["groups"][0]["claims"] if one["claim"] == "M24.load_test"]
    assert (change["direction"], change["causes"], change["now"]["counted"]) == ("worse", ["commit"], "discrepancy")
    assert data["summary"]["worse"] >= 1
    table = run("diff", old, new, "--format", "markdown").stdout
    assert "| ! | M24.load" in table
    target = tmp_path / "changes.txt"
    assert run("diff", old, new, "--output", target).stdout == ""
    assert "M24.load_test" in target.read_text(encoding="utf-8")


def test_two_class_runs_and_the_line_of_the_batch(kiln: Path, tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text(f'group,repository\n43,kiln\n"{HOSTILE}",kiln\n')
    batch = ("batch", tmp_path / "groups.csv", "--cache", tmp_path / "cache", "--progress", "quiet", "--out")
    run(*batch, tmp_path / "one")
    old = run(*batch, tmp_path / "two").stdout + run(*batch, tmp_path / "two").stdout
    assert old == ""  # quiet

    decided = run(
        "decide", "43", "M8.dvc", "supported", "--note", "shown | to me", "--by", "nb", "--out", tmp_path / "two"
    )
    assert decided.returncode == 0
    done = run("diff", tmp_path / "one", tmp_path / "two")
    assert done.returncode == 0, done
    assert "+ M8.dvc" in done.stdout
    assert "(a decision, by nb: shown | to me)" in " ".join(done.stdout.split())
    assert done.stdout.splitlines()[-1] == "1 finding better, in 1 group (1 by a decision)"
    assert run("diff", tmp_path / "two", tmp_path / "one").returncode == 1
    table = run("diff", tmp_path / "one", tmp_path / "two", "--format", "markdown").stdout
    assert "shown &#124; to me" in table

    loud = run(*(word for word in batch if word not in ("--progress", "quiet")), tmp_path / "two").stdout
    assert loud.splitlines()[-1] == "Against the last run here: 1 finding better, in 1 group (1 by a decision)."
    (tmp_path / "groups.csv").write_text("group,repository\n43,kiln\n")
    run(*batch, tmp_path / "two")
    gone = run("diff", tmp_path / "one", tmp_path / "two")
    assert "no longer among the groups" in gone.stdout
    assert "\x1b" not in gone.stdout


def test_what_cannot_be_compared(kiln: Path, tmp_path: Path) -> None:
    result, folder = tmp_path / "one.json", tmp_path / "class"
    run("audit", kiln, "--format", "json", "--output", result)
    (tmp_path / "groups.csv").write_text("group,repository\n43,kiln\n")
    run("batch", tmp_path / "groups.csv", "--cache", tmp_path / "cache", "--out", folder)
    broken = tmp_path / "broken.json"
    for text in ("", "{}", "[", '{"tool": {"version": "1"},\n"groups": [\n{"group": 7}\n'):
        broken.write_text(text)
        one_line(run("diff", broken, result), "neither the result of an audit")
    one_line(run("diff", tmp_path / "none.json", result), "cannot be read")
    one_line(run("diff", tmp_path, tmp_path), "holds no results.json")
    one_line(run("diff", folder, result), "two of a kind")
    one_line(run("diff", result, result, "--format", "xml"), "choose console")


def test_the_exit_status_of_an_audit_follows_what_was_decided(kiln: Path, tmp_path: Path) -> None:
    only = ("audit", kiln, "--select", "M8.dvc", "--group", "43", "--decisions", tmp_path)
    decided = tmp_path / "auditor.toml"
    decided.write_text("")
    assert run(*only).returncode == 1
    decided.write_text('[[decision]]\ngroup = "43"\nclaim = "M8.dvc"\nverdict = "supported"\n')
    assert run(*only).returncode == 0
    stale = decided.read_text() + f'commit = "{"0" * 40}"\n'
    decided.write_text(stale)
    assert run(*only).returncode == 1


def test_decisions_that_are_not_on_this_group_are_told(kiln: Path, tmp_path: Path) -> None:
    decisions = tmp_path / "auditor.toml"
    decisions.write_text('[[decision]]\ngroup = "43"\nclaim = "M8.dvc"\nverdict = "supported"\n')
    done = run("audit", kiln, "--select", "M8.dvc", "--group", "7", "--decisions", decisions)
    assert done.returncode == 1
    assert done.stderr.strip() == f"auditor: --decisions {decisions}: nothing is decided on group 7"
    assert run("audit", kiln, "--select", "M8.dvc", "--group", "Group 43", "--decisions", decisions).stderr == ""
    decisions.write_text(
        decisions.read_text() + '[[decision]]\ngroup = "43"\nclaim = "M99.what"\nverdict = "supported"\n'
    )
    assert "M99.what" in run("audit", kiln, "--select", "M8.dvc", "--group", "43", "--decisions", decisions).stderr
