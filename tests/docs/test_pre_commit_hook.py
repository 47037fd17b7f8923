"""The pre-commit hook as pre-commit installs and runs it, in sample groups' repositories and without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from support.checkout import ROOT
from support.repositories import git
from support.source_copies import OFFLINE, SITE_PACKAGES, copy_sources

from auditor.samples import build_samples

SETTING = "repos:\n- repo: {repository}\n  rev: v1\n  hooks:\n  - id: auditor\n    args: [{arguments}]\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it has installed."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as a repository with a tag, as pre-commit fetches it."""
    folder = copy_sources(tmp_path_factory.mktemp("auditor"))
    git(folder, "init", "-q")
    git(folder, "add", "--all", "--force")
    git(folder, "-c", "user.name=Ada Lind", "-c", "user.email=ada@example.org", "commit", "-q", "-m", "first")
    git(folder, "tag", "v1")
    return folder


@pytest.fixture
def samples(tmp_path: Path) -> dict[str, Path]:
    return {path.name: path for path in build_samples(tmp_path)}


def environment(home: Path) -> dict[str, str]:
    """No network; the hook's own environment finds the dependencies where this one has them."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON", "PYTEST"))}
    return {
        **clean,
        **OFFLINE,
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PYTHONPATH": str(SITE_PACKAGES),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "Ada Lind",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada Lind",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
    }


def run(group: Path, home: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in the group's repository."""
    return subprocess.run(
        list(command),
        cwd=group,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def pre_commit(group: Path, home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return run(group, home, sys.executable, "-m", "pre_commit", *words)


def configure(group: Path, source: Path, arguments: str = "") -> None:
    """Put the hook into the group's configuration, alone."""
    (group / ".pre-commit-config.yaml").write_text(
        SETTING.format(repository=source, arguments=arguments), encoding="utf-8"
    )
    git(group, "add", ".pre-commit-config.yaml")


def test_the_manifest() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["id"] == "auditor"
    assert hook["entry"] == "auditor check --fail-on hand-in"
    assert hook["language"] == "python"
    assert (hook["pass_filenames"], hook["always_run"], hook["require_serial"]) == (False, True, True)
    assert hook["stages"] == ["pre-commit", "pre-push", "manual"]
    assert hook["description"]


def test_pre_commit_finds_the_manifest_valid() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], check=False
    )
    assert done.returncode == 0


def test_it_blocks_what_does_not_add_up(source: Path, home: Path, samples: dict[str, Path]) -> None:
    hollow = samples["hollow"]
    configure(hollow, source, '--fail-on, "discrepancy,hand-in"')
    done = pre_commit(hollow, home, "run", "auditor")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "M14.logging" in done.stdout
    places = list((home / "pre-commit").glob("repo*/py_env-*/lib/python*/site-packages/auditor/cli"))
    assert len(places) == 1  # it is not this environment's program that ran
    # a real commit: git tells its hooks where the index is, and auditor must not be led astray by that
    assert pre_commit(hollow, home, "install").returncode == 0
    before = git(hollow, "rev-parse", "HEAD")
    committed = run(hollow, home, "git", "commit", "-am", "One more change")
    assert committed.returncode == 1
    assert "M14.logging" in committed.stdout + committed.stderr
    assert git(hollow, "rev-parse", "HEAD") == before
    assert git(hollow, "fsck") == ""


def test_it_blocks_a_key_by_itself(source: Path, home: Path, samples: dict[str, Path]) -> None:
    honest = samples["honest"]
    configure(honest, source)
    key = honest / "bot.py"
    key.write_text("T = 'ghp_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b2C'\n")
    try:
        done = pre_commit(honest, home, "run", "auditor")
    finally:
        key.unlink()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "H.secrets" in done.stdout


def test_it_lets_through_what_adds_up(source: Path, home: Path, samples: dict[str, Path]) -> None:
    honest = samples["honest"]
    configure(honest, source)
    assert pre_commit(honest, home, "install").returncode == 0
    before = git(honest, "rev-parse", "HEAD")
    committed = run(honest, home, "git", "commit", "-am", "One more change")
    assert committed.returncode == 0, committed.stdout + committed.stderr
    assert "Passed" in committed.stdout + committed.stderr
    assert git(honest, "rev-parse", "HEAD~1") == before
    assert git(honest, "status", "--porcelain") == ""


def test_arguments_set_what_blocks(source: Path, home: Path, samples: dict[str, Path]) -> None:
    configure(samples["hollow"], source, "--fail-on, never")
    done = pre_commit(samples["hollow"], home, "run", "auditor", "--hook-stage", "manual")
    assert done.returncode == 0, done.stdout + done.stderr
    configure(samples["hollow"], source, "--report, no.md")
    done = pre_commit(samples["hollow"], home, "run", "auditor")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "exit code: 2" in done.stdout and "auditor: " in done.stdout
    configure(samples["honest"], source, "--fail-on, query")
    done = pre_commit(samples["honest"], home, "run", "auditor", "--hook-stage", "pre-push")
    assert done.returncode == 1, done.stdout + done.stderr
