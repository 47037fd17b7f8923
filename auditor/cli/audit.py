"""The commands that look at one repository: `audit` for teaching assistants, `check` for the group itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.app import app
from auditor.cli.arguments import bounds_of, names
from auditor.cli.errors import told
from auditor.cli.writing import write
from auditor.errors import AuditError

if TYPE_CHECKING:
    from auditor.limits import Limits
    from auditor.result import AuditResult


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


def decided(result: AuditResult, file: Path, group: str | None) -> AuditResult:
    """The result with the decisions of a class run. Raises AuditError where the group is not known."""
    from auditor.decisions import load_decisions

    name = group or result.report.group
    if name is None:
        raise AuditError("--decisions: the report names no group number; give the group with --group")
    return load_decisions(file / "auditor.toml" if file.is_dir() else file).apply(result, name)
