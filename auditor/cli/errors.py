"""Errors of a command: one line on standard error, and the exit status that it leads to."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from auditor.errors import AuditError

if TYPE_CHECKING:
    from auditor.limits import Limits


def told(action: Callable[[Limits], int]) -> Callable[[Limits], int]:
    """`action` as it runs in a process of its own: errors become one line and an exit status there."""

    def run(bounds: Limits) -> int:
        try:
            return action(bounds)
        except (SystemExit, typer.Exit) as end:
            code = getattr(end, "exit_code", getattr(end, "code", 0))
            return code if isinstance(code, int) else 0
        except BaseException as error:
            return explained(error)

    return run


def stop(message: str) -> int:
    """Write one line on standard error; the exit status 2."""
    line = " ".join(message.split()).encode("utf-8", "replace").decode("utf-8")
    sys.stderr.write(f"auditor: {line}\n")
    return 2


def explained(error: BaseException) -> int:
    """Tell an error in one line; the exit status that it leads to."""
    if isinstance(error, AuditError):
        return stop(str(error))
    if isinstance(error, BrokenPipeError):
        # The reader went away (`| head`): nothing is wrong. Keep Python from complaining when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        return stop("stopped")
    if hasattr(error, "format_message"):  # a usage error of the command line's parser
        return stop(f"{error.format_message()} (see `auditor COMMAND --help`)")
    return stop(f"an error of the program itself, please report it: {type(error).__name__}: {error}")
