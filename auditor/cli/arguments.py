"""What several commands take: options, and their values as the program uses them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.errors import AuditError
from auditor.result.audit import BUILT_IN_COURSE

if TYPE_CHECKING:
    from datetime import datetime

    from auditor.course.rulebook import Rulebook
    from auditor.limits import Limits
    from auditor.result.audit import Settings


def completed(begun: str) -> list[str]:
    """The claims, modules and hand-in checks whose names begin as what stands at the shell's prompt does."""
    from auditor.checks import checks

    claims = rulebook_of(None).catalog.claims
    offered = (*(c.module for c in claims), *(c.id for c in claims), "H", *(check.name for check in checks()))
    return [name for name in dict.fromkeys(offered) if name.lower().startswith(begun.lower())]


SelectOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID", help="Only this claim or module (M17.ci, M17); may be repeated.", autocompletion=completed
    ),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", help="Not this claim or module; may be repeated.", autocompletion=completed),
]
ReportOption = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="The group's report, where it is not found; twice for a checklist and answers in two files.",
    ),
]
NoGitOption = Annotated[bool, typer.Option("--no-git", help="Read a plain folder, such as an unpacked ZIP file.")]
FormatOption = Annotated[
    str,
    typer.Option("--format", metavar="console|json|html|markdown|sarif|github", help="How the result is written."),
]
OutputOption = Annotated[Path | None, typer.Option(metavar="FILE", help="Write to this file, not to standard output.")]
AlsoOption = Annotated[
    list[str] | None,
    typer.Option(metavar="FORMAT=FILE", help="Write the same result to this file as well; may be repeated."),
]
FailOnOption = Annotated[
    str,
    typer.Option(
        metavar="discrepancy|query|hand-in|never",
        help="What makes the exit status 1; a query means either of the two, hand-in a key, a placeholder or no report. "
        "Several with commas between.",
    ),
]
SettingsOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Settings of your own: a file with `select`, `ignore`, `folders`, `report`."),
]
CourseOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Another course's rules, by the name that they are installed under.")
]
NoMemoryOption = Annotated[
    bool, typer.Option("--no-memory", help="Read everything anew, and remember nothing for the next time.")
]
LimitOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=NUMBER", help="Another bound (`auditor limits` lists them); may be repeated."),
]


def rulebook_of(course: str | None) -> Rulebook:
    """The rules to judge by: the course's, or those that come with the program. Raises AuditError where there are none."""
    from auditor.course.rulebook import load_rulebook

    return load_rulebook(course or BUILT_IN_COURSE)


def settings_of(file: Path | None, course: str | None) -> Settings | None:
    """The settings in a file of the user's. Raises AuditError where they cannot be read."""
    if file is None:
        return None
    from auditor.checks import checks
    from auditor.engine.settings import load_settings

    return load_settings(file, rulebook_of(course).catalog, [check.name for check in checks()])


def bounds_of(given: list[str] | None) -> Limits:
    """The bounds of an audit, with those that the user set. Raises AuditError for an unknown or impossible one."""
    from auditor.limits import DEFAULT, with_limits

    return with_limits(DEFAULT, names(given))


def cache_folder() -> Path:
    """The user's cache folder for this program."""
    from platformdirs import user_cache_path

    return user_cache_path("auditor", appauthor=False)


def moment(text: str | None, settings: Settings | None, course: str | None) -> datetime | None:
    """A deadline, in the zone that it names, or the course's. Raises AuditError where it is no date or time."""
    if text is None:
        return None
    from auditor.engine.settings import zone_of
    from auditor.repository.commits import parse_moment

    found = parse_moment(text, zone_of(settings, rulebook_of(course).catalog))
    if found is None:
        raise AuditError(f"--deadline {text}: not a date such as 2026-01-23 or 2026-01-23T23:59+01:00")
    return found


def names(given: list[str] | None) -> list[str]:
    """Claim ids and modules, also where several stand in one option, separated by commas."""
    return [name.strip() for option in given or [] for name in option.split(",") if name.strip()]


def plain_line(text: str) -> str:
    """Text of strangers on one line without control characters."""
    from auditor.evidence import shorten

    return shorten(text, 400).encode("utf-8", "replace").decode("utf-8")
