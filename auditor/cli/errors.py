"""Errors of a command: one line on standard error, and the exit status that it leads to."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from auditor.errors import AuditError

if TYPE_CHECKING:
    from auditor.engine.isolation import Done
    from auditor.limits import Limits


def told(action: Callable[[Limits], Done]) -> Callable[[Limits], Done]:
    """`action` as it runs in a process of its own: an error becomes a complaint of one line and an exit status there."""

    def run(bounds: Limits) -> Done:
        from auditor.engine.isolation import Done

        try:
            return action(bounds)
        except (Exception, KeyboardInterrupt) as error:
            return Done(2, complaint=line(message_of(error)))

    return run


def line(message: str) -> str:
    """A message as one line of standard error."""
    text = " ".join(message.split()).encode("utf-8", "replace").decode("utf-8")
    return f"auditor: {text}\n"


def explained(error: BaseException) -> int:
    """Tell an error in one line; the exit status that it leads to."""
    if isinstance(error, BrokenPipeError):
        # The reader went away (`| head`): nothing is wrong. Keep Python from complaining when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    sys.stderr.write(line(message_of(error)))
    return 2


def message_of(error: BaseException) -> str:
    """What is told of an error."""
    if isinstance(error, AuditError):
        return str(error)
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        return "stopped"
    if hasattr(error, "format_message"):  # a usage error of the command line's parser
        return f"{error.format_message()} (see `auditor COMMAND --help`)"
    return f"an error of the program itself, please report it: {type(error).__name__}: {error}"
