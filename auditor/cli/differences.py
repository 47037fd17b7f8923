"""The command that compares two results: `diff`."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.app import app
from auditor.cli.arguments import OutputOption
from auditor.cli.writing import FILE_WIDTH, console
from auditor.errors import AuditError

FORMS = ("console", "markdown", "json")


@app.command("diff")
def diff_command(
    old: Annotated[Path, typer.Argument(help="A result (`--format json`), or a class run's folder.")],
    new: Annotated[Path, typer.Argument(help="The same of later.")],
    output_format: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMS), help="How the changes are written.")
    ] = "console",
    output: OutputOption = None,
) -> None:
    """Tell what changed between two results or two class runs, claim by claim, and why: commit, rules, or a decision.

    Decisions of a class count as they stand in its folder now. Exit status: 0 no finding got worse, 1 at least one did or a
    group can no longer be audited, 2 the two cannot be compared.
    """
    from auditor.output.changes.forms import print_changes, to_json, to_markdown
    from auditor.result.changes import changes
    from auditor.review.states import both

    if output_format not in FORMS:
        raise AuditError(f"--format {output_format}: choose {', '.join(FORMS)}")
    found = changes(*both(old, new))
    if output_format == "console" and output is None and sys.stdout.isatty():
        print_changes(found, console())
    else:
        if output_format == "console":
            from rich.console import Console

            from auditor.output.terminal.console import captured

            screen = Console(file=io.StringIO(), width=FILE_WIDTH, highlight=False) if output else console()
            data = captured(lambda: print_changes(found, screen), screen)
        else:
            data = to_json(found) if output_format == "json" else to_markdown(found)
        write_bytes(data, output)
    raise typer.Exit(1 if found.worse else 0)


def write_bytes(data: bytes, output: Path | None) -> None:
    """Write to a file, or to standard output. Raises AuditError where the file cannot be written."""
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise AuditError(f"{output}: cannot be written: {error.strerror or error}") from None
