"""An audit in a process of its own, so that a parser that dies or hangs is told in a line.

Parsers in native code can overflow the stack, which ends their process without a word, and nothing within a process can stop
them. The audit is done in a fork; where that is lost, it is done once more with every Python file on trial first, which
finds the file at fault and leaves it out. Where the system has no fork (Windows), it is done in this process.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable

from auditor.errors import AuditError
from auditor.limits import Limits
from auditor.records import replace

TICK = 0.02
"""Seconds between two looks at the fork, where the system cannot wait for it with a limit."""


def isolated(action: Callable[[Limits], int], limits: Limits) -> int:
    """The exit status of `action(limits)`, done in a fork within `limits.seconds`; a second time with files on trial.

    `action` must write its output at its end only, and tell its errors itself. Raises AuditError where it is lost twice.
    """
    if not hasattr(os, "fork"):
        return action(limits)
    status = in_fork(action, limits)
    if status is None or status < 0:
        status = in_fork(action, replace(limits, trial=True))
    if status is None:
        raise AuditError(
            f"the audit was not finished after {limits.seconds:g} seconds; --limit seconds=... gives it more"
        )
    if status < 0:
        raise AuditError(
            f"the audit was ended by {signal.Signals(-status).name}: something in the repository is not borne"
        )
    return status


def in_fork(action: Callable[[Limits], int], limits: Limits) -> int | None:
    """The exit status of `action(limits)` in a fork: negative the signal that ended it, None where it took too long."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        status = 2
        try:
            bound_memory(limits.memory_bytes)
            status = action(limits)
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)
    try:
        return status_within(child, limits.seconds)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise


def bound_memory(size: int) -> None:
    """Let this process have no more address space than `size` bytes."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


def status_within(child: int, seconds: float) -> int | None:
    """How a child process ended; None where it did not within `seconds`, and was killed."""
    end = time.monotonic() + seconds
    if hasattr(os, "pidfd_open"):
        try:
            descriptor = os.pidfd_open(child)
        except OSError:  # a kernel without it
            descriptor = -1
        if descriptor >= 0:
            try:
                select.select([descriptor], [], [], seconds)
            finally:
                os.close(descriptor)
            end = time.monotonic()
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(TICK)
