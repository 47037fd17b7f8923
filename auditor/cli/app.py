"""The program `auditor` as its users call it; each module beside this one adds commands."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from auditor.version import __version__

app = typer.Typer(
    name="auditor",
    help="Holds the claims of an MLOps hand-in's checklist against the evidence in its repository.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        sys.stdout.write(f"auditor {__version__}\n")
        raise typer.Exit()


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Holds the claims of an MLOps hand-in's checklist against the evidence in its repository."""
