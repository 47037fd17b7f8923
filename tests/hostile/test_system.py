"""What an audit of a hostile repository asks of the system, as the system sees it (strace): git's part too."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.checkout import ROOT

if sys.platform != "linux" or shutil.which("strace") is None:
    pytest.skip("strace is not installed here", allow_module_level=True)

from hostile.ground import Grounds, shared_grounds
from hostile.pace import pace
from hostile.registry import BARE, COMMIT, WORK_TREE, all_cases

CASES = {case.full_name: case for case in all_cases()}
TRACED = (
    ("git-settings_that_run_programs", WORK_TREE),
    ("git-aliases_and_helpers", COMMIT),
    ("git-filters_and_textconv", WORK_TREE),
    ("git-hooks", WORK_TREE),
    ("git-submodules", WORK_TREE),
    ("git_history-partial_clone_of_a_program", BARE),
    ("link-to_files_outside", WORK_TREE),
    ("link-folders_upwards", WORK_TREE),
    ("python-code_that_would_act", WORK_TREE),
)
CALLS = "execve,execveat,connect,sendto,open,openat,openat2,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat,truncate,chmod,fchmodat,mknod,mknodat"  # fmt: skip
LINE = re.compile(r"^\d+ +(?P<call>\w+)\((?P<arguments>.*)\) += (?P<answer>-?\d+)(?:<(?P<file>.*?)>)?(?: .*)?$")
SYSTEM = ("/usr/", "/lib", "/etc/ld.so", "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/etc/mime.types", "/etc/locale.alias", "/etc/ssl/", "/proc/", "/sys/", "/dev/null", "/dev/urandom", "/bin/")  # fmt: skip
"""/etc/passwd is read by C's library where git asks for the user's home."""


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    return shared_grounds(tmp_path_factory.getbasetemp())


def traced(words: list[str], folder: Path) -> Iterator[tuple[str, str, str]]:
    """Call, arguments and file (of an answer) of each call that succeeded."""
    log = folder / "trace"
    command = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-s",
        "1000",
        "-e",
        f"trace={CALLS}",
        "-e",
        "signal=none",
        "-o",
        str(log),
        *words,
    ]
    environment = os.environ | {
        "TMPDIR": str(folder / "scratch"),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=120 * pace())
    assert done.returncode in (0, 1), done.stderr.decode("utf-8", "replace")
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    assert lines
    for line in lines:
        found = LINE.match(line)
        if found and not found["answer"].startswith("-"):
            yield found["call"], found["arguments"], found["file"] or ""


@pytest.mark.parametrize(("name", "form"), TRACED)
def test_nothing_but_git_is_started_and_nothing_else_is_opened(
    name: str, form: str, grounds: Grounds, tmp_path: Path
) -> None:
    ground = grounds.ground(CASES[name])
    path = ground.dot_git if form == BARE else ground.repository
    output, scratch = tmp_path / "audit.json", tmp_path / "scratch"
    scratch.mkdir()
    command = [
        sys.executable,
        "-P",
        "-B",
        "-m",
        "auditor",
        "audit",
        str(path),
        "--format",
        "json",
        "--output",
        str(output),
        "--no-memory",  # the user's cache is held to account in tests of what is remembered
    ]
    command += ["--at", "HEAD"] if form == COMMIT else []
    program = ROOT
    readable = (
        *SYSTEM,
        sys.prefix,
        sys.base_prefix,
        str(program),
        str(ground.repository),
        *filter(None, sys.path),
    )
    found, started, opened = [], 0, 0
    for call, arguments, file in traced(command, tmp_path):
        if call in ("execve", "execveat"):
            started += 1
            if not re.match(rf'"(?:{re.escape(sys.executable)}|(?:/[\w.-]+)*/git)", \[', arguments):
                found.append(f"{call} {arguments[:300]}")
        elif call in ("open", "openat", "openat2", "creat"):
            opened += 1
            writes = re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", arguments)
            own = file == str(output) or f"{file}/".startswith(f"{scratch}/")
            if not own and (
                (writes and file != "/dev/null") or not (file.startswith(readable) or file in (str(tmp_path), "/proc"))
            ):
                found.append(f"{call} {arguments[:300]} -> {file}")
        elif str(scratch) not in arguments:
            found.append(f"{call} {arguments[:300]}")
    assert found == []
    assert list(scratch.iterdir()) == []
    assert started > 3 and opened > 100
    assert output.stat().st_size > 10_000
    assert grounds.unchanged(CASES[name])


def test_modules_in_the_current_folder_are_not_imported(grounds: Grounds) -> None:
    """`auditor audit .` and `python -m auditor audit .` within a repository that has modules of every name."""
    ground = grounds.ground(CASES["python-code_that_would_act"])
    script = Path(sys.executable).with_name("auditor")
    commands = [[sys.executable, "-B", "-m", "auditor"]] + ([[str(script)]] if script.exists() else [])
    for command in commands:
        done = subprocess.run(
            [*command, "audit", "."], cwd=ground.repository, capture_output=True, check=False, timeout=60 * pace()
        )
        assert done.returncode in (0, 1), done.stderr.decode("utf-8", "replace")
    assert not ground.mark.exists()


SLOWED = (
    "name-of_workflows",
    "output-several_secrets_on_a_line",
    "git_history-checkout_of_a_pull_request",
    "git_history-a_folder_that_is_untracked",
)


def test_a_traced_audit_prints_its_result_once_and_finishes(grounds: Grounds, tmp_path: Path) -> None:
    """An audit forks, and a tracer holds the fork at its end: what it had to say is neither lost nor said by both."""
    for name in SLOWED:
        path = grounds.ground(CASES[name]).repository / CASES[name].folder
        command = ["strace", "-f", "-qq", "-e", "trace=execve,exit_group", "-o", str(tmp_path / "trace")]
        command += [sys.executable, "-P", "-B", "-m", "auditor", "audit", str(path), "--format", "json", "--no-memory"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60 * pace())
        assert done.returncode in (0, 1), done.stderr.decode("utf-8", "replace")
        assert done.stderr == b""
        assert json.loads(done.stdout)["claims"], name
        assert done.stdout.count(b'"schema_version"') == 1, name
        ends = re.findall(r"^(\d+) +exit_group\(", (tmp_path / "trace").read_text(), re.MULTILINE)
        assert len(set(ends)) > 2, "the fork and git were traced too"
