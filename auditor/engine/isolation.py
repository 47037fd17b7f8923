"""An audit in a process of its own, so that a parser that dies or hangs is told in a line.

Parsers in native code can overflow the stack, which ends their process without a word, and nothing within a process can stop
them. The audit is done in a fork; where that is lost, it is done once more with every Python file on trial first, which
finds the file at fault and leaves it out. What the fork has to say comes through a pipe, whole or not at all, and the parent
prints it: so nothing is printed twice, and whether the fork has finished is no guess, even where a debugger holds it.
Where the system has no fork (Windows), the audit is done in this process.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from struct import Struct

import msgspec

from auditor.errors import AuditError
from auditor.limits import Limits
from auditor.records import Record, replace

CHUNK_BYTES = 1 << 20
SIZE = Struct(">Q")
"""How many bytes a fork has to say; they follow."""


class Piece(Record):
    """Bytes to be written to a file (its path as the system has it), or to standard output where none is named."""

    data: bytes
    file: bytes = b""


class Done(Record):
    """What came of an action: its exit status, what it writes, and what it complains of."""

    status: int
    pieces: tuple[Piece, ...] = ()
    complaint: str = ""


class Lost(Record):
    """How a fork was lost: by a signal, or (0) because it took too long."""

    by: int = 0


def isolated(action: Callable[[Limits], Done], limits: Limits) -> Done:
    """What `action(limits)` gives, done in a fork within `limits.seconds`; a second time with files on trial.

    `action` must write nothing itself, and tell its errors in what it gives. Raises AuditError where it is lost twice.
    """
    if not hasattr(os, "fork"):
        return action(limits)
    done = in_fork(action, limits)
    if isinstance(done, Lost):
        done = in_fork(action, replace(limits, trial=True))
    if not isinstance(done, Lost):
        return done
    if done.by:
        raise AuditError(
            f"the audit was ended by {signal.Signals(done.by).name}: something in the repository is not borne"
        )
    raise AuditError(f"the audit was not finished after {limits.seconds:g} seconds; --limit seconds=... gives it more")


def in_fork(action: Callable[[Limits], Done], limits: Limits) -> Done | Lost:
    """What `action(limits)` gives in a fork; or how that was lost."""
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 2
        try:
            os.close(reading)
            bound_memory(limits.memory_bytes)
            tell(writing, msgspec.msgpack.encode(action(limits)))
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    try:
        said = heard(reading, time.monotonic() + limits.seconds)
        if said is None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)  # it ends now, or when who traces it lets it
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    finally:
        os.close(reading)
    if said is None:
        return Lost()
    if len(said) < SIZE.size or len(said) != SIZE.size + SIZE.unpack_from(said)[0]:
        code = os.waitstatus_to_exitcode(status)
        return Lost(-code) if code < 0 else Done(2, complaint="auditor: the audit ended without a result\n")
    return msgspec.msgpack.decode(said[SIZE.size :], type=Done)


def tell(pipe: int, data: bytes) -> None:
    """Say `data` on a pipe, its size first."""
    left = memoryview(SIZE.pack(len(data)) + data)
    while left:
        left = left[os.write(pipe, left) :]


def heard(pipe: int, end: float) -> bytes | None:
    """All that is said on a pipe until its other end closes; None where that takes longer than to the moment `end`."""
    said = bytearray()
    while select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
        chunk = os.read(pipe, CHUNK_BYTES)
        if not chunk:
            return bytes(said)
        said += chunk
    return None


def bound_memory(size: int) -> None:
    """Let this process have no more address space than `size` bytes."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
