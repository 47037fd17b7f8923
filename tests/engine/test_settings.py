"""Settings of a group and of who audits: read with their lines, followed where they should be, shown everywhere."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.command_line import one_line, run
from support.hand_in_samples import files, whole_report
from support.report_samples import catalog
from support.repositories import make_repository

from auditor.engine.run import run_audit
from auditor.engine.settings import load_settings, settings_in
from auditor.errors import AuditError
from auditor.output import writer
from auditor.result.audit import SetAside

OWN = """
select = ["M17", "M18.pre_commit", "H"]
folders = ["src/shop", "./reports/"]
report = "reports/README.md"

[ignore]
"M17.lint" = "we lint by hand"
M30 = "one machine"
"""
PYPROJECT = '[project]\nname = "shop"\n\n[tool.auditor.ignore]\n"M17.matrix_cache" = "one system is enough"\n'


def test_settings_are_read_with_their_lines() -> None:
    found = settings_in(OWN, "auditor.toml", (), catalog(), applied=True)
    assert found is not None
    assert found.select == ("M17", "M18.pre_commit", "H")
    assert found.folders == ("src/shop", "reports")
    assert found.report == "reports/README.md"
    assert found.ignored == (SetAside("M17.lint", "we lint by hand", 7), SetAside("M30", "one machine", 8))
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ('select = "M17"', "must be a list", 1),
        ('select = ["M17", 3]', "list of names", 1),
        ('select = ["M99"]', "no claim or module", 1),
        ('ignore = ["M17"]', "must give a reason", 1),
        ('[ignore]\nM17 = ""', "needs a reason", 2),
        ("[ignore]\nM17 = true", "needs a reason", 2),
        ('[ignore]\nM17.lint = "x"', "put quotes around the claim's name", 2),
        ('[ignore]\n"M99.x" = "y"', "M99.x is no claim or module", 2),
        ('folders = ["../other"]', "no folder within", 1),
        ('folders = ["/etc"]', "no folder within", 1),
        ('report = "../../etc/passwd"', "must be the path", 1),
        ("report = 3", "must be the path", 1),
        ('select = ["M17"]\ncolour = "red"', "colour is not known", 2),
        ("select = [", "settings not read", None),
    ],
)
def test_what_is_wrong_is_a_line_and_never_an_error(text: str, says: str, line: int | None) -> None:
    found = settings_in(text, "auditor.toml", (), catalog(), applied=True)
    assert found is not None
    assert any(option in found.problems[0].text for option in says.split("|")), found.problems
    assert found.problems[0].line == line


def test_a_file_of_decisions_holds_no_settings() -> None:
    assert settings_in('[[decision]]\ngroup = "4"\n', "auditor.toml", (), catalog(), applied=False) is None


def test_other_tools_tables_are_no_settings() -> None:
    assert (
        settings_in("[tool.ruff]\nselect = ['E']\n", "pyproject.toml", ("tool", "auditor"), catalog(), applied=False)
        is None
    )


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*OWN.split("\n"), "[[ignore]]", "select = {}", "a.b = 1"])).map("\n".join)
)
@settings(max_examples=150, deadline=None)
def test_no_text_is_an_error(text: str) -> None:
    for table in ((), ("tool", "auditor")):
        found = settings_in(text, "auditor.toml", table, catalog(), applied=True)
        for one in found.problems if found else ():
            assert one.line is None or 1 <= one.line <= text.count("\n") + 1


def test_a_check_follows_them_and_an_audit_does_not(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop", files(whole_report(), {"pyproject.toml": PYPROJECT}))
    own = run_audit(folder, group_settings=True)
    assistants = run_audit(folder)
    assert "M17.matrix_cache" not in {claim.id for claim in own.claims}
    claim = assistants.claim("M17.matrix_cache")
    assert claim.set_aside == "one system is enough"
    assert claim.verdict == run_audit(folder, use_git=False).claim("M17.matrix_cache").verdict
    for result in (own, assistants):
        assert result.settings is not None and result.settings.applied is (result is own)
        assert result.settings.ignored == (SetAside("M17.matrix_cache", "one system is enough", 5),)


def test_their_own_file_goes_before_pyproject(tmp_path: Path) -> None:
    more = {"pyproject.toml": PYPROJECT, "auditor.toml": '[ignore]\nM30 = "one machine"\n'}
    result = run_audit(make_repository(tmp_path / "shop", files(whole_report(), more)))
    assert result.settings is not None and [one.name for one in result.settings.ignored] == ["M30"]


def test_reasons_are_shown_in_every_output(tmp_path: Path) -> None:
    reason = "one <system> is enough"
    folder = make_repository(
        tmp_path / "shop",
        files(
            whole_report(ticked=("M17.matrix_cache",)),
            {"auditor.toml": f'[ignore]\n"M17.matrix_cache" = "{reason}"\n'},
        ),
    )
    result = run_audit(folder)
    assert reason in writer("json")(result).decode()
    assert "one &lt;system&gt; is enough" in writer("html")(result).decode()
    assert "one &lt;system&gt; is enough" in writer("markdown")(result).decode()
    shown = run("audit", folder)
    assert shown.stdout.count(reason) == 2, shown.stdout  # beside the claim, and in the list of settings
    assert reason in run("check", folder).stdout
    done = run("batch", tmp_path, "--out", tmp_path / "class", "--cache", tmp_path / "cache", "--progress", "quiet")
    assert done.returncode == 0, done.stderr
    for sheet in ("groups.csv",):
        rows = list(csv.DictReader((tmp_path / "class" / sheet).open(encoding="utf-8-sig")))
        assert any(reason in row["notes"] for row in rows), rows


def test_folders_hold_the_project(tmp_path: Path) -> None:
    more = {
        "auditor.toml": 'folders = ["api"]\n',
        "api/Dockerfile": "FROM python:3.12\nCOPY app.py app.py\nCMD python app.py\n",
        "api/app.py": "print(1)\n",
        "old/train.py": "import wandb\n\nwandb.init()\nwandb.log({'loss': 1})\n",
    }
    folder = make_repository(tmp_path / "shop", files(whole_report(), more))
    within, everything = run_audit(folder, group_settings=True), run_audit(folder)
    assert within.claim("M10.dockerfiles").verdict == everything.claim("M10.dockerfiles").verdict == "supported"
    for result, found in ((everything, True), (within, False)):
        parts = result.claim("M14.wandb").parts
        places = {place.path for part in parts for place in (*part.evidence, *(one.place for one in part.traces))}
        assert ("old/train.py" in places) is found
    assert any("outside of api" in place.text for place in within.repository.problems)


def test_a_report_that_settings_name(tmp_path: Path) -> None:
    more = {"auditor.toml": 'report = "docs/ours.md"\n', "docs/ours.md": whole_report(ticked=True)}
    folder = make_repository(tmp_path / "shop", files(whole_report(), more))
    assert run_audit(folder, group_settings=True).report.path == "docs/ours.md"
    assert run_audit(folder).report.path == "reports/README.md"


def test_settings_of_who_audits(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "group-1", files(whole_report()))
    file = tmp_path / "course.toml"
    file.write_text('select = ["M17", "M18"]\n[ignore]\n"M17.lint" = "not taught this year"\n')
    done = run("audit", folder, "--settings", file, "--format", "json")
    result = json.loads(done.stdout)
    assert [claim["id"] for claim in result["claims"]] == ["M17.ci", "M17.matrix_cache", "M18.pre_commit"]
    assert result["course_settings"]["ignored"][0]["reason"] == "not taught this year"
    assert "not taught this year" in run("audit", folder, "--settings", file).stdout
    groups = tmp_path / "groups.txt"
    groups.write_text(f"{folder}\n")
    out, cache = tmp_path / "class", tmp_path / "cache"
    for wanted, count in ((("--settings", file), 3), ((), 56)):
        again = run("batch", groups, "--out", out, "--cache", cache, "--progress", "quiet", *wanted)
        assert again.returncode == 0, again.stderr
        written = json.loads((out / "results.json").read_text())
        assert len(written["groups"][0]["audit"]["claims"]) == count
        assert ("not taught this year" in (out / "index.html").read_text()) is bool(wanted)


def test_settings_that_cannot_be_used(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop", files(whole_report()))
    file = tmp_path / "course.toml"
    one_line(run("audit", folder, "--settings", file), "cannot be read")
    file.write_text('select = ["M99"]\n')
    one_line(run("audit", folder, "--settings", file), "line 1", "M99")
    file.write_text("x = 1\n")
    one_line(run("audit", folder, "--settings", file), "line 1", "x is not known")
    file.write_text("\n")
    one_line(run("audit", folder, "--settings", file), "holds none of")
    with pytest.raises(AuditError):
        load_settings(tmp_path, catalog())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('select = ["H.nope"]', "H.nope is no claim or module"),
        ('[ignore]\n"H.nope" = "x"', "H.nope is no claim or module"),
        ('report = "docs/none.md"', "there is no file docs/none.md"),
        ('folders = ["srx"]', "there is no folder srx"),
        ('selcet = ["M17"]', "selcet is not known"),
    ],
)
def test_a_slip_in_them_costs_a_line(tmp_path: Path, text: str, says: str) -> None:
    folder = make_repository(tmp_path / "shop", files(whole_report(), {"auditor.toml": text + "\n"}))
    result = run_audit(folder, group_settings=True, hand_in=True)
    assert result.settings is not None
    assert [says in place.text for place in result.settings.problems] == [True], result.settings.problems
    assert result.report.path == "reports/README.md" and len(result.claims) == 56


def test_the_table_of_pyproject_is_understood_in_a_file_of_its_own(tmp_path: Path) -> None:
    text = '[tool.auditor.ignore]\n"M17.lint" = "by hand"\n'
    result = run_audit(make_repository(tmp_path / "shop", files(whole_report(), {"auditor.toml": text})))
    assert result.settings is not None and result.settings.ignored == (SetAside("M17.lint", "by hand", 2),)


def test_the_report_belongs_to_every_part_of_the_project(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop", files(whole_report(), {"auditor.toml": 'folders = ["src"]\n'}))
    result = run_audit(folder, group_settings=True, hand_in=True)
    assert result.report.path == "reports/README.md"
    assert [one for one in result.hand_in or () if one.check in ("H.report", "H.figure_files")] == []
