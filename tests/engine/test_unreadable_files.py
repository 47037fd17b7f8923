"""Files that hold no text, in every folder and under every name that means something: each costs itself and no claim."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.repositories import git

from auditor import audit
from auditor.limits import Limits
from auditor.result.audit import AuditResult
from auditor.samples import build_samples

LIMITS = Limits(file_bytes=120_000)
FOLDERS = (
    *("", "bin", "scripts", "hooks", ".githooks", ".husky", ".github", ".github/workflows", ".github/actions/set-up"),
    *(
        ".dvc",
        "configs",
        "configs/model",
        "conf",
        "tests",
        "tests/unit",
        "docs",
        "docs/source",
        "dockerfiles",
        "docker",
    ),
    *(
        ".devcontainer",
        ".vscode",
        ".circleci",
        "k8s",
        "terraform",
        "notebooks",
        "data",
        "data/raw",
        "models",
        "reports",
    ),
    *(
        "reports/figures",
        "src",
        "src/kiln",
        "src/kiln/templates",
        "static",
        "frontend",
        "wandb/run-1/files",
        "mlruns/0",
    ),
    *("outputs", "requirements", "tools/env/bin", "prometheus", "grafana", "load", "tests/performance"),
)
"""Folders in which some reader looks for something."""
NAMES = (
    *(
        "run",
        "deploy",
        "pre-commit",
        "Makefile",
        "Dockerfile",
        "README",
        "LICENSE",
        "config",
        "Pipfile",
        "Procfile",
        "justfile",
    ),
    *(
        "a.py",
        "a.ipynb",
        "a.sh",
        "a.md",
        "a.rst",
        "a.txt",
        "a.yaml",
        "a.yml",
        "a.toml",
        "a.json",
        "a.cfg",
        "a.ini",
        "a.env",
    ),
    *(
        "a.tf",
        "a.html",
        "a.js",
        "a.jsx",
        "a.vue",
        "a.jmx",
        "a.scala",
        "a.csv",
        "a.prof",
        "a.svg",
        "a.xml",
        "a.dvc",
        "a.mar",
    ),
    *("a.dockerfile", "a.onnx", "a.proto", "a.drawio", "a.ps1", "a.mk", "a.R", "a.tfvars", "a.service"),
    *(
        "docker-compose.yaml",
        "cloudbuild.yaml",
        "dvc.yaml",
        "dvc.lock",
        "devcontainer.json",
        "tasks.json",
        "package.json",
    ),
    *(
        "requirements.txt",
        "environment.yml",
        "setup.cfg",
        "setup.py",
        "tox.ini",
        "noxfile.py",
        "pixi.toml",
        "mkdocs.yml",
    ),
    *("ruff.toml", ".flake8", ".coveragerc", "coverage.xml", "bentofile.yaml", "prometheus.yml", "locustfile.py"),
    *("conftest.py", "test_a.py", "Taskfile.yml", ".pre-commit-config.yaml", ".gitattributes", ".lakefs_ref.yaml"),
)
KINDS = ("empty", "blank", "binary", "not UTF-8", "pointer", "too large", "link out", "link to nothing", "link to itself", "link to a folder")  # fmt: skip

Odd = tuple[str, str, str]
"""Folder, name and kind of one file."""


def put(root: Path, odd: Odd) -> None:
    """Put one such file into the repository, unless its name is taken."""
    folder, name, kind = odd
    path = root / folder / name
    if any(parent.is_file() for parent in path.parents if parent != root) or os.path.lexists(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind.startswith("link"):
        targets = {"out": "/usr/bin/env", "nothing": "gone/away", "itself": name, "folder": str(root / "src")}
        target = targets[kind.rpartition(" ")[2]]
        path.symlink_to(os.path.relpath(target, path.parent) if kind == "link to a folder" else target)
        return
    contents = {
        "empty": b"",
        "blank": b"\n \n\n",
        "binary": b"\x7fELF\0\1\2\3" * 40,
        "not UTF-8": b"na\xefve \xa7\n",
        "pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n",
        "too large": b"#!/bin/sh\necho kiln\n" * 7_000,
    }
    path.write_bytes(contents[kind])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = {path.name: path for path in build_samples(tmp_path_factory.mktemp("samples"))}
    return built["honest"]


def verdicts(result: AuditResult) -> dict[str, str]:
    """The verdicts by claim. No rule has failed, and no reader stumbled over a file of which it should have known better."""
    assert {claim.id: claim.error for claim in result.claims if claim.error} == {}
    assert [(one.path, one.text) for one in result.repository.problems if "Error: " in one.text] == []
    return {claim.id: claim.verdict.value for claim in result.claims}


def audited(sample: Path, odd: list[Odd]) -> AuditResult:
    """The audit of the sample with such files added to it, all tracked."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "kiln")
        shutil.copytree(sample, copy, symlinks=True)
        for one in odd:
            put(copy, one)
        git(copy, "add", "--all", "--force")
        return audit(copy, limits=LIMITS)


@pytest.fixture(scope="module")
def before(sample: Path) -> dict[str, str]:
    return verdicts(audit(sample, limits=LIMITS))


@pytest.mark.parametrize("kind", KINDS)
def test_one_of_a_kind_everywhere(kind: str, sample: Path, before: dict[str, str]) -> None:
    odd = [(folder, name, kind) for folder in FOLDERS for name in NAMES]
    after = verdicts(audited(sample, odd))
    assert {claim: (was, after[claim]) for claim, was in before.items() if was == "supported" != after[claim]} == {}


@settings(max_examples=6, deadline=None)
@given(odd=st.lists(st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES), st.sampled_from(KINDS)), max_size=12))
def test_some_here_and_there(odd: list[Odd], sample: Path, before: dict[str, str]) -> None:
    after = verdicts(audited(sample, odd))
    assert {claim: (was, after[claim]) for claim, was in before.items() if was == "supported" != after[claim]} == {}
