"""The command line. Every error is one line on standard error and exit status 2; findings are exit status 1."""

from __future__ import annotations

import gc
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor import __version__
from auditor.errors import AuditError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from rich.console import Console

    from auditor.limits import Limits
    from auditor.result import AuditResult

PROGRESS = ("auto", "bar", "log", "quiet")

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
        str, typer.Option("--format", metavar="console|json|html|markdown", help="How the result is written.")
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
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Show what was decided: the `auditor.toml` of a class run, or its folder."),
    ] = None,
    group: Annotated[
        str | None, typer.Option(metavar="GROUP", help="The group's name in the decisions, where the report has none.")
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NUMBER", help="Another bound (`auditor limits` lists them); may be repeated."),
    ] = None,
) -> None:
    """Audit one repository and print what its ticks rest on.

    Exit status: 0 no discrepancy, 1 at least one, 2 the audit could not be made.
    """
    from auditor.isolation import isolated
    from auditor.output import FORMATS

    if output_format not in ("console", *FORMATS):
        raise AuditError(f"--format {output_format}: there is no such format; choose console, {', '.join(FORMATS)}")
    if decisions is not None and not decisions.exists():
        raise AuditError(
            f"--decisions {decisions}: there is no such file; a class run's output folder holds `auditor.toml`"
        )

    def action(bounds: Limits) -> int:
        from auditor.engine import run_audit

        result = run_audit(
            path,
            at=at,
            report=report,
            use_git=not no_git,
            select=names(select),
            ignore=names(ignore),
            limits=bounds,
        )
        if decisions is not None:
            result = decided(result, decisions, group)
        write(result, output_format, output)
        return 1 if result.summary.discrepancies else 0

    raise typer.Exit(isolated(told(action), bounds_of(limit)))


@app.command()
def batch(
    groups: Annotated[
        Path,
        typer.Argument(
            help="The course's group_info.csv, any CSV with a column `repository`, `repo` or `url`, a text file of addresses or "
            "paths, or a folder of checkouts."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the sheets, the results and the pages.")],
    deadline: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Audit each repository as its default branch stood then (2026-01-23T23:59+01:00)."
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Groups at a time; one per processor by default.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=1, help="Time for one group, fetching included.")
    ] = 120.0,
    update: Annotated[bool, typer.Option("--update", help="Fetch again what was fetched before.")] = False,
    only: Annotated[list[str] | None, typer.Option(metavar="GROUP", help="Only this group; may be repeated.")] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="GROUP", help="Not this group; may be repeated.")] = None,
    cache: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where clones and results are kept; the user's cache folder by default."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Run on the Dask cluster of this scheduler (auditor[cluster])."),
    ] = None,
    progress: Annotated[
        str,
        typer.Option(
            metavar="auto|bar|log|quiet", help="What is shown meanwhile; auto is a bar on a terminal, else a log."
        ),
    ] = "auto",
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NUMBER", help="Another bound (`auditor limits` lists them); may be repeated."),
    ] = None,
) -> None:
    """Audit a whole class: sheets, results, a page per group and one for the class.

    Groups that --only and --skip leave out are shown as an earlier run into the same folder had them.
    Stop it at any time and run it again: what is finished, at an unchanged commit and with unchanged rules, is not audited
    again. Exit status: 0 every group was audited, whatever was found; 1 some could not be; 2 nothing could start.
    """
    gc.enable()  # unlike one audit, a class would keep its garbage for long
    from auditor.batch.executors import default_jobs
    from auditor.batch.groups import chosen, read_groups
    from auditor.batch.run import Options, run_class

    if progress not in PROGRESS:
        raise AuditError(f"--progress {progress}: choose {', '.join(PROGRESS)}")
    everybody = read_groups(groups)
    wanted = chosen(everybody, names(only), names(skip))
    if not wanted:
        raise AuditError("--only and --skip leave no group to audit")
    options = Options(
        out=out,
        cache=cache or cache_folder(),
        base=Path() if groups.is_dir() else groups.parent,
        title=groups.stem,
        deadline=moment(deadline),
        jobs=jobs or default_jobs(),
        seconds=timeout,
        update=update,
        scheduler=scheduler,
        progress=progress,
        limits=tuple(names(limit)),
    )
    bounds_of(limit)
    written = run_class(everybody, wanted, options)
    if progress != "quiet":
        for line in written.problems:
            sys.stderr.write(f"auditor: {plain_line(line)}\n")
        sys.stdout.write(written.summary(out) + "\n")
    raise typer.Exit(1 if written.failed else 0)


@app.command()
def decide(
    group: Annotated[str, typer.Argument(help="The group's name in the class run.")],
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="A claim, such as M17.matrix_cache.")],
    verdict: Annotated[
        str,
        typer.Argument(
            help="supported, partial, unsupported, contradicted or unverifiable; `remove` takes a decision back."
        ),
    ],
    note: Annotated[str, typer.Option(help="Why: what was shown, by whom.")] = "",
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decided; the user's login name by default.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The class run's output folder.")] = Path(),
) -> None:
    """Write down what you decided on a claim, in `auditor.toml` of a class run's output folder.

    It is shown in every output beside the program's own verdict, survives later runs, and is marked as stale when the
    audited commit changes.
    """
    import getpass
    from datetime import datetime

    from auditor.batch.results_file import read_earlier
    from auditor.decision_file import decide as write_decision
    from auditor.decision_file import remove

    known = read_earlier(out)
    name, claim_id = known.group_named(group), known.claim_named(claim)
    path = out / "auditor.toml"
    if verdict == "remove":
        gone = remove(path, name, claim_id)
        sys.stdout.write(f"{name}, {claim_id}: {'the decision was removed' if gone else 'nothing was decided'}\n")
        return
    commit = known.commit_of(name)
    write_decision(
        path,
        group=name,
        claim=claim_id,
        verdict=verdict,
        note=note,
        by=by or getpass.getuser(),
        at=datetime.now().astimezone(),
        commit=commit,
    )
    at = f" at commit {commit[:10]}" if commit else ""
    sys.stdout.write(
        f"{plain_line(name)}, {claim_id}: decided {verdict}{at}, in {path}. The next `auditor batch` shows it.\n"
    )


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


def bounds_of(given: list[str] | None) -> Limits:
    """The bounds of an audit, with those that the user set. Raises AuditError for an unknown or impossible one."""
    from auditor.limits import DEFAULT, with_limits

    return with_limits(DEFAULT, names(given))


def decided(result: AuditResult, file: Path, group: str | None) -> AuditResult:
    """The result with the decisions of a class run. Raises AuditError where the group is not known."""
    from auditor.decisions import load_decisions

    name = group or result.report.group
    if name is None:
        raise AuditError("--decisions: the report names no group number; give the group with --group")
    return load_decisions(file / "auditor.toml" if file.is_dir() else file).apply(result, name)


def cache_folder() -> Path:
    """The user's cache folder for this program."""
    from platformdirs import user_cache_path

    return user_cache_path("auditor", appauthor=False)


def moment(text: str | None) -> datetime | None:
    """A deadline, in the zone that it names or this machine's. Raises AuditError where it is no date or time."""
    if text is None:
        return None
    from datetime import datetime

    from auditor.snapshot import parse_moment

    found = parse_moment(text)
    if found is None:
        raise AuditError(f"--deadline {text}: not a date such as 2026-01-23 or 2026-01-23T23:59+01:00")
    return found.astimezone(datetime.fromisoformat(text).tzinfo)


def plain_line(text: str) -> str:
    """Text of strangers on one line without control characters."""
    from auditor.evidence import shorten

    return shorten(text, 400).encode("utf-8", "replace").decode("utf-8")


def names(given: list[str] | None) -> list[str]:
    """Claim ids and modules, also where several stand in one option, separated by commas."""
    return [name.strip() for option in given or [] for name in option.split(",") if name.strip()]


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
