"""Another course's rules from an installed package, and next year's template: neither needs a change of code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.checkout import ROOT
from support.installed_rules import register, run
from support.repositories import make_repository, write

COURSE = {
    "pottery_rules/__init__.py": '"""The claims of a course on pottery."""\n',
    "pottery_rules/catalog.yaml": """\
claims:
  - {id: P1.kiln, module: P1, section: Clay, title: The kiln is described, items: {2031: Describe your kiln in a file of its own}}
  - {id: P2.glaze, module: P2, section: Glaze, title: Glazes are listed, items: {2031: List the glazes that you mixed}}
""",
    "pottery_rules/clay.py": '''\
"""P1: clay."""

from collections.abc import Iterator

from auditor.evidence import Part, counts, part, seen
from auditor.course.rule import rule
from auditor.repository.snapshot import Snapshot


@rule("P1.kiln")
def kiln(snapshot: Snapshot) -> Iterator[Part]:
    """The kiln is described.

    Accepted: a file KILN.md.
    To settle it: show the kiln.
    """
    found = [seen(path, 1) for path in snapshot.named("kiln.md") if snapshot.text(path)]
    yield part("description", map(counts, found), looked_for="a file that describes the kiln")
''',
}
REPORT = """\
# Pots of group 5

- [x] Describe your kiln in a file of its own
- [x] List the glazes that you mixed
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder on the import path, with the course's package as pip installs one."""
    site = tmp_path / "site-packages"
    register(site, "pottery-rules", {"pottery": "pottery_rules"})
    write(site, COURSE)
    return site


@pytest.fixture
def group(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "pots", {"KILN.md": "# Kiln\n\nIt burns wood.\n", "reports/README.md": REPORT})


def audited(done: Any) -> dict[str, Any]:
    assert done.returncode in (0, 1), done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_an_installed_course_is_audited_by_its_own_rules(site: Path, group: Path, tmp_path: Path) -> None:
    words = ("auditor", "audit", "pots", "--course", "pottery", "--report", "reports/README.md", "--format", "json")
    result = audited(run(*words, site=site, folder=tmp_path))
    assert result["tool"]["course"] == "pottery"
    kiln, glaze = result["claims"]
    assert (kiln["id"], kiln["ticked"], kiln["verdict"], kiln["line"]) == ("P1.kiln", True, "supported", 3)
    assert kiln["parts"][0]["evidence"][0]["path"] == "KILN.md"
    assert glaze["error"] == "there is no rule for this claim"


def test_its_claims_are_listed_and_explained(site: Path, tmp_path: Path) -> None:
    listed = run("auditor", "rules", "--course", "pottery", site=site, folder=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert "P1.kiln" in listed.stdout
    assert "no rule yet" in next(line for line in listed.stdout.splitlines() if "P2.glaze" in line)
    assert "M5.git" not in listed.stdout
    told = run("auditor", "explain", "P1.kiln", "--course", "pottery", site=site, folder=tmp_path)
    assert "Accepted: a file KILN.md." in told.stdout
    assert run("auditor", "explain", "M5.git", "--course", "pottery", site=site, folder=tmp_path).returncode == 2


def test_a_group_of_it_checks_itself_and_a_class_is_run(site: Path, group: Path, tmp_path: Path) -> None:
    check = ("auditor", "check", "pots", "--course", "pottery", "--format", "json", "--no-memory", "--fail-on", "never")
    result = audited(run(*check, site=site, folder=tmp_path))
    assert [claim["id"] for claim in result["claims"]] == ["P1.kiln", "P2.glaze"]
    (tmp_path / "groups.txt").write_text("pots\n", encoding="utf-8")
    options = ("--out", "class", "--cache", "cache", "--progress", "quiet", "--jobs", "1")
    done = run("auditor", "batch", "groups.txt", *options, "--course", "pottery", site=site, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    (one,) = json.loads((tmp_path / "class" / "results.json").read_text(encoding="utf-8"))["groups"]
    assert [claim["id"] for claim in one["audit"]["claims"]] == ["P1.kiln", "P2.glaze"]


def test_an_unknown_course_is_refused_in_one_line_that_names_those_there_are(site: Path, tmp_path: Path) -> None:
    done = run("auditor", "rules", "--course", "juggling", site=site, folder=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "dtu-02476, pottery" in done.stderr


def test_a_package_in_the_audited_folder_is_never_taken_for_a_course(group: Path, tmp_path: Path) -> None:
    register(group, "pottery-rules", {"pottery": "pottery_rules"})
    write(group, {"pottery_rules/__init__.py": "raise SystemExit('run by the audit')\n"})
    done = run("auditor", "audit", ".", "--course", "pottery", site=tmp_path / "nothing", folder=group)
    assert done.returncode == 2
    assert "no rule package pottery is installed" in done.stderr


def test_the_report_of_a_short_course_is_found_by_itself_and_has_its_edition(
    site: Path, group: Path, tmp_path: Path
) -> None:
    result = audited(
        run("auditor", "audit", "pots", "--course", "pottery", "--format", "json", site=site, folder=tmp_path)
    )
    assert (result["report"]["path"], result["report"]["edition"]) == ("reports/README.md", "2031")


def test_the_author_of_a_course_works_in_its_own_folder(site: Path, tmp_path: Path) -> None:
    """Installed to be edited (PEP 610): what says so lies where it is installed, so an audited folder cannot."""
    home = tmp_path / "lab"
    shutil.move(site / "pottery_rules", home / "pottery_rules")
    origin = site / "pottery_rules-1.0.dist-info" / "direct_url.json"
    words = ("auditor", "rules", "--course", "pottery")
    both = f"{site}{os.pathsep}{home}"
    origin.write_text(json.dumps({"url": home.as_uri(), "dir_info": {"editable": True}}), encoding="utf-8")
    assert "P1.kiln" in run(*words, site=both, folder=home).stdout
    for other in ("{}", "[]", "not JSON", json.dumps({"url": tmp_path.as_uri(), "dir_info": {"editable": True}})):
        origin.write_text(other, encoding="utf-8")
        done = run(*words, site=both, folder=home)
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr


OVEN = """\
class Oven:
    def __init__(self, wood: int) -> None:
        self.wood = wood
        self.loaves = []

    def bake(self, loaf: str) -> str:
        self.loaves.append(loaf)
        return f"{loaf} from the oven of 2031, with {self.wood} logs"


def heat(degrees: float) -> Oven:
    oven = Oven(wood=round(degrees / 25))
    for name in ("rye", "spelt", "barley"):
        oven.bake(name)
    return oven
"""
NEW_QUESTION = "What did the oven of your group say about the weather on the third day of baking"


def next_year(rules: Path, tmp_path: Path) -> str:
    """Add an invented edition 2031 to a copy of the course's rules, by its data and the scripts alone; an untouched report of it."""
    catalog = yaml.safe_load((rules / "catalog.yaml").read_text(encoding="utf-8"))
    lines = ["# Report of the year 2031", "", "Fill out this sheet before the oven is cold, and hand it in warm.", ""]
    for number, claim in enumerate(catalog["claims"][:20]):
        claim["items"]["2031"] = f"Item {claim['title']} of sheet {number}, as baked by the whole group"
        lines.append(f"* [ ] {claim['items']['2031']}")
    (rules / "catalog.yaml").write_text(yaml.safe_dump(catalog, sort_keys=False), encoding="utf-8")
    questions = yaml.safe_load((rules / "questions.yaml").read_text(encoding="utf-8"))
    for number, question in enumerate(questions["questions"][:6], start=1):
        question["numbers"]["2031"] = number
        for bounds in ("length", "figures"):
            if bounds in question:
                question[bounds]["2031"] = "0-100"
        lines += ["", f"### Question {number}", "", f"> **{NEW_QUESTION}, question {number}?**", ">", "> Answer:", ""]
        lines += [f"--- question {number} fill here ---"]
    (rules / "questions.yaml").write_text(yaml.safe_dump(questions, sort_keys=False), encoding="utf-8")
    template = tmp_path / "report-2031.md"
    template.write_text("\n".join(lines) + "\n", encoding="utf-8")
    script, output = ROOT / "scripts" / "fingerprint_report.py", rules / "report_fingerprints.json"
    scripted(script, str(template), "--output", str(output), folder=tmp_path)
    cookiecutter = make_repository(
        tmp_path / "template",
        {"{{ cookiecutter.repo_name }}/src/{{ cookiecutter.project_name }}/oven.py": OVEN},
    )
    script, output = ROOT / "scripts" / "fingerprint_template.py", rules / "template_fingerprints.json"
    scripted(script, str(cookiecutter), "--into", str(output), folder=tmp_path)
    return template.read_text(encoding="utf-8")


def scripted(script: Path, *words: str, folder: Path) -> None:
    done = subprocess.run([sys.executable, script, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_template_edition_is_added_without_code(tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    rules = site / "next_rules"
    shutil.copytree(ROOT / "rules", rules, ignore=shutil.ignore_patterns("__pycache__"))
    code = {path.name: path.read_bytes() for path in rules.glob("*.py")}
    template = next_year(rules, tmp_path)
    assert {path.name: path.read_bytes() for path in rules.glob("*.py")} == code
    register(site, "next-rules", {"next": "next_rules"})
    report = template.replace("* [ ]", "* [x]", 3).replace(
        "--- question 3 fill here ---", "We used an oven of our own."
    )
    make_repository(
        tmp_path / "bakers",
        {"reports/README.md": report, "src/bakers/oven.py": OVEN},
    )
    words = ("auditor", "audit", "bakers", "--course", "next", "--format", "json")
    result = audited(run(*words, site=site, folder=tmp_path))
    assert result["report"]["edition"] == "2031"
    assert result["report"]["unrecognised"] == []
    ticked = [claim["id"] for claim in result["claims"] if claim["ticked"]]
    assert ticked == [claim["id"] for claim in result["claims"][:3]]
    assert not [one for one in result["report"]["problems"] if "not found in it" in one["text"]]
    # The same report under the rules of before: its wordings are new, so the edition is not told.
    before = audited(run("auditor", "audit", "bakers", "--format", "json", site=site, folder=tmp_path))
    assert before["report"]["edition"] is None
    # The template's file is known as such: it is nobody's own work.
    uploaded = {
        name: next(c for c in r["claims"] if c["id"] == "X.uploaded") for name, r in (("new", result), ("old", before))
    }
    assert uploaded["old"]["verdict"] == "supported"
    assert uploaded["new"]["verdict"] != "supported"


def test_an_edition_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    script, output = ROOT / "scripts" / "fingerprint_report.py", tmp_path / "marks.json"
    for text in ("First line of ovens\n", "Another line of ovens\n"):
        (tmp_path / "README.md").write_text(text, encoding="utf-8")
        scripted(script, "README.md", "--edition", "2031", "--output", str(output), folder=tmp_path)
        (tmp_path / "sheet-2030.md").write_text("Old line of ovens\n", encoding="utf-8")
        scripted(script, "sheet-2030.md", "--output", str(output), folder=tmp_path)
    lines = json.loads(output.read_text(encoding="utf-8"))["template_lines"]
    assert sorted(lines.values()) == [["2030"], ["2031"]]
    assert "oven" not in output.read_text(encoding="utf-8")


def test_what_cannot_be_used_is_told_in_a_line(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "fingerprint_report.py"
    (tmp_path / "README.md").write_text("A line\n", encoding="utf-8")
    (tmp_path / "marks.json").write_text("[]", encoding="utf-8")
    for words in (("README.md",), ("none-2031.md",), ("README.md", "--edition", "2031", "--output", "marks.json")):
        options = () if "--output" in words else ("--output", "new.json")
        done = subprocess.run(
            [sys.executable, script, *words, *options], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
