"""The GitHub Action: its metadata, and its scripts run as a runner runs them, for honest, hollow and hostile repositories."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.action_runner import EXPRESSION, ActionRun, evaluated, load, run_action
from support.checkout import ROOT
from support.github_checkout import PULL_REQUEST, TOKEN, check_out, host
from support.repositories import Step, commit, git, make_repository
from support.sarif_logs import checked_log, results
from support.source_copies import OFFLINE, copy_sources, python_that_shares
from support.workflow_commands import Command, read_back

from auditor.cli.writing import FAIL_ON
from auditor.engine.run import run_audit
from auditor.samples import build_samples
from auditor.version import __version__

Steps = Mapping[str, Mapping[str, str]]

HOSTILE_NAME = 'it\'s "a" $(touch ran) `touch ran` ;touch ran& %0A::error::x\n::warning::hostile\n##[error]y'
"""A folder's name that would act in a script, in a workflow command or in an environment file."""

PAGE = ROOT / "docs" / "check.md"

WORKFLOW = re.compile(
    r'^```yaml title="(?P<path>\.github/workflows/[^"]+)"\n(?P<text>.*?)^```$', re.DOTALL | re.MULTILINE
)
"""The example of a workflow in a page, with the place where it belongs."""

INTRUDER = "open({!r}, 'a').close()\n"
"""A module that leaves a trace when it is imported."""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.name: path for path in build_samples(tmp_path_factory.mktemp("samples"))}


@pytest.fixture(scope="module")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sources(tmp_path_factory.mktemp("action"))


@pytest.fixture(scope="module")
def installed(action: Path, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """The outputs of the first steps, which were run in a workspace whose modules want to be imported."""
    folder = tmp_path_factory.mktemp("install")
    workspace = hostile_workspace(folder)
    (folder / "bin").mkdir()
    python = python_that_shares(folder / "bin")

    def uses(name: str, inputs: Mapping[str, str]) -> Mapping[str, str]:
        assert name.startswith("actions/setup-python@")
        assert inputs == {"python-version": "3.12", "update-environment": "false"}
        return {"python-path": str(python)}

    run = run_action(
        action,
        folder,
        workspace,
        {},
        uses,
        {**OFFLINE, "PYTHONPATH": str(workspace)},
        known={"audit": {}, "outcome": {}},
    )
    assert not run.failed, run.steps[-1].stderr
    assert not (workspace / "ran").exists()
    step = run.step("Install auditor")
    assert step.files["GITHUB_ENV"] == step.files["GITHUB_PATH"] == step.files["GITHUB_STEP_SUMMARY"] == ""
    own = run.outputs["install"]["python"]
    assert Path(own).is_relative_to(folder / "temp")
    found = subprocess.run(
        [own, "-I", "-c", "import auditor; print(auditor.__file__)"], capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).is_relative_to(folder / "temp")
    return {"python": run.outputs["python"], "install": run.outputs["install"]}


def hostile_workspace(folder: Path) -> Path:
    """A folder whose modules have the names of those that the action's programs import."""
    workspace = folder / "workspace"
    for name in ("auditor", "pip", "rules", "hatchling", "json", "venv", "yaml"):
        (workspace / name).mkdir(parents=True)
        for file in ("__init__.py", "__main__.py"):
            (workspace / name / file).write_text(INTRUDER.format(str(workspace / "ran")), encoding="utf-8")
    for name in ("site", "sitecustomize", "usercustomize", "typer", "os"):
        (workspace / f"{name}.py").write_text(INTRUDER.format(str(workspace / "ran")), encoding="utf-8")
    return workspace


def example(page: Path) -> dict[str, Any]:
    """A page's example of a workflow. (BaseLoader: `on` stays a word, and `0` a text.)"""
    (found,) = WORKFLOW.finditer(page.read_text(encoding="utf-8"))
    workflow: dict[str, Any] = yaml.load(found["text"], Loader=yaml.BaseLoader)
    return workflow


@pytest.fixture(scope="module")
def hosted(samples: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hollow group's repository on GitHub, with the example's workflow on `main`, and a branch `topic` ahead of it."""
    folder = tmp_path_factory.mktemp("hosted") / "buoy"
    shutil.copytree(samples["hollow"], folder)
    (found,) = WORKFLOW.finditer(PAGE.read_text(encoding="utf-8"))
    commit(folder, Step({found["path"]: found["text"]}, "Check our ticks"))
    git(folder, "checkout", "--quiet", "-b", "topic")
    commit(folder, Step({"docs/notes.md": "# Notes\n"}, "Take notes"))
    host(folder, "topic")
    return folder


def uploaded(name: str, inputs: Mapping[str, str]) -> Mapping[str, str]:
    """Stands for the one action that is used after the installation."""
    assert name.startswith("github/codeql-action/upload-sarif@")
    checked_log(Path(inputs["sarif_file"]).read_bytes())
    return {}


def audited(
    action: Path,
    installed: Steps,
    folder: Path,
    workspace: Path,
    inputs: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> ActionRun:
    """The action's run in a workspace, from the audit on."""
    home = {"XDG_CACHE_HOME": str(folder / "cache"), **(environment or {})}
    run = run_action(action, folder, workspace, inputs or {}, uploaded, home, known=installed)
    assert not list(workspace.glob("ran")) and not list(folder.glob("**/ran"))
    for step in run.steps:
        assert step.files["GITHUB_ENV"] == step.files["GITHUB_PATH"] == step.files["GITHUB_STATE"] == ""
        assert len(step.files["GITHUB_STEP_SUMMARY"].encode()) <= 1024 * 1024
    return run


def followed(
    workflow: Mapping[str, Any], ref: str, hosted: Path, action: Path, installed: Steps, folder: Path
) -> ActionRun:
    """A workflow's job, step by step, started by a push to `ref`, or by its pull request."""
    (folder / "temp").mkdir()
    (job,) = workflow["jobs"].values()
    runs = []
    for step in job["steps"]:
        assert step.keys() <= {"uses", "with"}
        name, _, version = step["uses"].partition("@")
        inputs = step.get("with", {})
        if name == "actions/checkout":
            assert version == "v7"  # the one whose commands are given here
            check_out(hosted, folder / "work", folder / "temp", ref, inputs)
        else:
            assert (name, version) == ("OWNER/auditor", f"v{__version__}")
            runs.append(audited(action, installed, folder, folder / "work", inputs))
    (run,) = runs
    return run


def commands(output: bytes) -> list[Command]:
    """The workflow commands among what was printed."""
    lines = [line for line in re.split(b"(?<=\n)", output) if line.startswith(b"::") or b"##[" in line]
    return read_back(b"".join(lines))


def errors(run: ActionRun) -> list[str]:
    return [one.data for one in commands(run.stdout) if one.name == "error"]


def expressions(thing: Any) -> list[str]:
    """Every expression in the metadata."""
    if isinstance(thing, str):
        return EXPRESSION.findall(thing)
    if isinstance(thing, dict):
        return [one for value in thing.values() for one in expressions(value)]
    return [one for value in thing for one in expressions(value)] if isinstance(thing, list) else []


def test_metadata() -> None:
    metadata = load(ROOT)
    assert {"name", "description", "inputs", "outputs", "runs"} <= metadata.keys()
    assert set(metadata["inputs"]) == {"path", "fail-on", "report", "select", "ignore", "sarif", "python-version"}
    assert metadata["inputs"]["fail-on"]["default"] == "never"
    assert metadata["inputs"]["sarif"]["default"] == "false"
    assert all(one["description"] and isinstance(one["default"], str) for one in metadata["inputs"].values())
    assert {"discrepancies", "queries", "result"} <= set(metadata["outputs"])
    steps = metadata["runs"]["steps"]
    assert metadata["runs"]["using"] == "composite"
    for step in steps:
        assert ("run" in step) != ("uses" in step)
        if "uses" in step:  # pinned to a commit: a tag can be moved
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
        else:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]  # what comes from outside would become a part of the script
    known = {f"inputs.{name}" for name in metadata["inputs"]}
    ids = {step["id"] for step in steps if "id" in step}
    for one in expressions(metadata):
        assert one in known or re.fullmatch(r"steps\.([\w-]+)\.outputs\.[\w-]+", one), one
        assert not one.startswith("steps.") or one.split(".")[1] in ids


def test_versions_in_comments_are_those_of_the_pins() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert len(re.findall(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", text, re.M)) == text.count("uses: ")


def test_a_hollow_group(action: Path, installed: Steps, samples: dict[str, Path], tmp_path: Path) -> None:
    run = audited(action, installed, tmp_path, samples["hollow"])
    assert not run.failed, run.steps[-1].stderr
    result = json.loads(Path(run.result["result"]).read_text(encoding="utf-8"))
    assert Path(run.result["result"]).is_relative_to(tmp_path / "temp")
    assert run.result["discrepancies"] == str(result["summary"]["discrepancies"]) == "12"
    assert run.result["queries"] == str(result["summary"]["queries"])
    assert len(results(checked_log(Path(run.result["sarif"]).read_bytes()))) > 12
    assert run.summary.startswith("# ")
    assert run.summary == Path(run.result["result"]).with_suffix(".markdown").read_text(encoding="utf-8")
    shown = commands(run.step("Audit").stdout)
    assert [one.name for one in shown].count("warning") == 10
    assert {one.properties.get("file") for one in shown if one.name == "warning"} == {"reports/README.md"}
    assert "The job's summary has them all" in shown[-1].data
    assert errors(run) == []
    assert run.used == []
    assert git(samples["hollow"], "status", "--porcelain", "--ignored") == ""


@pytest.mark.parametrize(
    ("group", "fail_on", "fails"),
    [
        ("hollow", "never", False),
        ("hollow", "discrepancy", True),
        ("hollow", "query", True),
        ("honest", "discrepancy", False),
        ("honest", "query", True),
    ],
)
def test_it_fails_when_it_is_asked_to(
    action: Path, installed: Steps, samples: dict[str, Path], tmp_path: Path, group: str, fail_on: str, fails: bool
) -> None:
    run = audited(action, installed, tmp_path, samples[group], {"fail-on": fail_on, "sarif": "true"})
    assert run.failed is fails
    assert [step.name for step in run.steps] == ["Audit", "Tell the outcome"]
    assert len(errors(run)) == fails
    assert run.summary
    assert run.result["discrepancies"] == ("12" if group == "hollow" else "0")
    assert [asked for _, asked in run.used] == [{"sarif_file": run.result["sarif"]}]  # also where it fails afterwards


def test_a_choice_that_there_is_not(action: Path, installed: Steps, samples: dict[str, Path], tmp_path: Path) -> None:
    for number, inputs in enumerate(
        ({"fail-on": "$(touch ran)"}, {"select": "M99\n::warning::x"}, {"report": "no.md"})
    ):
        (tmp_path / str(number)).mkdir()
        run = audited(action, installed, tmp_path / str(number), samples["honest"], inputs)
        assert run.failed
        assert run.steps[-1].status == 2
        (told,) = errors(run)
        assert told.startswith("The audit could not be made. auditor: ")
        assert len(commands(run.stdout)) == 1
        assert run.summary == "" and run.result["result"] == ""


def test_inputs_serve(action: Path, installed: Steps, samples: dict[str, Path], tmp_path: Path) -> None:
    run = audited(
        action,
        installed,
        tmp_path,
        samples["hollow"].parent,
        {"path": "hollow", "select": "M14,M17", "ignore": "M14.sweep", "report": "hollow/reports/README.md"},
    )
    assert not run.failed, run.stdout
    result = json.loads(Path(run.result["result"]).read_text(encoding="utf-8"))
    ids = [claim["id"] for claim in result["claims"]]
    assert {one.split(".")[0] for one in ids} == {"M14", "M17"}
    assert "M14.sweep" not in ids


def test_what_cannot_be_audited_always_fails_in_a_line(action: Path, installed: Steps, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    subprocess.run(["git", "init", "-q", empty], check=True)
    for number, path in enumerate(("nowhere", "empty", "-x", "--help", HOSTILE_NAME, "x" * 400)):
        (tmp_path / str(number)).mkdir()
        run = audited(action, installed, tmp_path / str(number), tmp_path, {"path": path, "sarif": "true"})
        assert run.failed
        assert [step.status for step in run.steps] == [2]
        (told,) = errors(run)
        assert told.startswith("The audit could not be made. auditor: ")
        assert len(commands(run.stdout)) == run.stdout.count(b"\n") == 1
        assert run.used == []


def test_a_hostile_repository(action: Path, installed: Steps, samples: dict[str, Path], tmp_path: Path) -> None:
    workspace = tmp_path / "checkouts"
    repository = workspace / HOSTILE_NAME
    workspace.mkdir()
    git(workspace, "clone", "-q", str(samples["hollow"]), HOSTILE_NAME)
    git(repository, "checkout", "-q", "-b", 'it\'s$(touch${IFS}ran)%0A;`ran`&"x"')
    (repository / "src" / "buoy" / "a\n::error::x\n##[error]y,line=1.py").write_text(
        "import logging\n", encoding="utf-8"
    )
    report = repository / "reports" / "README.md"
    text = report.read_text(encoding="utf-8")
    text = re.sub(r"^(\* \[x\].*)$", r"\1 - $(touch ran) %0A::error::note `ran` ##[error]z", text, flags=re.M)
    report.write_text(text, encoding="utf-8")
    hostile = hostile_workspace(tmp_path)
    for name in ("json.py", "auditor.py", "typer.py"):
        (workspace / name).write_text(INTRUDER.format(str(workspace / "ran")), encoding="utf-8")
    (tmp_path / "run").mkdir()
    run = audited(action, installed, tmp_path / "run", workspace, {"path": HOSTILE_NAME}, {"PYTHONPATH": str(hostile)})
    assert not run.failed, run.stdout
    assert not (hostile / "ran").exists()
    shown = commands(run.stdout)
    assert {one.name for one in shown} <= {"warning", "notice"}
    assert len(shown) >= 10
    assert run.result["queries"].isdigit()
    assert Path(run.result["result"]).name == "audit.json"
    assert set(run.outputs["audit"]) == {"discrepancies", "queries", "result", "sarif", "status"}


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/tags/v1", PULL_REQUEST], ids=lambda ref: ref.split("/", 1)[1])
def test_the_pages_example_does_what_the_page_says(
    action: Path, installed: Steps, hosted: Path, tmp_path: Path, ref: str
) -> None:
    workflow = example(PAGE)
    assert (workflow["on"], workflow["permissions"]) == (["push"], {"contents": "read"})
    run = followed(workflow, ref, hosted, action, installed, tmp_path)
    assert not run.failed, run.stdout
    assert run.used == []  # nothing that the permission to read would not allow
    work = tmp_path / "work"
    result = json.loads(Path(run.result["result"]).read_text(encoding="utf-8"))
    assert result["repository"]["commit"] == git(hosted, "rev-parse", f"{ref}^{{commit}}")
    assert (result["repository"]["dirty"], result["repository"]["problems"]) == (False, [])

    # As somebody judges it who has all of the repository at hand, and as without the workflow.
    whole = run_audit(hosted, at=ref)
    assert {one["id"]: one["verdict"] for one in result["claims"]} == {one.id: one.verdict for one in whole.claims}
    open_ones = {one["id"]: one["finding"] for one in result["claims"] if one["finding"] in ("discrepancy", "query")}
    counted = Counter(open_ones.values())
    assert (run.result["discrepancies"], run.result["queries"]) == ("12", str(counted["query"]))
    assert counted["discrepancy"] == 12

    assert [one for one in open_ones if f"`{one}`" not in run.summary] == []
    shown = commands(run.stdout)
    warnings = [one for one in shown if one.name == "warning"]
    assert len(warnings) == 10
    for one in warnings:  # at the line of the tick
        assert one.properties["title"].split()[0] in open_ones
        lines = (work / one.properties["file"]).read_text(encoding="utf-8").splitlines()
        assert lines[int(one.properties["line"]) - 1].startswith("* [x] ")
    assert [one.data for one in shown if "fetch-depth" in one.data] == []

    assert git(work, "status", "--porcelain", "--ignored") == ""
    written = [*(step.stdout.decode() for step in run.steps), run.summary]
    written += [file.read_text(encoding="utf-8") for file in Path(run.result["result"]).parent.iterdir()]
    assert len(written) == 7 and not any(TOKEN in text for text in written)


def test_the_pages_example_without_history_says_so_and_accuses_nobody_more(
    action: Path, installed: Steps, hosted: Path, tmp_path: Path
) -> None:
    workflow = example(PAGE)
    checkout, _ = workflow["jobs"]["check"]["steps"]
    assert checkout.pop("with") == {"fetch-depth": "0"}
    run = followed(workflow, PULL_REQUEST, hosted, action, installed, tmp_path)
    assert not run.failed, run.stdout
    assert [one.name for one in commands(run.stdout) if "Set fetch-depth: 0 at" in one.data] == ["notice"]
    result = json.loads(Path(run.result["result"]).read_text(encoding="utf-8"))
    accused = {one["id"] for one in result["claims"] if one["finding"] == "discrepancy"}
    assert accused == {one.id for one in run_audit(hosted, at="main").claims if one.finding == "discrepancy"}


def test_the_readmes_example_is_the_pages() -> None:
    page, readme = example(PAGE), example(ROOT / "README.md")
    assert readme == {key: value for key, value in page.items() if key != "name"}


def test_the_page_tells_every_input_with_its_default_and_every_output() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition("| input | what for | default |\n| --- | --- | --- |\n")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    told = {name.strip("`"): re.findall("`([^`]*)`", default) for name, _, default in rows}
    metadata = load(ROOT)
    known = {name: [one["default"]] if one["default"] else [] for name, one in metadata["inputs"].items()}
    assert told == known
    (outputs,) = re.findall(r"Its outputs are (.*?)\.\n", text)
    assert set(re.findall("`([^`]*)`", outputs)) == set(metadata["outputs"])
    (fail_on,) = [row[1] for row in rows if row[0] == "`fail-on`"]
    assert set(re.findall("`([^`]*)`", fail_on)) == {*FAIL_ON}


def test_a_shallow_checkout_is_told(action: Path, installed: Steps, samples: dict[str, Path], tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{samples['honest']}", "shallow")
    run = audited(action, installed, tmp_path, tmp_path / "shallow")
    assert not run.failed, run.stdout
    told = [one for one in commands(run.stdout) if "fetch-depth: 0" in one.data]
    assert [one.name for one in told] == ["notice"]
    whole = tmp_path / "whole"
    whole.mkdir()
    assert b"fetch-depth" not in audited(action, installed, whole, samples["honest"]).stdout


def test_a_repository_without_report(action: Path, installed: Steps, tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "r", {"README.md": "# shop\n"})
    run = audited(action, installed, tmp_path, repository, {"fail-on": "query"})
    assert not run.failed, run.stdout
    assert (run.result["discrepancies"], run.result["queries"]) == ("0", "0")
    assert any("No report" in one.data for one in commands(run.stdout))


def test_a_long_summary_is_cut_where_no_block_is_open(action: Path, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(
        "#!/bin/sh\n"
        f'[ "$2" = -m ] || exec "{sys.executable}" "$@"\n'
        'for one; do case "$one" in --also=markdown=*) markdown=${one#*=*=};; --also=json=*) json=${one#*=*=};; esac; done\n'
        'echo \'{"summary": {"discrepancies": 3, "queries": 4}}\' >"$json"\n'
        f'cat "{tmp_path}/long" >"$markdown"\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    known = {"python": {}, "install": {"python": str(python)}}
    for number, (text, kept) in enumerate(
        (
            ("# Æble\n" + "æ\n" * 700_000, 333_330),
            ("# Æble\n" + "æ\n" * 1000 + "```text\n" + "x\n" * 700_000 + "```\n", 1000),
            ("# Æble\n" + "æ\n" * 1000 + "```text\nx\n```\n", 1000),
        )
    ):
        (tmp_path / "long").write_text(text, encoding="utf-8")
        (tmp_path / str(number)).mkdir()
        run = audited(action, known, tmp_path / str(number), tmp_path)
        assert not run.failed, run.stdout
        assert (run.result["discrepancies"], run.result["queries"]) == ("3", "4")
        assert run.summary.count("æ") == kept
        assert (run.summary == text) == (number == 2)
        assert run.summary.count("```") == (2 if number == 2 else 0)
        assert number == 2 or run.summary.endswith("\n_The rest did not fit: the result in JSON has it._\n")


def test_the_runner_of_these_tests_injects_as_the_real_one_does() -> None:
    assert evaluated("echo ${{ inputs.path }}", {"path": '"; touch ran'}, {}) == 'echo "; touch ran'
