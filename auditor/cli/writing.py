"""Writing a result: to a terminal, to standard output, or to files."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import AuditError

if TYPE_CHECKING:
    from rich.console import Console

    from auditor.result import AuditResult


def console() -> Console:
    """Standard output: a terminal, or plain text as wide as COLUMNS says (80 by itself) where it is piped."""
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def write(result: AuditResult, output_format: str, output: Path | None) -> None:
    """Write the result to a file or to standard output. Raises AuditError where the file cannot be written."""
    from auditor.output import writer

    try:
        if output_format == "console":
            data = console_text(result, output)
            if data is None:
                return
        else:
            data = writer(output_format)(result)
        if output is None:
            sys.stdout.buffer.write(data)
            sys.stdout.flush()
        else:
            output.write_bytes(data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AuditError(f"--output {output}: cannot be written: {error.strerror or error}") from None


def console_text(result: AuditResult, output: Path | None) -> bytes | None:
    """The result as plain text; None where it was printed on a terminal."""
    from rich.console import Console

    from auditor.output.console import as_text, print_result

    if output is not None:
        return as_text(result, Console(file=io.StringIO(), width=100, highlight=False))
    if sys.stdout.isatty():
        print_result(result, console())
        return None
    return as_text(result, console())
