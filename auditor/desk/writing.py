"""The pages and sheets of the class, written anew in the background after decisions, by a process of their own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from auditor.batch.class_folder import write_again
from auditor.errors import AuditError

QUIET_SECONDS = 3.0
"""How long no decision is made before everything is written."""


class OutputWriter:
    """Writes when asked to, once things are quiet; what is asked for meanwhile is done afterwards."""

    def __init__(self, out: Path, quiet: float = QUIET_SECONDS) -> None:
        self.out, self.quiet = out, quiet
        self._wishes = 0
        self._open = False
        self._ending = False
        self._writing = False
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def want(self) -> None:
        """Something was decided."""
        with self._change:
            self._wishes += 1
            self._open = True
            self._change.notify_all()

    def finish(self) -> None:
        """Write what is still wanted, and end."""
        with self._change:
            self._ending = True
            self._change.notify_all()
        self._thread.join()

    @property
    def busy(self) -> bool:
        """Whether the pages and sheets lack a decision still."""
        return self._open or self._writing

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._open or self._ending)
                if not self._open:
                    return
                wishes = -1
                while wishes != self._wishes and not self._ending:
                    wishes = self._wishes
                    self._change.wait(self.quiet)
                self._open, self._writing = False, True
            written(self.out)
            self._writing = False


def written(out: Path) -> bool:
    """Whether everything was written, by a process that gives way to all others."""
    process = multiprocessing.get_context("spawn").Process(target=write_quietly, args=(str(out),), daemon=True)
    process.start()
    process.join()
    return process.exitcode == 0


def write_quietly(out: str) -> None:
    """Write everything; what goes wrong is one line for the reader."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which waits for this
    with suppress(OSError, AttributeError):
        os.nice(10)
    try:
        write_again(Path(out))
    except AuditError as error:
        sys.stderr.write(f"auditor: {error}\n")
        raise SystemExit(2) from None
