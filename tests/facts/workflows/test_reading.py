from __future__ import annotations

import pytest
from support.trees import Trees
from support.workflow_files import FOLDER, read, with_on

from auditor.facts.workflows.reading import MAX_FILES, candidates


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (FOLDER + "ci.yml.deactivated", "only files that end"),
        (FOLDER + "ci.yml.bak", "only files that end"),
        (FOLDER + "old/ci.yml", "no folders within"),
        ("shop/.github/workflows/ci.yml", "only at the repository's root"),
        (".github/workflows_disabled/ci.yml", "not in .github/workflows"),
        ("workflows/ci.yaml", "not in .github/workflows"),
        (".github/ci.yml", "not in .github/workflows"),
    ],
)
def test_files_that_github_does_not_read(tree: Trees, path: str, reason: str) -> None:
    found = read(tree, {path: with_on("on: push")})
    (workflow,) = found.dead
    assert reason in (workflow.dead_reason or "")
    assert found.live_jobs == ()
    assert [job.runs("pytest") for job in found.dead_jobs] == [True]


def test_other_yaml_is_no_workflow(tree: Trees) -> None:
    found = read(
        tree,
        {".github/dependabot.yml": "version: 2\nupdates: []\n", ".github/x/broken.yml": "a: [", "jobs.yml": "jobs: {}"},
    )
    assert found.all == ()


JUNK = "on: push\njobs: {t: {steps: [{run: x}]}}\n"


def test_of_too_many_files_the_likeliest_are_read(tree: Trees) -> None:
    written = with_on("on: push")
    files = {
        **{FOLDER + f"{n}.yaml": JUNK.replace("x}", f"echo {n}; {'echo long; ' * 50}}}") for n in range(300)},
        **{f"0/{FOLDER}{n}.yaml": with_on("on: push") + "#" * n for n in range(300)},
        FOLDER + "tests.yaml": written,
        FOLDER + "z.yaml": "on: pull_request\njobs:\n  lint:\n    steps:\n      - run: ruff check .\n",
        FOLDER + "long.yaml": JUNK + "#" * 400_000,
    }
    snapshot = tree(files).snapshot
    found = candidates(snapshot)
    assert len(found) == MAX_FILES
    assert found == sorted(found)
    assert {FOLDER + name for name in ("tests.yaml", "z.yaml", "long.yaml", "0.yaml")} <= set(found)
    assert not any(path.startswith("0/") for path in found)
    (problem,) = snapshot.problems
    assert problem.message.startswith(f"not read as workflow, nor are {len(files) - MAX_FILES - 1} others")


def test_characters_of_all_workflows_are_bounded(tree: Trees) -> None:
    files = {f"{FOLDER}{number}.yaml": JUNK.replace("x", "y" * number) + "#" * 400_000 for number in range(4)}
    snapshot = tree(files | {FOLDER + "tests.yaml": with_on("on: push")}).snapshot
    found = candidates(snapshot)
    assert len(found) == 3
    assert found[-1] == FOLDER + "tests.yaml"
    assert len(snapshot.problems) == 1


def test_hostile_files_take_no_time(tree: Trees) -> None:
    use = "        - uses: ./a\n"
    body = "x " * 40_000
    chain = "".join(f"  j{n}:\n    needs: j{n + 1}\n    runs-on: x\n    steps: [{{run: a}}]\n" for n in range(3000))
    extends = "".join(f".e{n}:\n  extends: [{', '.join([f'.e{n + 1}'] * 50)}]\n  script: a\n" for n in range(60))
    found = read(
        tree,
        {
            FOLDER + "ci.yml": "on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n" + use.replace("  -", "-") * 500,
            FOLDER + "chain.yml": "on: push\njobs:\n" + chain,
            FOLDER + "scripts.yml": f"on: push\nx: &x {body}\njobs:\n  test:\n    runs-on: x\n    steps:\n"
            + "      - run: *x\n" * 500,
            "a/action.yml": "runs:\n  using: composite\n  steps:\n" + use.replace("        ", "    ") * 500,
            ".gitlab-ci.yml": extends + "test:\n  extends: .e0\n",
        },
    )
    assert len(found.all) == 4
