"""A process that does the work of one group after another, and can be killed without harm to the others.

Parsers in native code can hang or take their process with them, and no thread can be stopped from outside. So the work is
done in a child process: too slow, it is killed; dead, it is told from what; either way the next group gets a new one.
Parent and child speak JSON, a line each way. The child is started as a program, not by `multiprocessing`, because the workers of
a Dask cluster are daemons, which may have no children of that kind.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.batch.one_group import Outcome, Task
from auditor.records import Record, as_dict, replace

BEGUN = b"begun\n"
"""What a child says when it begins to read a repository's files; its outcome follows."""

COLLECTED = 8
"""Tasks after which a child collects its garbage; a collection costs as much as a tenth of an audit."""

_here = threading.local()
_children: set[Child] = set()
_children_lock = threading.Lock()


class Lost(Record):
    """How a child was lost, and whether it had begun to read the repository's files."""

    problem: str
    begun: bool


class Child:
    """One child process that performs tasks."""

    def __init__(self) -> None:
        program = Path(__file__).resolve().parent.parent.parent
        # -P: the current folder, which may be a group's, is not searched for modules
        command = [sys.executable, "-P", "-c", CHILD_PROGRAM, str(program)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name != "nt",
        )
        with _children_lock:
            _children.add(self)

    @property
    def alive(self) -> bool:
        """Whether it can take a task."""
        return self._process.poll() is None

    def perform(self, task: Task, seconds: float) -> Outcome | Lost:
        """The outcome of `task`; or how the process was lost."""
        watch = Watch(seconds, self.kill)
        answer, begun = b"", False
        assert self._process.stdin is not None and self._process.stdout is not None
        with watch.running(), contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(as_dict(task)).encode() + b"\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
            if answer == BEGUN:
                begun = True
                answer = self._process.stdout.readline()
        if answer.endswith(b"\n") and not watch.expired:
            return Outcome.from_dict(json.loads(answer))
        self.kill()
        if watch.expired:
            return Lost(f"not finished after {seconds:g} seconds: stopped", begun)
        return Lost(f"the process that audited it {how_it_ended(self._process.wait())}", begun)

    def kill(self) -> None:
        """End the process and those that it started (git), at once."""
        with _children_lock:
            _children.discard(self)
        with contextlib.suppress(OSError):
            if os.name == "nt":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Watch:
    """Calls `act` when the time is up, unless it is over before."""

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self.expired = False
        self._act = act
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True

    def _ring(self) -> None:
        self.expired = True
        self._act()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Watch what is done within."""
        self._timer.start()
        try:
            yield
        finally:
            self._timer.cancel()


def supervised(task: Task, seconds: float) -> Outcome:
    """Perform `task` in this thread's child process, within `seconds`. This is what an executor runs.

    Where the child is lost over the repository's files, the task is done once more with every Python file on trial first: it
    may be one of them that no parser survives.
    """
    outcome = this_threads_child().perform(task, seconds)
    if isinstance(outcome, Lost) and outcome.begun:
        outcome = this_threads_child().perform(replace(task, limits=(*task.limits, "trial=1")), seconds)
    return Outcome(address=task.repository, problem=outcome.problem) if isinstance(outcome, Lost) else outcome


def this_threads_child() -> Child:
    """The child that this thread keeps; a new one where it was lost."""
    child: Child | None = getattr(_here, "child", None)
    if child is None or not child.alive:
        child = _here.child = Child()
    return child


def kill_children() -> None:
    """End all children of this process, whatever they are doing."""
    with _children_lock:
        children = list(_children)
    for child in children:
        child.kill()


def how_it_ended(status: int) -> str:
    """A process's end in words."""
    if status >= 0:
        return f"ended by itself (exit status {status})"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"


def serve() -> None:
    """What the child does: a task from each line of standard input, its outcome to standard output."""
    from auditor.batch.clones import forget_variables
    from auditor.batch.one_group import perform
    from auditor.engine.isolation import bound_memory
    from auditor.limits import DEFAULT

    forget_variables()
    if os.name != "nt":
        bound_memory(DEFAULT.memory_bytes)
    gc.disable()  # an audit makes a million objects, nearly none of them in cycles: collecting while it runs is wasted
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not be taken for an outcome

    def begun() -> None:
        out.write(BEGUN)
        out.flush()

    for done, line in enumerate(sys.stdin.buffer):
        given = json.loads(line)
        task = Task(**{**given, "known": tuple(given["known"]), "limits": tuple(given["limits"])})
        try:
            outcome = perform(task, begun)
        except Exception as error:  # a fault of the program costs one group, not the class
            outcome = Outcome(
                address=task.repository, problem=f"an error of the program itself: {type(error).__name__}: {error}"
            )
        text = json.dumps(outcome.to_dict(), ensure_ascii=True)
        out.write(text.encode("ascii") + b"\n")
        out.flush()
        del outcome, text
        if done % COLLECTED == 0:
            gc.collect()
            gc.freeze()  # what is left is code and tables, which need not be looked at again


CHILD_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from auditor.batch.supervision import serve; serve()"
"""The program comes first on the child's path, so that it runs the same one, installed or not."""
