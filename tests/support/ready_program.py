"""The program, loaded and waiting: each command of a test is run by a fork of it, which spares the test what a start costs.

The fork has the folder, environment, arguments and streams of a process that was started for the command alone, and ends as that
would. What a test says of the start itself (what is imported, which folders are searched) needs a real one.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

SERVER = "import sys; sys.path[:0] = sys.argv[1:3]; from support.ready_program import serve; serve()"
TESTS = Path(__file__).resolve().parent.parent
LOADED = (
    "auditor.cli", "auditor.engine.run", "auditor.output", "auditor.output.terminal.advice", "auditor.output.terminal.console",
    "auditor.batch.run", "auditor.review.decisions", "auditor.output.markdown", "auditor.output.pages",
)  # fmt: skip


class Ready:
    """A process that forks for each command."""

    def __init__(self, *, warm: bool) -> None:
        command = [sys.executable, "-P", "-c", SERVER, str(TESTS), str(TESTS.parent), *(["warm"] if warm else [])]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        atexit.register(self._process.kill)

    def run(
        self,
        words: list[str],
        folder: Path | None,
        environment: dict[str, str],
        seconds: float,
        *,
        bound: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """What the command said and how it ended. Raises TimeoutExpired.

        `bound` by rights, as a user is and the system's administrator is not.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        with tempfile.TemporaryDirectory() as streams:
            out, err = Path(streams, "out"), Path(streams, "err")
            task = {
                "words": words,
                "folder": str(folder or Path.cwd()),
                "environment": environment,
                "out": str(out),
                "err": str(err),
                "seconds": seconds,
                "bound": bound,
            }
            self._process.stdin.write(json.dumps(task).encode("ascii") + b"\n")
            self._process.stdin.flush()
            status = json.loads(self._process.stdout.readline())
            if status is None:
                raise subprocess.TimeoutExpired(words, seconds)
            said = [path.read_bytes().decode().replace("\r\n", "\n") for path in (out, err)]
        return subprocess.CompletedProcess(words, status, *said)


@cache
def ready_program(*, warm: bool = True) -> Ready:
    """The one of this test process; a `warm` one has audited before, so that its patterns are compiled and its tables read."""
    return Ready(warm=warm)


def serve() -> None:
    """Fork for every task on standard input, and answer with the exit status of each, null where its time was up."""
    import gc
    import importlib
    import signal
    import time

    for name in LOADED:
        importlib.import_module(name)
    from auditor.course.rulebook import load_rulebook

    load_rulebook()
    if "warm" in sys.argv:
        audit_once()
    gc.collect()
    gc.freeze()
    answers = os.fdopen(os.dup(1), "wb")
    for line in sys.stdin.buffer:
        task = json.loads(line)
        child = os.fork()
        if child == 0:
            os.setsid()
            perform(task)
        end = time.monotonic() + task["seconds"]
        status: int | None = None
        while True:
            ended, code = os.waitpid(child, os.WNOHANG)
            if ended:
                status = os.waitstatus_to_exitcode(code)
                break
            if time.monotonic() > end:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                break
            time.sleep(0.005)
        answers.write(json.dumps(status).encode() + b"\n")
        answers.flush()


def audit_once() -> None:
    """Audit the honest sample, with every output."""
    from hostile.driver import audited

    from auditor.samples import build_sample, read_samples

    with tempfile.TemporaryDirectory() as folder:
        sample = next(sample for sample in read_samples() if sample.name == "honest")
        audited({"path": str(build_sample(sample, Path(folder, "kiln")))})


def perform(task: dict[str, object]) -> None:
    """Be the command, and end as it does."""
    from auditor.cli import main

    status = 70
    try:
        os.chdir(str(task["folder"]))
        os.environ.clear()
        os.environ.update(task["environment"])  # type: ignore[call-overload]
        for number, name in ((0, os.devnull), (1, task["out"]), (2, task["err"])):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
            opened = os.open(str(name), flags, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            for number, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        if task["bound"]:
            from hostile.driver import as_a_user

            as_a_user()
        sys.argv = ["auditor", *task["words"]]  # type: ignore[misc]
        try:
            main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)
