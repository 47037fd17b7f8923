"""Workflow files as models: triggers, jobs, steps, what runs at all."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.trees import Trees
from support.workflow_files import FOLDER, job_of, one, read, with_on


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


def test_tags_alone_are_no_change(tree: Trees) -> None:
    workflow = one(tree, with_on("on:\n  push:\n    tags: ['v*']"))
    assert (workflow.on_change, set(workflow.roots)) == (False, {"tag"})


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
@example({"on": None, "jobs": None, "if": None}, None)
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
