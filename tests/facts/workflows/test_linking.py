from __future__ import annotations

from support.trees import Trees
from support.workflow_files import FOLDER, read, with_on


def test_reusable_workflows(tree: Trees) -> None:
    call = "    uses: ./.github/workflows/tests.yml\n"
    files = {
        FOLDER + "tests.yml": with_on("on:\n  workflow_call:"),
        FOLDER + "ci.yml": "on: pull_request\njobs:\n  all:\n" + call,
        FOLDER + "lonely.yml": with_on("on: workflow_call"),
        FOLDER + "caller.yml": "on: push\njobs:\n  all:\n    if: false\n" + call.replace("tests", "lonely"),
    }
    found = {w.path.removeprefix(FOLDER): w for w in read(tree, files).all}
    assert found["tests.yml"].live_jobs[0].roots == {"pull_request"}
    assert found["lonely.yml"].dead_reason == "workflow_call: no live workflow calls it"


def test_workflow_run_follows_live_workflows(tree: Trees) -> None:
    after = "on:\n  workflow_run:\n    workflows: [{}]\n    types: [completed]"
    files = {
        FOLDER + "a.yml": with_on("on: push").replace("CI", "First"),
        FOLDER + "b.yml": with_on(after.format("First")).replace("CI", "Second"),
        FOLDER + "c.yml": with_on(after.format("Nothing")).replace("CI", "Third"),
        FOLDER + "d.yml": with_on(after.format("Fifth")).replace("CI", "Fourth"),
        FOLDER + "e.yml": with_on(after.format("Fourth")).replace("CI", "Fifth"),
    }
    found = read(tree, files)
    assert [w.live for w in found.all] == [True, True, False, False, False]
    assert found.all[1].on_change
    assert "named Nothing" in (found.all[2].dead_reason or "")
