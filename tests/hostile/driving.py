"""The tests' end of the driver: one server for a test process, tasks in, outcomes out."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from auditor.records import Record
from hostile.registry import BARE, COMMIT, FOLDER

TESTS = Path(__file__).resolve().parent.parent
WALL = 5.0
"""Times the processor time that a case is given: the machine may have other work. Less than git's own limit for what costs little."""


class Outcome(Record):
    """What came of an audit. `status` is done, refused, crashed, lost, killed or late; seconds are the processor's.

    `trial` where the audit was lost at first, and made again with every Python file on trial. `pace` is how many times slower than
    usual the machine was meanwhile, 1 at least.
    """

    status: str
    message: str
    verdicts: dict[str, str]
    errors: dict[str, str]
    problems: tuple[tuple[str, str], ...]
    report: str | None
    round_trips: bool
    outputs: dict[str, str]
    events: tuple[str, ...]
    commands: tuple[str, ...]
    seconds: float
    wall: float
    pace: float
    memory: int
    left_over: int
    trial: bool


class Driver:
    """A process that audits."""

    def __init__(self, warm: Path) -> None:
        code = "import sys; sys.path[:0] = sys.argv[1:3]; from hostile.driver import serve; serve(sys.argv[3])"
        # -P: the folder it runs in is not searched for modules
        command = [sys.executable, "-P", "-B", "-c", code, str(TESTS), str(TESTS.parent), str(warm)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        atexit.register(self._process.kill)

    def audit(
        self, repository: Path, form: str, seconds: float = 10.0, folder: str = "", *, every_output: bool = True
    ) -> Outcome:
        """Audit a repository in one of the forms, or a folder in it.

        What is written depends on the result alone: one form may stand for all.
        """
        task: dict[str, Any] = {
            "path": str(repository / folder),
            "repository": str(repository),
            "seconds": seconds * WALL,
            "every_output": every_output,
        }
        if form == COMMIT:
            task["at"] = "HEAD"
        elif form == BARE:
            task["path"] = task["repository"] = str(repository / ".git")
        elif form == FOLDER:
            task["use_git"] = False
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(task).encode("ascii") + b"\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Outcome(
            answer["status"],
            answer.get("message", ""),
            answer.get("verdicts", {}),
            answer.get("errors", {}),
            tuple((path, text) for path, text in answer.get("problems", ())),
            answer.get("report"),
            answer.get("round_trips", True),
            answer.get("outputs", {}),
            tuple(answer["events"]),
            tuple(answer["commands"]),
            answer["cpu"],
            answer["seconds"],
            answer["pace"],
            answer["memory"],
            answer["left_over"],
            answer.get("trial", False),
        )


@cache
def driver_for(warm: Path) -> Driver:
    """The driver of this test process."""
    return Driver(warm)
