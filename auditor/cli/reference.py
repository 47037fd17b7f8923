"""The commands that tell what the program knows: claims, rules, limits, the JSON Schema, and a demonstration."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.app import app
from auditor.cli.arguments import CourseOption, completed, names, rulebook_of
from auditor.cli.writing import TERMINAL, console, write
from auditor.patterns import pattern

LABEL = pattern(r"[A-Z][\w ]{2,40}: ")
"""What begins a paragraph of a rule's text: "Accepted: ", "To settle it: "."""
NO_RULE = "There is no rule for this claim yet; it is reported as not judged."


@app.command()
def rules(
    select: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Only these claims or modules.", autocompletion=completed),
    ] = None,
    course: CourseOption = None,
) -> None:
    """List the claims that are audited, and the hand-in checks."""
    from rich.table import Table

    from auditor.checks import checks
    from auditor.course.selection import selection

    book = rulebook_of(course)
    offered = {check.name: check for check in checks()}
    chosen = selection(book.catalog, list(offered), names(select), [])
    table = Table(box=None, pad_edge=False)
    table.add_column("claim", no_wrap=True)
    table.add_column("kind")
    table.add_column("what it says", overflow="fold")
    for claim in chosen.claims:
        marks = " ".join(
            word for word, true in (("optional", claim.optional), ("no rule yet", claim.id not in book.rules)) if true
        )
        table.add_row(claim.id, marks, claim.title)
    for name, check in offered.items():
        if name in chosen.checks:
            table.add_row(name, "hand-in", check.title)
    screen = console()
    screen.print(table)
    if any(claim.optional for claim in chosen.claims):
        screen.print(
            "optional: a repository need not show it; an answer in the report with specifics is half of it.",
            style="dim",
        )


@app.command()
def explain(
    claim_id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A claim, module or hand-in check: M17.matrix_cache, M17, H.length, H.",
            autocompletion=completed,
        ),
    ],
    course: CourseOption = None,
) -> None:
    """Tell what counts as evidence for a claim, what does not, and how to mend it."""
    from auditor.checks import checks
    from auditor.course.selection import selection

    book = rulebook_of(course)
    offered = {check.name: check for check in checks()}
    chosen = selection(book.catalog, list(offered), [claim_id], [])
    texts = [
        (f"{claim.id}: {claim.title}", claim.optional, book.rules[claim.id].text if claim.id in book.rules else NO_RULE)
        for claim in chosen.claims
    ]
    texts += [(f"{name}: {check.title}", False, check.text) for name, check in offered.items() if name in chosen.checks]
    screen = console()
    for number, (title, optional, text) in enumerate(texts):
        if number:
            screen.print()
        screen.print(title, style="bold", markup=False, highlight=False)
        if optional:
            screen.print(
                "(a repository need not show it: an answer in the report with specifics counts too)", style="dim"
            )
        for paragraph in paragraphs(text):
            screen.print(paragraph, markup=False, highlight=False)


def paragraphs(text: str) -> Iterator[str]:
    """A docstring's paragraphs, each on one line so that it is broken where the terminal ends; a label begins a new one."""
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        if lines and (not line.strip() or LABEL.match(line)):
            yield " ".join(lines)
            lines = []
        if line.strip():
            lines.append(line.strip())
        elif text:
            yield ""


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

    from auditor.result.json import schema as json_schema

    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")


@app.command()
def demo(
    keep: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Build the samples here and keep them.")] = None,
) -> None:
    """Build the sample groups as git repositories in a temporary folder, and audit them."""
    import tempfile

    from auditor.engine.run import run_audit
    from auditor.samples import build_samples

    with tempfile.TemporaryDirectory(prefix="auditor-demo-") as temporary:
        for repository in build_samples(keep or Path(temporary)):
            result = run_audit(repository)
            sys.stdout.write(f"\n$ auditor audit {repository.name}\n\n")
            write(result, [TERMINAL])
