"""The commands that look at one repository: `audit` for teaching assistants, `check` for the group itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Required, TypedDict, Unpack

import typer

from auditor.cli.app import app
from auditor.cli.arguments import (
    AlsoOption,
    CourseOption,
    FailOnOption,
    FormatOption,
    IgnoreOption,
    LimitOption,
    NoGitOption,
    NoMemoryOption,
    OutputOption,
    ReportOption,
    SelectOption,
    SettingsOption,
    bounds_of,
    cache_folder,
    names,
    rulebook_of,
    settings_of,
)
from auditor.cli.errors import line
from auditor.cli.writing import exit_status, failing, fails_on, finish, pieces, targets
from auditor.errors import AuditError

if TYPE_CHECKING:
    from auditor.engine.isolation import Done
    from auditor.limits import Limits
    from auditor.result.audit import AuditResult


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
    report: ReportOption = None,
    no_git: NoGitOption = False,
    output_format: FormatOption = "console",
    output: OutputOption = None,
    also: AlsoOption = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    hand_in: Annotated[
        bool, typer.Option("--hand-in", help="Look at what the hand-in lacks, too, as `check` does.")
    ] = False,
    settings: SettingsOption = None,
    group_settings: Annotated[
        bool, typer.Option("--group-settings", help="Follow the settings that the group committed, too.")
    ] = False,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Show what was decided: the `auditor.toml` of a class run, or its folder."),
    ] = None,
    group: Annotated[
        str | None, typer.Option(metavar="GROUP", help="The group's name in the decisions, where the report has none.")
    ] = None,
    no_memory: NoMemoryOption = False,
    fail_on: FailOnOption = "discrepancy",
    course: CourseOption = None,
    limit: LimitOption = None,
) -> None:
    """Audit one repository and print what its ticks rest on.

    Exit status: 0 no discrepancy, 1 at least one (see --fail-on), 2 the audit could not be made.
    """
    wanted = targets(output_format, output, also)
    failed_by = fails_on(fail_on)
    if decisions is not None and not decisions.exists():
        raise AuditError(
            f"--decisions {decisions}: there is no such file; a class run's output folder holds `auditor.toml`"
        )

    def action(bounds: Limits) -> Done:
        from auditor.engine.isolation import Done

        result = audited(
            path,
            bounds,
            no_memory,
            course,
            settings,
            at=at,
            report=report,
            use_git=not no_git,
            select=names(select),
            ignore=names(ignore),
            group_settings=group_settings,
            hand_in=hand_in or "hand-in" in failed_by,
        )
        complaint = ""
        if decisions is not None:
            result, complaint = decided(result, decisions, group)
        return Done(exit_status(fail_on, result), pieces(result, wanted), complaint)

    raise typer.Exit(finish(action, bounds_of(limit)))


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="Your group's repository, or a folder within it.")] = Path(),
    report: ReportOption = None,
    no_git: NoGitOption = False,
    output_format: FormatOption = "console",
    output: OutputOption = None,
    also: AlsoOption = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    no_settings: Annotated[
        bool, typer.Option("--no-settings", help="Do not follow the settings in the repository: what a TA sees.")
    ] = False,
    no_memory: NoMemoryOption = False,
    at: Annotated[str | None, typer.Option(hidden=True)] = None,
    fail_on: FailOnOption = "discrepancy,hand-in",
    course: CourseOption = None,
    limit: LimitOption = None,
) -> None:
    """Check your own group's repository before you hand it in.

    What would be asked about, and honest ways to settle it; what you did and have not ticked; what the hand-in still lacks.
    Nothing is changed, and nothing leaves your machine.

    Exit status: 0 nothing that --fail-on names, 1 something, 2 the check could not be made.
    """
    if at is not None:
        raise AuditError(f"check reads your files as they lie there; for a commit use `auditor audit --at {at}`")
    wanted = targets(output_format, output, also, to_the_group=True)
    fails_on(fail_on)

    def action(bounds: Limits) -> Done:
        from auditor.engine.isolation import Done
        from auditor.engine.last_check import against_last

        result = audited(
            path,
            bounds,
            no_memory,
            course,
            report=report,
            use_git=not no_git,
            select=names(select),
            ignore=names(ignore),
            group_settings=not no_settings,
            hand_in=True,
        )
        result = against_last(result, None if no_memory else cache_folder() / "checks", path)
        return Done(exit_status(fail_on, result), pieces(result, wanted, failing(fail_on, result)))

    raise typer.Exit(finish(action, bounds_of(limit)))


class Asked(TypedDict, total=False):
    """What is asked of an audit, as `run_audit` takes it."""

    at: str | None
    report: Sequence[Path] | None
    use_git: Required[bool]
    select: Sequence[str]
    ignore: Sequence[str]
    group_settings: bool
    hand_in: bool


def audited(
    path: Path,
    bounds: Limits,
    no_memory: bool,
    course: str | None,
    settings: Path | None = None,
    **asked: Unpack[Asked],
) -> AuditResult:
    """What `run_audit` finds, or found when the same was asked and nothing has changed since. Raises AuditError."""
    from auditor.engine.last_result import unless_changed

    memory = None if no_memory else cache_folder() / "memory"

    def audit() -> AuditResult:
        from auditor.engine.run import run_audit

        course_settings = settings_of(settings, course)
        return run_audit(
            path, limits=bounds, rulebook=rulebook_of(course), settings=course_settings, memory=memory, **asked
        )

    built_in = course is None and settings is None  # files elsewhere may change without a trace here
    question = (bounds, *sorted(asked.items()))
    return unless_changed(path, memory if built_in else None, question, audit, use_git=asked["use_git"])


def decided(result: AuditResult, file: Path, group: str | None) -> tuple[AuditResult, str]:
    """The result with the decisions of a class run, and what a reader of these should know, a line each.

    Raises AuditError where the group is not known.
    """
    from auditor.review.decisions import group_key, load_decisions

    name = group or result.report.group
    if name is None:
        raise AuditError("--decisions: the report names no group number; give the group with --group")
    found = load_decisions(file / "auditor.toml" if file.is_dir() else file)
    notes = list(found.problems)
    if group_key(name) not in found.by_group:
        from_report = "" if group else ", which is what its report says; --group gives the class list's name"
        notes.append(f"--decisions {file}: nothing is decided on group {name}{from_report}")
    return found.apply(result, name), "".join(map(line, notes))
