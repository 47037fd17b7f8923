"""The commands that tell what the program knows: claims, rules, limits, the JSON Schema, and a demonstration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.app import app
from auditor.cli.arguments import names
from auditor.cli.writing import console, write


@app.command()
def rules(
    select: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Only these claims or modules.")] = None,
) -> None:
    """List the claims that are audited."""
    from rich.table import Table

    from auditor.engine import selected
    from auditor.rulebook import load_rulebook

    book = load_rulebook()
    table = Table(box=None, pad_edge=False)
    table.add_column("claim", no_wrap=True)
    table.add_column("")
    table.add_column("what it says", overflow="fold")
    for claim in selected(book.catalog, names(select), []):
        marks = " ".join(
            word for word, true in (("optional", claim.optional), ("no rule yet", claim.id not in book.rules)) if true
        )
        table.add_row(claim.id, marks, claim.title)
    console().print(table)


@app.command()
def explain(claim_id: Annotated[str, typer.Argument(metavar="ID", help="A claim, such as M17.matrix_cache.")]) -> None:
    """Tell what counts as evidence for a claim, what does not, and how to mend it."""
    from auditor.engine import claims_named
    from auditor.rulebook import load_rulebook

    book = load_rulebook()
    screen = console()
    for number, claim in enumerate(claims_named(book.catalog, claim_id)):
        if number:
            screen.print()
        screen.print(f"{claim.id}: {claim.title}", style="bold", markup=False, highlight=False)
        if claim.optional:
            screen.print(
                "(a repository need not show it: an answer in the report with specifics counts too)", style="dim"
            )
        found = book.rules.get(claim.id)
        text = found.text if found else "There is no rule for this claim yet; it is reported as not judged."
        screen.print(text, markup=False, highlight=False)


@app.command()
def limits() -> None:
    """List the bounds of one audit, with their defaults; `--limit NAME=NUMBER` sets another."""
    from rich.table import Table

    from auditor.limits import DEFAULT, meanings

    table = Table(box=None, pad_edge=False)
    table.add_column("limit", no_wrap=True)
    table.add_column("default", no_wrap=True, justify="right")
    table.add_column("what it bounds", overflow="fold")
    for name, meaning in meanings().items():
        table.add_row(name, f"{getattr(DEFAULT, name):,}", meaning)
    console().print(table)


@app.command()
def schema() -> None:
    """Print the JSON Schema of `--format json`."""
    import json

    from auditor.output.json import schema as json_schema

    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")


@app.command()
def demo(
    keep: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Build the samples here and keep them.")] = None,
) -> None:
    """Build the sample groups as git repositories in a temporary folder, and audit them."""
    import tempfile

    from auditor.engine import run_audit
    from auditor.samples import build_samples

    with tempfile.TemporaryDirectory(prefix="auditor-demo-") as temporary:
        for repository in build_samples(keep or Path(temporary)):
            result = run_audit(repository)
            sys.stdout.write(f"\n$ auditor audit {repository.name}\n\n")
            write(result, "console", None)
