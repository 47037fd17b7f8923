"""Next year's template is carried over by a script, with what it cannot tell asked for."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.report_samples import catalog, checklist

from auditor.course.catalog import load_catalog
from auditor.report.template import fingerprints

NAMES = ("catalog.yaml", "questions.yaml", "report_fingerprints.json")
NEW_ITEM = "Serve the model from a satellite"
REWORDED = {"M5.git": "Create one git repository", "M17.ci": "Have continuous integration on our forge"}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    for name in NAMES:
        shutil.copy(ROOT / "rules" / name, tmp_path / "rules" / name)
    return tmp_path / "rules"


def template(folder: Path, item: str = "") -> Path:
    """A template of 2027: two items reworded, perhaps a new one, a question moved, and one with another length."""
    text = checklist(
        "2026", changes={claim: f"* [ ] {words} ({claim.partition('.')[0]})" for claim, words in REWORDED.items()}
    )
    text += f"* [ ] {item} (M33)\n" if item else ""
    asked = sorted((q.numbers["2026"], q) for q in catalog().questions if "2026" in q.numbers)
    for number, question in asked:
        shift = {27: 28, 28: 27}.get(number, number)
        length = {5: (10, 20)}.get(number, question.length.get("2026"))
        told = f"Recommended answer length: {length[0]}-{length[1]} words." if length else ""
        text += f"\n### Question {shift}\n\n> **{' '.join(question.words)}?**\n>\n> {told}\n>\n> Answer:\n\n--- question {shift} fill here ---\n"
    file = folder / "report-2027.md"
    file.write_text(text, encoding="utf-8")
    return file


def run(file: Path, rules: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/next_edition.py"), str(file), "--rules", str(rules), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_it_is_carried_over_with_few_decisions(rules: Path, tmp_path: Path) -> None:
    file = template(tmp_path, NEW_ITEM)
    before = {name: (rules / name).read_text(encoding="utf-8") for name in NAMES}
    open_points = run(file, rules)
    assert open_points.returncode == 1
    undecided = [line for line in open_points.stderr.splitlines()[1:] if not line.startswith(" ")]
    assert undecided == [REWORDED["M17.ci"], NEW_ITEM]
    assert {name: (rules / name).read_text(encoding="utf-8") for name in NAMES} == before

    done = run(file, rules, "--assign", f"{REWORDED['M17.ci']}=M17.ci", "--assign", f"{NEW_ITEM}=none")
    assert done.returncode == 0, done.stderr
    assert f"items without a claim: {NEW_ITEM}" in done.stdout
    assert "claims without an item" not in done.stdout and "questions that are gone" not in done.stdout
    old, new = catalog(), load_catalog(rules / "catalog.yaml")
    for claim in old.claims:
        assert new[claim.id].wording("2027") == REWORDED.get(claim.id, claim.wording("2026")), claim.id
        assert new[claim.id].wording("2026") == claim.wording("2026")
    for one, other in zip(old.questions, new.questions, strict=True):
        if "2026" in one.numbers:
            number = one.numbers["2026"]
            assert other.numbers["2027"] == {27: 28, 28: 27}.get(number, number), one.topic
            assert other.length.get("2027") == ((10, 20) if number == 5 else one.length.get("2026")), one.topic
            assert other.numbers["2026"] == number and other.length.get("2026") == one.length.get("2026")
    text = (rules / "catalog.yaml").read_text(encoding="utf-8")
    assert re.findall(r"^ *#.*$", text, re.MULTILINE) == re.findall(r"^ *#.*$", before["catalog.yaml"], re.MULTILINE)
    marks = json.loads((rules / "report_fingerprints.json").read_text(encoding="utf-8"))["template_lines"]
    assert {mark for mark, editions in marks.items() if "2027" in editions} == set(
        fingerprints(file.read_text().splitlines())
    )


def test_what_cannot_be_used_is_told(rules: Path, tmp_path: Path) -> None:
    file = template(tmp_path).rename(tmp_path / "report.md")
    done = run(file, rules)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--edition" in done.stderr
