"""The command line as a user meets it: real processes, real repositories."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from support.command_line import one_line, run
from support.repositories import make_repository

from auditor.course.rulebook import load_rulebook
from auditor.samples import build_samples


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.name: path for path in build_samples(tmp_path_factory.mktemp("samples"))}


def test_json_follows_the_published_schema(samples: dict[str, Path]) -> None:
    schema = json.loads(run("schema").stdout)
    for path in samples.values():
        result = json.loads(run("audit", path, "--format", "json").stdout)
        jsonschema.validate(result, schema, cls=jsonschema.Draft202012Validator)
        assert [claim["id"] for claim in result["claims"]] == [claim.id for claim in load_rulebook().catalog]


def test_exit_status_tells_of_discrepancies(samples: dict[str, Path]) -> None:
    assert run("audit", samples["honest"]).returncode == 0
    assert run("audit", samples["hollow"]).returncode == 1


def test_piped_output_is_plain_and_fits(samples: dict[str, Path]) -> None:
    done = run("audit", samples["hollow"], env={"COLUMNS": "80"})
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout.index("Discrepancies") < done.stdout.index("Queries") < done.stdout.index("All claims")


def test_no_color_is_respected_on_a_terminal(samples: dict[str, Path]) -> None:
    done = run("audit", samples["hollow"], env={"NO_COLOR": "1", "FORCE_COLOR": "1", "TERM": "xterm-256color"})
    assert "\x1b[3" not in done.stdout


def test_output_file(samples: dict[str, Path], tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    done = run("audit", samples["honest"], "--format", "json", "--output", file)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads(file.read_text(encoding="utf-8"))["summary"]["discrepancies"] == 0


def test_select_and_ignore(samples: dict[str, Path]) -> None:
    result = json.loads(
        run("audit", samples["honest"], "--format=json", "--select", "m14,M5.git", "--ignore", "M14.sweep").stdout
    )
    assert [claim["id"] for claim in result["claims"]] == ["M5.git", "M14.logging", "M14.wandb"]


def test_subfolder_bare_and_commit(samples: dict[str, Path], tmp_path: Path) -> None:
    whole = json.loads(run("audit", samples["honest"], "--format", "json").stdout)
    inside = json.loads(run("audit", samples["honest"] / "src", "--format", "json").stdout)
    assert inside["repository"]["commit"] == whole["repository"]["commit"]
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", samples["honest"], bare], check=True)
    again = json.loads(run("audit", bare, "--format", "json").stdout)
    assert [(c["id"], c["verdict"]) for c in again["claims"]] == [(c["id"], c["verdict"]) for c in whole["claims"]]
    at = json.loads(run("audit", samples["honest"], "--at", whole["repository"]["commit"], "--format", "json").stdout)
    assert at["claims"] == whole["claims"]
    early = json.loads(run("audit", samples["honest"], "--at", "2026-01-09", "--format", "json").stdout)
    assert early["repository"]["committed_at"] < "2026-01-10"


def test_bad_input_gets_one_line(samples: dict[str, Path], tmp_path: Path) -> None:
    one_line(run("audit", tmp_path / "nowhere"), "no such folder")
    plain = tmp_path / "plain"
    plain.mkdir()
    one_line(run("audit", plain), "--no-git")
    subprocess.run(["git", "init", "-q", plain], check=True)
    one_line(run("audit", plain), "no commits")
    one_line(run("audit", samples["honest"], "--at", "2019-01-01"), "no commit at or before")
    one_line(run("audit", samples["honest"], "--at", "nonsense"), "no such commit")
    one_line(run("audit", samples["honest"], "--format", "yaml"), "yaml", "json")
    one_line(run("audit", samples["honest"], "--select", "M99"), "M99", "auditor rules")
    one_line(run("audit", samples["honest"], "--report", "no.md"), "no.md")
    one_line(run("audit", samples["honest"], "--output", tmp_path / "no" / "such" / "file"), "cannot be written")
    one_line(run("audit", "--nonsense"), "--nonsense")
    one_line(run("explain", "M99.nothing"), "M99.nothing")


def test_a_folder_without_git(samples: dict[str, Path], tmp_path: Path) -> None:
    plain = tmp_path / "zip"
    plain.mkdir()
    subprocess.run(
        ["git", "-C", samples["honest"], "archive", "--format=tar", "-o", tmp_path / "a.tar", "HEAD"], check=True
    )
    subprocess.run(["tar", "xf", tmp_path / "a.tar", "-C", plain], check=True)
    result = json.loads(run("audit", plain, "--no-git", "--format", "json").stdout)
    verdicts = {claim["id"]: claim["verdict"] for claim in result["claims"]}
    assert verdicts["M5.git"] == verdicts["M5.access"] == "unverifiable"
    assert verdicts["M6.data"] == "supported"
    assert result["repository"]["commit"] is None


def test_a_repository_without_report(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "r", {"README.md": "# shop\n"})
    done = run("audit", repository)
    assert done.returncode == 0
    assert "No report" in done.stdout.splitlines()[0]
    result = json.loads(run("audit", repository, "--format", "json").stdout)
    assert {claim["ticked"] for claim in result["claims"]} == {None}
    assert result["report"]["path"] is None


def test_nothing_is_imported_from_the_current_folder(samples: dict[str, Path], tmp_path: Path) -> None:
    for name in ("rules", "auditor", "yaml", "rich"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    program = Path(sys.executable).parent / "auditor"
    subprocess.run(
        [program, "audit", samples["honest"], "--select", "M5"], cwd=tmp_path, check=True, capture_output=True
    )
    assert not (tmp_path / "ran").exists()


def test_rules_and_explain(samples: dict[str, Path]) -> None:
    listed = run("rules").stdout
    assert "M5.git" in listed and "M32.pages" in listed
    for claim in ("M5.git", "M14.wandb"):
        text = run("explain", claim).stdout
        assert "Accepted:" in text and "To settle it:" in text
    assert run("explain", "M14").stdout.count("Accepted:") == 3


def test_version() -> None:
    assert run("--version").stdout.startswith("auditor ")


def test_a_reader_that_goes_away_is_no_error(samples: dict[str, Path]) -> None:
    done = subprocess.run(
        f"{sys.executable} -m auditor audit {samples['hollow']} | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
