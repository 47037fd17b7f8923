"""Audits in a process of its own, and records what is opened, started, written and run meanwhile.

The server loads the program and audits one repository, so that everything is imported; then it forks for each task. The child
installs an audit hook (PEP 578), gives up the privileges of the system's administrator over files, audits as the command does
(`auditor.engine.isolation`), makes every output, and answers in JSON. The server measures it, and ends it with all that it started
when its time is up.
"""

# Paths are judged as the hook is given them, without a Path of every one.
# ruff: noqa: PTH115, PTH118, PTH119, PTH123

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from rich.console import Console

from auditor.engine.isolation import Done, isolated
from auditor.engine.run import run_audit
from auditor.errors import AuditError
from auditor.facts.python.parsing import trial
from auditor.limits import DEFAULT, Limits
from auditor.output import FORMATS, TO_THE_GROUP, writer
from auditor.output.terminal.advice import print_advice
from auditor.output.terminal.console import as_text, captured
from auditor.repository import git as git_door
from auditor.repository.memory import Memory
from auditor.result.audit import AuditResult
from auditor.result.json import read_result
from hostile.pace import pace
from hostile.registry import FULL

MEMORY = 3 << 30
"""Address space of a child, so that a case that goes wrong does not take the machine with it."""
MOST_EVENTS = 50
LONG = 1_000
"""Characters of a path with hundreds of folders."""
GRACE = 2.0
"""Seconds that a process may outlive the audit."""

READING = frozenset({"os.listdir", "os.scandir"})
WRITING = frozenset(
    {
        "os.remove", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "os.chown",
        "os.chflags", "os.utime", "os.setxattr", "os.removexattr", "os.lockf",
    }
)  # fmt: skip
STARTING = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "os.startfile",
        "pty.spawn",
        "os.chdir",
    }
)
OWN = os.path.join(os.path.realpath(tempfile.gettempdir()), "auditor-git-")
"""Beginning of the temporary folder in which the program may put settings of its own for git."""
FAMILIES = ("socket.", "urllib.", "ftplib.", "smtplib.", "http.", "sqlite3.", "webbrowser.", "ctypes.",
            "pickle.", "winreg.")  # fmt: skip
COMMANDS = frozenset(
    {
        "cat-file", "config", "for-each-ref", "log", "ls-files", "ls-tree", "merge-base", "rev-list", "rev-parse", "symbolic-ref",
        "version", "diff-tree", "show-ref", "check-attr",
    }
)  # fmt: skip
"""Commands of git that read only, and run no program that a repository names."""


class Recorder:
    """What the audit does and may not."""

    def __init__(self, repository: str) -> None:
        self.repository = os.path.realpath(repository)
        program = Path(git_door.__file__).resolve().parent.parent
        places = [sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path, str(program), "/usr/share/zoneinfo"]
        self.readable = tuple({os.path.realpath(place) for place in places if place and os.path.realpath(place) != "/"})
        self.events: list[str] = []
        self.commands: set[str] = set()
        self.on = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on or len(self.events) >= MOST_EVENTS:
            return
        self.on = False
        try:
            said = self.judged(event, arguments)
        except Exception as error:
            said = f"{event}: the recorder failed: {error!r}"
        if said:
            self.events.append(said.encode("utf-8", "backslashreplace").decode())
        self.on = True

    def judged(self, event: str, arguments: tuple[Any, ...]) -> str:
        """What is wrong with an event; empty where nothing is."""
        if event == "open":
            return self.opened(*arguments)
        if event in READING:
            return self.read(event, arguments[0])
        if event in WRITING or event.startswith(("shutil.", "tempfile.")):
            return self.written(event, arguments)
        if event in STARTING or event.startswith(FAMILIES):
            return f"{event} {arguments!r}"[:400]
        if event == "subprocess.Popen":
            return self.started(*arguments)
        if event in ("exec", "compile", "import"):
            return self.run(event, arguments)
        return ""

    def opened(self, path: Any, mode: Any, flags: Any) -> str:
        if isinstance(path, int):
            return ""
        name = os.fsdecode(path)
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        if (writes or (isinstance(mode, str) and set(mode) & set("wax+"))) and name != os.devnull:
            return "" if os.path.realpath(name).startswith(OWN) else f"open for writing {name!r}"[:400]
        if mode is None and "/" not in name and (flags & os.O_NOFOLLOW or called_by(shutil)):
            return ""  # relative to a folder that was opened before, and no link; or shutil takes a folder away, which is told
        return self.read("open", name)

    def written(self, event: str, arguments: tuple[Any, ...]) -> str:
        """A change of the disk: only the program's own temporary folder may see any."""
        folders = (
            [fd for fd in arguments[1:] if isinstance(fd, int) and fd > 2] if event in ("os.remove", "os.rmdir") else []
        )
        names = [os.fsdecode(name) for name in arguments if isinstance(name, str | bytes | os.PathLike)]
        if event.startswith("shutil.copy"):
            names = names[1:]  # the source is read, which is told by its opening
        base = os.readlink(f"/proc/self/fd/{folders[0]}") if folders else ""
        if names and all(os.path.realpath(os.path.join(base, name)).startswith(OWN) for name in names):
            return ""
        return f"{event} {arguments!r}"[:400]

    def read(self, event: str, path: Any) -> str:
        if isinstance(path, int):
            return ""
        real = real_path(os.fsdecode(path if path is not None else "."))
        allowed = (self.repository, *self.readable)
        if real.startswith(OWN):
            return ""
        if real == os.devnull or any(real == place or real.startswith(place + os.sep) for place in allowed):
            return ""
        return f"{event} outside {real!r}"[:400]

    def started(self, executable: Any, words: Any, folder: Any, environment: Any) -> str:
        words = [os.fsdecode(word) for word in words]
        if words == [sys.executable, "-P", "-c", trial.PROGRAM]:
            return ""  # parses a file, and does nothing with it
        index = 1
        given = set()
        while words[index : index + 1] == ["-c"]:
            given.add(words[index + 1])
            index += 2
        command = words[index] if index < len(words) else ""
        self.commands.add(command)
        missing = set(git_door.SETTINGS) - given
        variables = {os.fsdecode(k): os.fsdecode(v) for k, v in (environment or {}).items()}
        unset = [name for name, value in git_door.ENVIRONMENT.items() if variables.get(name) != value]
        if os.path.basename(words[0]) != "git" or os.fsdecode(executable) != words[0] or command not in COMMANDS:
            return f"started {words!r}"[:400]
        if command == "check-attr" and words[index + 1] != "--cached":
            return f"asked for attributes in the work tree: {words!r}"[:400]
        return f"git {command} without {missing or unset}"[:400] if missing or unset else ""

    def run(self, event: str, arguments: tuple[Any, ...]) -> str:
        if event == "exec":
            file = arguments[0].co_filename if isinstance(arguments[0], CodeType) else ""
        else:
            file = arguments[1]
        file = os.fsdecode(file) if isinstance(file, (str, bytes)) else ""
        if file and os.path.realpath(file).startswith(self.repository + os.sep):
            return f"{event} of {file!r}"[:400]
        return ""


def real_path(path: str) -> str:
    """The path without links. The system is asked where it is long: Python's own way looks at each folder from the root again."""
    if len(path) > LONG and hasattr(os, "O_PATH"):
        with contextlib.suppress(OSError):
            here = os.open(path, os.O_PATH)
            try:
                return os.readlink(f"/proc/self/fd/{here}")
            finally:
                os.close(here)
    return os.path.realpath(path)


def called_by(module: ModuleType) -> bool:
    """Whether the event comes from a function of `module`."""
    frame: FrameType | None = sys._getframe(4)  # of what called the function that is told
    return frame is not None and frame.f_code.co_filename == module.__file__


def audited(task: dict[str, Any], limits: Limits = DEFAULT) -> dict[str, Any]:
    """One audit with every output, or with the two that only a form's own result is held against, as plain data."""
    use_git, memory = task.get("use_git", True), Path(task["memory"]) if "memory" in task else None
    result = run_audit(task["path"], at=task.get("at"), use_git=use_git, limits=limits, hand_in=True, memory=memory)
    every = task.get("every_output", True)
    outputs = {name: writer(name)(result).decode("utf-8") for name in (FORMATS if every else ("json", "markdown"))}
    if every:
        outputs |= {
            f"{name} to the group": writer(name, to_the_group=True)(result).decode("utf-8") for name in TO_THE_GROUP
        }
        screen = Console(file=sys.stderr, width=100, highlight=False)
        outputs["console"] = as_text(result, screen).decode("utf-8")
        outputs["console to the group"] = captured(lambda: print_advice(result, screen), screen).decode("utf-8")
    return {
        "status": "done",
        "verdicts": verdicts(result),
        "errors": {claim.id: claim.error for claim in result.claims if claim.error},
        "problems": [(place.path, place.text) for place in result.repository.problems],
        "report": result.report.path,
        "round_trips": read_result(json.loads(outputs["json"])) == result,
        "outputs": outputs,
    }


def verdicts(result: AuditResult) -> dict[str, str]:
    """Tick, verdict and finding of every claim."""
    return {claim.id: f"{claim.ticked} {claim.verdict} {claim.finding}" for claim in result.claims}


def perform(task: dict[str, Any], recorder: Recorder, limits: Limits) -> dict[str, Any]:
    """What came of a task, and what was recorded meanwhile."""
    recorder.on = True
    try:
        answer = audited(task, limits)
    except AuditError as error:
        answer = {"status": "refused", "message": str(error)}
    except BaseException as error:
        recorder.on = False
        lines = traceback.format_exception(error)
        answer = {"status": "crashed", "message": "".join([*lines[:2], "...\n", *lines[-6:]])[-3000:]}
    recorder.on = False
    return {**answer, "events": recorder.events, "commands": sorted(recorder.commands)}


def as_a_user() -> None:
    """Obey permissions though the tests may run as the system's administrator (capabilities(7), Linux)."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    data[0] &= ~0b110
    data[1] &= ~0b110
    libc.capset(header, data)


def child(task: dict[str, Any], answers: int) -> None:
    """Perform a task and write its answer."""
    os.setpgid(0, 0)
    as_a_user()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with open(os.devnull, "r+b") as null:
        os.dup2(null.fileno(), 0)
        os.dup2(null.fileno(), 1)
    recorder = Recorder(task["repository"])
    sys.addaudithook(recorder)

    def answer(said: dict[str, Any]) -> None:
        with open(answers, "wb", closefd=False) as file:
            file.write(json.dumps(said).encode("ascii"))

    def action(limits: Limits) -> Done:
        answer({**perform(task, recorder, limits), "trial": limits.trial})
        return Done(0)

    try:
        isolated(action, DEFAULT)
    except AuditError as error:
        answer({"status": "lost", "message": str(error)})


def descendants() -> list[int]:
    """What is left of a child's processes; they become the server's own when it ends."""
    found: list[int] = []
    for thread in Path("/proc/self/task").glob("*/children"):
        found += map(int, thread.read_text().split())
    return found


def lasting(seconds: float) -> list[int]:
    """The descendants that do not end by themselves within `seconds`: git does when nobody asks it any more."""
    end = time.monotonic() + seconds
    while True:
        found = [process for process in descendants() if os.waitpid(process, os.WNOHANG)[0] == 0]
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.01)


def supervised(task: dict[str, Any]) -> dict[str, Any]:
    """The answer to a task with what it cost; `killed` where it took too long or died.

    `pace` is how many times slower than usual the machine was then, by the worse of two looks: it is measured here, in
    the process that stays, so that a case which takes all the memory of its own does not slow the measure.
    """
    slower = pace()
    most = task["seconds"] * slower
    reading, writing = os.pipe()
    started = time.monotonic()
    process = os.fork()
    if process == 0:
        os.close(reading)
        child(task, writing)
        os._exit(0)
    os.close(writing)
    data = b""
    late = False
    while True:
        left = most - (time.monotonic() - started)
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            late = True
            break
        piece = os.read(reading, 1 << 20)
        if not piece:
            break
        data += piece
    seconds = time.monotonic() - started
    os.close(reading)
    if late:
        os.killpg(process, signal.SIGKILL)
    _, status, usage = os.wait4(process, 0)
    left_over = lasting(GRACE)
    for other in left_over:
        os.kill(other, signal.SIGKILL)
        os.waitpid(other, 0)
    if late:
        answer = {"status": "late", "message": f"not finished after {most:.1f} seconds"}
    elif not data:
        answer = {"status": "killed", "message": f"the process ended with status {status}"}
    else:
        answer = json.loads(data)
    return {
        "events": [],
        "commands": [],
        **answer,
        "seconds": seconds,
        "cpu": usage.ru_utime + usage.ru_stime,
        "pace": max(slower, pace()),
        "memory": usage.ru_maxrss * 1024,
        "left_over": 0 if late else len(left_over),
    }


def remembering(task: dict[str, Any], memory: Path, warm: str) -> dict[str, Any]:
    """`task` with the memory of an audit of `warm`, as if this repository had been audited before the hostile thing came."""
    before = Memory(memory, Path(warm).resolve()).load()
    if before is not None:
        Memory(memory, Path(task["repository"]).resolve()).save(before)
    return {**task, "memory": str(memory)}


def serve(warm: str) -> None:
    """Audit `warm`, then perform a task for each line of standard input.

    As for a user who audits again, what the group's own Python files say is remembered; in the whole run it is read anew.
    """
    os.chdir("/")
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    import gc

    with tempfile.TemporaryDirectory(prefix=f"{os.path.basename(OWN)}memory-") as folder:
        memory = Path(folder)
        audited({"path": warm} if FULL else {"path": warm, "memory": folder})
        gc.collect()
        gc.freeze()
        for line in sys.stdin.buffer:
            task = json.loads(line) if FULL else remembering(json.loads(line), memory, warm)
            out.write(json.dumps(supervised(task)).encode("ascii") + b"\n")
            out.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
