"""Workflow files as models: triggers, jobs, steps, what runs at all."""

from __future__ import annotations

import textwrap

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.trees import Trees
from support.workflow_files import FOLDER, one, read, with_on

from auditor.facts.workflows import Job
from auditor.facts.workflows.reading import MAX_FILES, candidates


def job_of(tree: Trees, job: str, on: str = "on: push") -> Job:
    body = textwrap.indent(textwrap.dedent(job).strip("\n"), "    ")
    return one(tree, f"{on}\njobs:\n  test:\n{body}\n").jobs[0]


@pytest.mark.parametrize(
    ("on", "events"),
    [
        ("on: push", ["push"]),
        ("'on': push", ["push"]),
        ("on: [push, pull_request]", ["push", "pull_request"]),
        ("on:\n  push:\n  pull_request:\n    branches: main", ["push", "pull_request"]),
        ("on:\n  - push", ["push"]),
        ("on:\n  schedule:\n    - cron: '0 4 * * 1'", ["schedule"]),
        ("on: {workflow_dispatch: {inputs: {gpu: {type: boolean}}}}", ["workflow_dispatch"]),
    ],
)
def test_forms_of_on(tree: Trees, on: str, events: list[str]) -> None:
    workflow = one(tree, with_on(on))
    assert [trigger.event for trigger in workflow.triggers] == events
    assert workflow.live
    assert workflow.on_change == ("push" in events)


def test_places(tree: Trees) -> None:
    workflow = one(
        tree,
        """\
        name: Tests
        on:
          push:
            paths: ["data/**"]
          workflow_dispatch:
            inputs:
              gpu: {type: boolean}
        jobs:
          test:
            name: Unit tests
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
              - name: Test
                run: |
                  pip install .

                  uv run pytest
        """,
        {"data/raw.csv": "x"},
    )
    push, manual = workflow.triggers
    assert (push.evidence.where, push.text) == (FOLDER + "ci.yml:3", "push:")
    assert push.paths[0].evidence.text == 'paths: ["data/**"]'
    assert manual.inputs == ("gpu",)
    (job,) = workflow.live_jobs
    assert (job.line, job.name, job.workflow) == (9, "Unit tests", FOLDER + "ci.yml")
    assert [step.line for step in job.steps] == [13, 14]
    assert [(c.line, c.program) for c in job.commands] == [(16, "pip"), (18, "pytest")]
    assert job.commands[1].evidence.path == FOLDER + "ci.yml"
    assert job.runs("tox", "pytest")
    assert [(a.name, a.version, a.line) for a in job.actions] == [("actions/checkout", "v4", 13)]


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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("# on: push\n# jobs:\n", "commented out"),
        ("on: push\njobs:\n\ttest:\n", "YAML error at line 3"),
        ("jobs: {test: {runs-on: x, steps: [{run: pytest}]}}", "no trigger"),
        ("on: push", "no jobs"),
        ("on: push\njobs:", "no jobs"),
        ("on: push\njobs: {test: }", "job test is empty"),
        ("on: push\njobs: {test: {steps: [{run: pytest}]}}", "no runs-on"),
        ("on: push\njobs: {test: {runs-on: x}}", "no steps"),
        ("on: push\njobs: {test: {runs-on: x, steps: [{name: Test}]}}", "neither run nor uses"),
        ("on: push\njobs: {test: {runs-on: x, steps: [{run: a}], runs-on: y}}", "given twice"),
        ("on: push\njobs: {test: {needs: build, runs-on: x, steps: [{run: a}]}}", "needs build, which does not exist"),
        (
            "on: push\njobs:\n  a: {needs: b, runs-on: x, steps: [{run: a}]}\n"
            "  b: {needs: a, runs-on: x, steps: [{run: a}]}",
            "in a circle",
        ),
        ("on: push\njobs: {'unit tests': {runs-on: x, steps: [{run: a}]}}", "not allowed"),
        ("- on: push", "not a mapping"),
    ],
)
def test_files_that_github_rejects(tree: Trees, text: str, reason: str) -> None:
    workflow = one(tree, text)
    assert not workflow.live
    assert reason in (workflow.dead_reason or "")


@pytest.mark.parametrize(
    "condition",
    [
        "false",
        "${{ false }}",
        "'false'",
        "${{ false && github.ref == 'x' }}",
        "github.event_name == 'issues'",
        "'!true'",
    ],
)
def test_disabled_jobs_and_what_needs_them(tree: Trees, condition: str) -> None:
    workflow = one(
        tree,
        f"""\
        on: push
        jobs:
          first:
            if: {condition}
            runs-on: ubuntu-latest
            steps: [{{run: pytest}}]
          second:
            needs: first
            runs-on: ubuntu-latest
            steps: [{{run: pytest}}]
          third:
            needs: [first]
            if: always()
            runs-on: ubuntu-latest
            steps: [{{run: pytest}}]
        """,
    )
    assert [job.disabled is None for job in workflow.jobs] == [False, False, True]
    assert [job.id for job in workflow.live_jobs] == ["third"]
    assert "needs first" in (workflow.jobs[1].disabled or "")


@pytest.mark.parametrize(
    "condition",
    [
        "${{ 'false' }}",
        "github.event_name == 'push'",
        "github.ref == 'refs/heads/main'",
        "startsWith(github.ref, 'refs/tags/')",
        "false || success()",
        "contains(github.event.head_commit.message, '[skip ci]') == false",
        "(((",
        "matrix.os == 'x'",
    ],
)
def test_conditions_that_may_hold(tree: Trees, condition: str) -> None:
    job = job_of(tree, f"if: {condition}\nruns-on: ubuntu-latest\nsteps: [{{run: pytest}}]")
    assert job.disabled is None


def test_conditions_restrict_events(tree: Trees) -> None:
    workflow = one(
        tree,
        """\
        on: [push, pull_request, workflow_dispatch]
        jobs:
          image:
            if: github.event_name != 'pull_request' && github.event_name != 'push'
            runs-on: ubuntu-latest
            steps:
              - run: docker build .
          test:
            runs-on: ubuntu-latest
            steps:
              - run: pytest
              - if: github.event_name == 'workflow_dispatch'
                run: docker push shop
              - if: false
                run: mypy
              - if: github.ref == 'refs/heads/production'
                run: gcloud run deploy shop
        """,
    )
    image, test = workflow.live_jobs
    assert (image.automatic, image.on_change, set(image.roots)) == (False, False, {"workflow_dispatch"})
    assert test.on_change
    assert [sorted({cause.root for cause in step.causes}) for step in test.steps[:2]] == [
        ["pull_request", "push", "tag", "workflow_dispatch"],
        ["workflow_dispatch"],
    ]
    assert not test.runs("mypy")
    assert test.steps[3].causes == {cause for cause in test.causes if cause.event == "workflow_dispatch"}


def test_tags_alone_are_no_change(tree: Trees) -> None:
    workflow = one(tree, with_on("on:\n  push:\n    tags: ['v*']"))
    assert (workflow.on_change, set(workflow.roots)) == (False, {"tag"})


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


def test_composite_actions_are_read_in_place(tree: Trees) -> None:
    workflow = one(
        tree,
        """\
        on: push
        jobs:
          test:
            runs-on: ubuntu-latest
            steps:
              - uses: ./.github/actions/setup
                with: {python: "3.12"}
              - uses: ./.github/actions/setup
                if: false
              - run: tox
        """,
        {
            ".github/actions/setup/action.yml": """\
            inputs:
              python: {default: "3.11"}
              cache: {default: pip}
            runs:
              using: composite
              steps:
                - uses: actions/setup-python@v5
                  with: {python-version: "${{ inputs.python }}", cache: "${{ inputs.cache }}"}
                - run: pytest
                  shell: bash
                - uses: ./.github/actions/setup
            """
        },
    )
    (job,) = workflow.live_jobs
    setup = job.actions_of("actions/setup-python")[0]
    assert setup.inputs == {"python-version": "3.12", "cache": "pip"}
    assert job.commands[0].evidence.where == ".github/actions/setup/action.yml:9"
    assert job.caching[0].path == ".github/actions/setup/action.yml"
    assert [step.disabled for step in job.steps if step.line == 8] == ["if: false"]


def test_job_settings(tree: Trees) -> None:
    job = job_of(
        tree,
        """
        needs: []
        runs-on: [self-hosted, linux]
        container: {image: "python:3.12"}
        services: {db: {image: postgres}}
        continue-on-error: true
        env: {UV_PYTHON: "3.10"}
        defaults: {run: {working-directory: api, shell: bash}}
        steps:
          - run: pytest
          - run: print("pytest")
            shell: python
          - run: tox
            working-directory: web
            continue-on-error: true
        """,
    )
    assert (job.runs_on, job.services) == (("self-hosted", "linux"), ("postgres",))
    assert job.env == {"UV_PYTHON": "3.10"}
    assert job.continue_on_error
    assert [step.working_directory for step in job.steps] == ["api", "api", "web"]
    assert [step.continue_on_error for step in job.steps] == [False, False, True]
    assert [command.program for command in job.commands] == ["pytest", "tox"]


@pytest.mark.parametrize(
    ("step", "kinds"),
    [
        ("uses: actions/cache@v4\nwith: {path: ~/.cache/pip, key: x}", ["dependencies"]),
        ("uses: actions/cache@v4\nwith: {path: ~/.cache/pre-commit, key: x}", ["pre-commit"]),
        ("uses: actions/cache@v4\nwith: {path: ~/.cache/huggingface, key: x}", ["other"]),
        ("uses: actions/cache@v4", []),
        ("uses: actions/cache/save@v4\nwith: {path: .venv, key: x}", []),
        ("uses: actions/setup-python@v5\nwith: {cache: pip}", ["dependencies"]),
        ("uses: actions/setup-python@v5\nwith: {cache: ''}", []),
        ("uses: actions/setup-python@v5\nwith: {python-version: '3.12'}", []),
        ("uses: astral-sh/setup-uv@v4", []),
        ("uses: astral-sh/setup-uv@v4\nwith: {enable-cache: true}", ["dependencies"]),
        ("uses: astral-sh/setup-uv@v5", ["dependencies"]),
        ("uses: astral-sh/setup-uv@v6.1.0\nwith: {enable-cache: auto}", ["dependencies"]),
        ("uses: astral-sh/setup-uv@v7\nwith: {enable-cache: false}", []),
        ("uses: astral-sh/setup-uv@main", ["dependencies"]),
        ("uses: astral-sh/setup-uv@0123456789012345678901234567890123456789", ["dependencies"]),
        ("uses: astral-sh/setup-uv@0123456789012345678901234567890123456789 # v4.2.0", []),
        ("uses: conda-incubator/setup-miniconda@v3", []),
        ("uses: docker/build-push-action@v6\nwith: {cache-from: type=gha}", ["docker"]),
        ("uses: pre-commit/action@v3.0.1", ["pre-commit"]),
        ("uses: actions/setup-python@v5\nif: false\nwith: {cache: pip}", []),
    ],
)
def test_caching(tree: Trees, step: str, kinds: list[str]) -> None:
    lines = textwrap.indent(step, "    ").strip()
    job = job_of(tree, f"runs-on: ubuntu-latest\nsteps:\n  - {lines}\n")
    assert [cache.kind for cache in job.caching] == kinds


def test_gitlab_pipeline(tree: Trees) -> None:
    found = read(
        tree,
        {
            ".gitlab-ci.yml": """\
            stages: [test, deploy]
            default:
              image: python:3.12
              before_script: [pip install uv]
            include:
              - local: /ci/lint.yml
            .base:
              cache: {paths: [.cache/pip]}
            test:
              extends: .base
              script:
                - uv run pytest
              parallel: {matrix: [{PYTHON_VERSION: ["3.11", "3.12"]}]}
            deploy:
              script: gcloud run deploy shop
              when: manual
            never:
              script: tox
              rules: [{when: never}]
            """,
            "ci/lint.yml": "lint:\n  script: ruff check .\n  only: [merge_requests]\n",
        },
    )
    (workflow,) = found.all
    jobs = {job.id: job for job in workflow.live_jobs}
    assert set(jobs) == {"test", "deploy", "lint"}
    assert jobs["test"].runs("pytest")
    assert jobs["test"].runs("pip")
    assert jobs["test"].on_change
    assert [cache.kind for cache in jobs["test"].caching] == ["dependencies"]
    assert jobs["test"].matrix is not None
    assert jobs["test"].matrix.axes["PYTHON_VERSION"].values == ("3.11", "3.12")
    assert jobs["test"].matrix.axes["PYTHON_VERSION"].kind == "python"
    assert not jobs["deploy"].automatic
    assert jobs["lint"].roots == {"pull_request"}
    assert [c.evidence.where for c in jobs["lint"].commands] == [".gitlab-ci.yml:4", "ci/lint.yml:2"]


def test_azure_and_circleci(tree: Trees) -> None:
    found = read(
        tree,
        {
            "azure-pipelines.yml": "pr: none\nsteps:\n  - script: pytest\n  - bash: |\n      tox\n",
            ".circleci/config.yml": """\
            version: 2.1
            jobs:
              test:
                docker: [{image: "cimg/python:3.12"}]
                steps: [checkout, {run: pytest}, {run: {name: Lint, command: ruff check}}]
              unused:
                docker: [{image: "cimg/python:3.12"}]
                steps: [{run: mypy}]
            workflows: {all: {jobs: [test]}}
            """,
        },
    )
    assert [[c.program for job in w.live_jobs for c in job.commands] for w in found.all] == [
        ["pytest", "tox"],
        ["pytest", "ruff"],
    ]
    assert found.all[0].roots == {"push"}


YAML_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["push", "x", "${{ matrix.os }}", "false", "./a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "on",
                    "jobs",
                    "steps",
                    "run",
                    "uses",
                    "with",
                    "if",
                    "needs",
                    "strategy",
                    "matrix",
                    "include",
                    "exclude",
                    "runs-on",
                    "push",
                    "pull_request",
                    "paths",
                    "branches",
                    "schedule",
                    "cron",
                    "env",
                    "cache",
                    "script",
                    "rules",
                    "extends",
                    "parallel",
                    "default",
                    "test",
                    "container",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@given(YAML_ANYTHING, YAML_ANYTHING)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_shape_is_read(tree: Trees, jobs: object, other: object) -> None:
    text = yaml.safe_dump({"on": other, "jobs": {"test": jobs, "build": other}})
    found = read(
        tree,
        {
            FOLDER + "ci.yml": text,
            FOLDER + "any.yml": yaml.safe_dump(other),
            ".gitlab-ci.yml": yaml.safe_dump({"test": jobs, "build": other}),
            "azure-pipelines.yml": yaml.safe_dump(jobs),
            ".circleci/config.yml": yaml.safe_dump({"jobs": jobs, "workflows": other}),
        },
    )
    assert len(found.all) == 5
    assert all(job.commands is not None for job in (*found.live_jobs, *found.dead_jobs))


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
