"""The command line. Every error is one line on standard error and exit status 2; findings are exit status 1."""

from __future__ import annotations

import gc
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from auditor import __version__
from auditor.errors import AuditError

if TYPE_CHECKING:
    from rich.console import Console

    from auditor.result import AuditResult

app = typer.Typer(
    name="auditor",
    help="Holds the claims of an MLOps hand-in's checklist against the evidence in its repository.",
    no_args_is_help=True,
    add_completion=False,
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


@app.command("audit")
def audit_command(
    path: Annotated[Path, typer.Argument(help="A work tree, a bare repository, or a folder within one.")] = Path(),
    at: Annotated[
        str | None,
        typer.Option(
            metavar="COMMIT|DATE",
            help="Audit this commit, or the last commit of the main branch at or before this date (2026-01-23 means its "
            "end; 2026-01-23T23:59+01:00).",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The group's report, where it is not found.")
    ] = None,
    no_git: Annotated[
        bool, typer.Option("--no-git", help="Audit a plain folder, such as an unpacked ZIP file.")
    ] = False,
    output_format: Annotated[
        str, typer.Option("--format", metavar="console|json", help="How the result is written.")
    ] = "console",
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write to this file, not to standard output.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this claim or module (M17.ci, M17); may be repeated.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Not this claim or module; may be repeated.")
    ] = None,
) -> None:
    """Audit one repository and print what its ticks rest on.

    Exit status: 0 no discrepancy, 1 at least one, 2 the audit could not be made.
    """
    from auditor.engine import run_audit
    from auditor.output import FORMATS

    if output_format not in ("console", *FORMATS):
        raise AuditError(f"--format {output_format}: there is no such format; choose console or {' or '.join(FORMATS)}")
    result = run_audit(path, at=at, report=report, use_git=not no_git, select=names(select), ignore=names(ignore))
    write(result, output_format, output)
    raise typer.Exit(1 if result.summary.discrepancies else 0)


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


def names(given: list[str] | None) -> list[str]:
    """Claim ids and modules, also where several stand in one option, separated by commas."""
    return [name.strip() for option in given or [] for name in option.split(",") if name.strip()]


def console() -> Console:
    """Standard output: a terminal, or plain text as wide as COLUMNS says (80 by itself) where it is piped."""
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def write(result: AuditResult, output_format: str, output: Path | None) -> None:
    """Write the result to a file or to standard output. Raises AuditError where the file cannot be written."""
    from auditor.output import FORMATS

    try:
        if output_format == "console":
            data = console_text(result, output)
            if data is None:
                return
        else:
            data = FORMATS[output_format](result)
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


def stop(message: str) -> NoReturn:
    """One line on standard error, exit status 2."""
    line = " ".join(message.split()).encode("utf-8", "replace").decode("utf-8")
    sys.stderr.write(f"auditor: {line}\n")
    raise SystemExit(2)


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
    except AuditError as error:
        stop(str(error))
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is wrong. Keep Python from complaining when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        stop("stopped")
    except Exception as error:
        if hasattr(error, "format_message"):  # a usage error of the command line's parser
            stop(f"{error.format_message()} (see `auditor COMMAND --help`)")
        if type(error).__name__ == "Abort":
            stop("stopped")
        stop(f"an error of the program itself, please report it: {type(error).__name__}: {error}")
    raise SystemExit(status if isinstance(status, int) else 0)
