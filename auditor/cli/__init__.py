"""The command line: every error is one line on standard error and exit status 2; findings are exit status 1."""

from __future__ import annotations

import gc
import sys

from auditor.cli import audit, classes, desk, differences, hand_over, reference  # noqa: F401 (each adds its commands, in this order)
from auditor.cli.app import app
from auditor.cli.errors import explained


def main() -> None:
    """The entry point of the command `auditor`."""
    # One audit makes a million small objects, nearly none of them in cycles, and ends: collecting garbage costs a tenth of it.
    gc.disable()
    if len(sys.argv) == 1:
        sys.argv.append("--help")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = app(standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:
        raise SystemExit(explained(error)) from None
    raise SystemExit(status if isinstance(status, int) else 0)
