"""All hostile repositories in one class: every group is a row, and nobody's neighbours matter."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.checkout import ROOT

if sys.platform == "win32":
    pytest.skip("the cases need links and FIFOs", allow_module_level=True)

from openpyxl import load_workbook

from hostile.driving import driver_for
from hostile.ground import SECRET, Grounds, shared_grounds
from hostile.known_failures import KNOWN
from hostile.pace import pace
from hostile.registry import FULL, PLAIN, Case, all_cases
from hostile.shown import page_faults, read_page

SECONDS = 30
"""By the clock, for one group: the machine may have other work. Several times as many where it is slower, too."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    return shared_grounds(tmp_path_factory.getbasetemp())


PLACES = ("git", "git_history", "link", "file", "output")
"""Kinds that depend on where and how a thing lies in the repository: a class fetches it first."""
SOME = 3
"""Each third of these takes part in the usual run, and each sixth of the others, which a commit holds as a work tree does."""


def chosen() -> Iterator[Case]:
    """The cases that take part."""
    yield PLAIN
    turns = 0
    for case in all_cases():
        if case.in_batch and case.full_name not in KNOWN:
            turns += 2 if case.kind in PLACES else 1
            due, turns = turns >= 2 * SOME, turns % (2 * SOME)
            if FULL or due or case.refused:
                yield case


def test_a_class_of_all_of_them(grounds: Grounds, tmp_path: Path) -> None:
    cases = {case.full_name: case for case in chosen()}
    model = read_page(
        driver_for(grounds.ground(PLAIN).repository).audit(grounds.ground(PLAIN).repository, "commit").outputs["html"]
    )
    groups = tmp_path / "groups.csv"
    groups.write_text(
        "group,repository\n"
        + "".join(f"{name},{grounds.ground(case).repository / case.folder}\n" for name, case in cases.items())
    )
    log, out, cache, scratch = (tmp_path / name for name in ("log", "out", "cache", "scratch"))
    log.write_text("")
    scratch.mkdir()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(ROOT / "tests" / "hostile" / "recording"), str(ROOT))),
        "TMPDIR": str(scratch),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOSTILE_LOG": str(log),
        "HOSTILE_WRITABLE": os.pathsep.join((str(out), str(cache), str(scratch))),
        "HOSTILE_FORBIDDEN": str(grounds.root / "outside"),
    }
    command = [
        sys.executable,
        "-P",
        "-m",
        "auditor",
        "batch",
        str(groups),
        "--out",
        str(out),
        "--cache",
        str(cache),
        "--timeout",
        f"{SECONDS * pace():.0f}",
        "--jobs",
        "2",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600 * pace(), check=False)
    assert done.returncode == 1, done.stderr[-3000:]
    recorded = log.read_text().splitlines()
    assert recorded.count("recording") >= 3
    assert [line for line in recorded if line != "recording"] == []
    found = {
        group["group"]: group for group in json.loads((out / "results.json").read_text(encoding="utf-8"))["groups"]
    }
    assert list(found) == list(cases)
    honest = verdicts(found[PLAIN.full_name])
    for name, case in cases.items():
        group = found[name]
        if group["state"] == "failed":
            assert case.refused and group["problem"], (name, group["problem"])
        elif not case.must_refuse:  # what is refused as a repository may be read as a plain folder here
            assert {c: v for c, v in verdicts(group).items() if v != honest[c] and c not in case.changes} == {}, name
    assert list(scratch.iterdir()) == []
    written = {path.name: path.read_bytes() for path in out.iterdir()}
    assert not [name for name, data in written.items() if SECRET.encode() in data]
    webs = {group["audit"]["repository"]["web"] or "" for group in found.values() if group["audit"]}
    for name, data in written.items():
        if name.startswith("group-"):
            web = next((web for web in sorted(webs) if web and web.encode() in data), "")
            assert [
                fault
                for fault in page_faults(data.decode("utf-8"), model, web)
                if "script or style" not in fault or "hostile" in fault
            ] == [], name
    for sheet in ("groups.csv", "claims.csv"):
        for row in csv.reader(io.StringIO(written[sheet].decode("utf-8-sig"))):
            assert not [cell for cell in row if cell.startswith(FORMULA)]
    for cells in load_workbook(out / "grades.xlsx"):
        for line in cells.iter_rows():
            assert not [cell for cell in line if cell.data_type == "f"]
            assert not [
                cell
                for cell in line
                if cell.hyperlink and not str(cell.hyperlink.target or cell.hyperlink.location).startswith("group-")
            ]
    assert [name for name, case in cases.items() if not grounds.unchanged(case)] == []


def verdicts(group: dict[str, object]) -> dict[str, tuple[object, ...]]:
    """Tick, verdict and finding of every claim of a group that was audited."""
    audit = group["audit"]
    assert isinstance(audit, dict), group["problem"]
    return {
        claim["id"]: (claim["ticked"], claim["verdict"], claim["finding"], claim["error"]) for claim in audit["claims"]
    }
