"""Files read in two processes at once, where somebody waits for one audit and the machine has a second processor."""

from __future__ import annotations

import os
import pickle
import signal
import warnings
from collections.abc import Sequence
from contextlib import suppress

from auditor.facts.python.modules import Modules
from auditor.facts.python.pickling import pickled, unpickled
from auditor.facts.python.reading import Reading, Unread, read_source

LEAST = 20_000
"""Characters of code, or what costs as much, from which on a second process saves more than it costs."""

Read = tuple[Reading, bytes | None]
"""A reading, and the same as bytes where they are known."""


def read_all(files: Sequence[Unread], modules: Modules, *, together: bool, seconds: float) -> list[Read]:
    """What each of `files` says, in their order; read in two processes where `together` allows it and it saves time.

    The other process lives `seconds` at most. What it does not bring is read here.
    """
    shared = other_share(files) if together and processors() > 1 and hasattr(os, "fork") else frozenset()
    if not shared:
        return [(read_source(file, modules), None) for file in files]
    import libcst  # noqa: F401 (before the fork, so that it is imported once)

    child, pipe = _started([file for number, file in enumerate(files) if number in shared], modules, seconds)
    try:
        own = {number: read_source(file, modules) for number, file in enumerate(files) if number not in shared}
        with os.fdopen(pipe, "rb") as stream:
            brought = _brought(stream.read(), len(shared))
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.waitpid(child, 0)
    found: list[Read] = []
    for number, file in enumerate(files):
        known = brought.pop(0) if number in shared else None
        reading = own.get(number) or unpickled(known or b"")
        found.append((reading, known) if isinstance(reading, Reading) else (read_source(file, modules), None))
    return found


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def other_share(files: Sequence[Unread]) -> frozenset[int]:
    """Numbers of those files that the other process reads: about half of the work; none where all of it is little."""
    if sum(file.cost for file in files) < LEAST:
        return frozenset()
    shared: set[int] = set()
    here = there = 0
    for number in sorted(range(len(files)), key=lambda number: -files[number].cost):
        if there < here:
            there += files[number].cost
            shared.add(number)
        else:
            here += files[number].cost
    return frozenset(shared)


def _started(files: Sequence[Unread], modules: Modules, seconds: float) -> tuple[int, int]:
    """A process that reads `files` and the end of a pipe through which it sends them, pickled one by one."""
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        # git's watchdog is a thread; the new process waits for no lock that it may hold, it only parses and writes
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        os.close(theirs)
        return child, ours
    with suppress(BaseException):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)  # ends it even where a parser hangs and nobody is left to
        os.close(ours)
        with os.fdopen(theirs, "wb") as stream:
            stream.write(pickle.dumps([pickled(read_source(file, modules)) for file in files], 5))
    os._exit(0)


def _brought(data: bytes, count: int) -> list[bytes | None]:
    """What came from the other process; as many times nothing where it was lost."""
    found = unpickled(data)
    return found if isinstance(found, list) and len(found) == count else [None] * count
