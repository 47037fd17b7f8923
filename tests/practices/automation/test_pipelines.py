"""What jobs run, with their commands followed; linters, formatters, and pre-commit."""

from __future__ import annotations

import pytest
from support.trees import Trees

from auditor.facts.pre_commit import PreCommit
from auditor.formats.shell import parse_commands
from auditor.injection import Facts
from auditor.practices.automation.following import runs_hooks
from auditor.practices.automation.job_work import is_test_run
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.style.linters import Linters, is_style_command, rewrites

WORKFLOW = "on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {}\n"
RUFF = "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.8.0\n    hooks:\n      - id: ruff\n"


def facts_of(tree: Trees, files: dict[str, str]) -> Facts:
    return tree(files).facts


@pytest.mark.parametrize(
    ("text", "style", "rewriting"),
    [
        ("ruff check .", True, False),
        ("uvx ruff@0.8.0 check --fix .", True, False),
        ("ruff format --check .", True, False),
        ("ruff format .", True, True),
        ("python -m black src", True, True),
        ("black --diff src", True, False),
        ("isort . --check-only", True, False),
        ("isort .", True, True),
        ("flake8", True, False),
        ("ruff --version", False, False),
        ("ruff rule E501", False, False),
        ("black --version", False, False),
        ("pip install ruff", False, False),
        ("mypy src", False, False),
        ("echo ruff check", False, False),
    ],
)
def test_style_commands(text: str, style: bool, rewriting: bool) -> None:
    (command,) = parse_commands(text)
    assert (is_style_command(command), rewrites(command)) == (style, rewriting)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("pre-commit run --all-files", True),
        ("uvx pre-commit run -a", True),
        ("pre-commit", True),
        ("prek run", True),
        ("pre-commit install", False),
        ("pre-commit --version", False),
        ("pip install pre-commit", False),
    ],
)
def test_running_hooks(text: str, runs: bool) -> None:
    (command,) = parse_commands(text)
    assert runs_hooks(command) is runs


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("pytest -q", True),
        ("coverage run -m pytest", True),
        ("pytest --collect-only", False),
        ("pytest --version", False),
    ],
)
def test_running_tests(text: str, runs: bool) -> None:
    (command,) = parse_commands(text)
    assert is_test_run(command) is runs


def test_commands_are_followed_and_disabled_steps_are_dead(tree: Trees) -> None:
    workflow = WORKFLOW.format("make check") + "      - if: false\n        run: make lint\n"
    make = "check:\n\tpytest\n\nlint:\n\truff check .\n"
    pipelines = facts_of(tree, {".github/workflows/ci.yml": workflow, "Makefile": make}).get(Pipelines)
    (work,) = pipelines.on_change
    assert [evidence.where for evidence in work.tests] == ["Makefile:2"]
    assert pipelines.lints(work) == ()
    (dead,) = pipelines.dead
    assert [evidence.where for evidence in pipelines.lints(dead)] == ["Makefile:5"]


def test_formatter_that_rewrites_checks_with_a_diff_after_it(tree: Trees) -> None:
    for script, checked in (("black src", 0), ("black src && git diff --exit-code", 1)):
        facts = facts_of(tree, {".github/workflows/ci.yml": WORKFLOW.format(script)})
        pipelines = facts.get(Pipelines)
        (work,) = pipelines.on_change
        assert len(pipelines.lints(work)) == checked
        assert len(work.rewrites) == 1 - checked


def test_pre_commit_lints_only_with_a_hook_for_style(tree: Trees) -> None:
    other = RUFF.replace("id: ruff", "id: check-yaml")
    for hooks, expected in ((RUFF, 1), (other, 0)):
        files = {".github/workflows/ci.yml": WORKFLOW.format("pre-commit run -a"), ".pre-commit-config.yaml": hooks}
        pipelines = facts_of(tree, files).get(Pipelines)
        assert len(pipelines.lints(pipelines.on_change[0])) == expected


VALID = {
    "two": (RUFF + "      - id: ruff-format\n", ["ruff", "ruff-format"]),
    "local without revision": (
        "repos:\n  - repo: local\n    hooks:\n      - {id: types, entry: mypy src}\n",
        ["types"],
    ),
    "flow style": ("repos: [{repo: https://example.org/h, rev: v1, hooks: [{id: black}]}]\n", ["black"]),
    "no revision": (RUFF.replace("    rev: v0.8.0\n", ""), []),
    "no id": (RUFF.replace("id: ruff", "name: ruff"), []),
    "no hooks": ("repos: []\n", []),
    "comments": ("# repos:\n#   - repo: local\n", []),
    "broken": ("repos:\n\t- repo: x\n", []),
    "a list": ("- repo: x\n", []),
}


@pytest.mark.parametrize(("text", "hooks"), VALID.values(), ids=VALID)
def test_valid_hooks(tree: Trees, text: str, hooks: list[str]) -> None:
    found = facts_of(tree, {".pre-commit-config.yaml": text}).get(PreCommit)
    assert [hook.id for hook in found.hooks if hook.in_effect] == hooks
    assert bool(found.empty) is not bool(hooks)


def test_hooks_out_of_effect(tree: Trees) -> None:
    manual = RUFF + "        stages: [manual]\n"
    files = {
        ".pre-commit-config.yaml": manual,
        ".github/workflows/.pre-commit-config.yaml": RUFF,
        "part/.pre-commit-config.yaml": RUFF,
        "part/pyproject.toml": "[project]\nname = 'part'\n",
        "other/.pre-commit-config.yml": RUFF,
        "third_party/x/.pre-commit-config.yaml": RUFF,
    }
    found = facts_of(tree, files).get(PreCommit)
    assert [hook.path for hook in found.hooks if hook.in_effect] == ["part/.pre-commit-config.yaml"]
    assert len(found.hooks) == 4


def test_hooks_by_other_means(tree: Trees) -> None:
    files = {
        ".githooks/pre-commit": "#!/bin/sh\nruff check\n",
        "lefthook.yml": "pre-commit:\n  jobs: []\n",
        "src/pre-commit": "x\n",
    }
    found = facts_of(tree, files).get(PreCommit)
    assert [evidence.path for evidence in found.scripts] == [".githooks/pre-commit", "lefthook.yml"]


def test_what_is_set_up_for_style(tree: Trees) -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'shop'\n\n[tool.ruff]\nline-length = 100\n",
        "setup.cfg": "[flake8]\nmax-line-length = 100\n",
        ".pylintrc": "# nothing\n",
        "requirements.txt": "black\n",
        ".pre-commit-config.yaml": RUFF,
    }
    found = facts_of(tree, files).get(Linters)
    assert [evidence.where for evidence in found.configured] == ["pyproject.toml:4", "setup.cfg:2"]
    assert [evidence.where for evidence in found.hooks] == [".pre-commit-config.yaml:5"]
    assert [evidence.path for evidence in found.declared] == ["requirements.txt"]
