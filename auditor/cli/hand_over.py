"""The command that hands a class run over in the forms in which a course grades: `export`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.app import app
from auditor.cli.arguments import plain_line
from auditor.errors import AuditError
from auditor.records import replace

if TYPE_CHECKING:
    from auditor.batch.class_folder import Standing

DECISIONS = "auditor.toml"
FORMS = ("learn", "xlsx", "csv", "feedback", "sheets")
MOST_BYTES = 1_000_000


@app.command("export")
def export_command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A class run's output folder.")],
    to: Annotated[
        str,
        typer.Option(
            metavar="|".join(FORMS),
            help="`learn`: the form from which DTU Learn imports grades; `xlsx`, `csv`: the sheets; `feedback`: a text for each group; "
            "`sheets`: a page for each group's oral exam.",
        ),
    ],
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder to write into; the class run's own by default.")
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A file with the course's rule for points; `auditor.toml` of OUT by default."
        ),
    ] = None,
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The course's own template of the feedback (Jinja, Markdown).")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="GROUP", help="Feedback or sheet of this group only; may be repeated.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a sheet in which somebody has worked.")] = False,
) -> None:
    """Hand a class run over, with what was decided up to now; nothing is audited again.

    Exit status: 0 it was written, 2 it was not.
    """
    from auditor.batch.class_folder import read_decisions, read_run, stood
    from auditor.batch.feedback_files import feedback_template

    if to not in FORMS:
        raise AuditError(f"--to {to}: choose {', '.join(FORMS)}")
    for name, given, meant in (
        ("template", template, ("feedback",)),
        ("settings", settings, ("learn",)),
        ("only", only, ("feedback", "sheets")),
    ):
        if given and to not in meant:
            raise AuditError(f"--{name} belongs to --to {' and '.join(meant)}")
    run = read_run(out)
    class_now = stood(run, read_decisions(out, run))
    target = into or out
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AuditError(f"--into {target}: cannot be made: {error.strerror or error}") from None
    for line in class_now.decisions.problems:
        sys.stderr.write(f"auditor: {plain_line(line)}\n")
    if to == "learn":
        learn(class_now, target, settings or out / DECISIONS)
    elif to in ("xlsx", "csv"):
        sheets(class_now, target, to, force=force)
    else:
        words = template_text(template) if template else feedback_template(out)
        group_files(class_now, target, to, words, only or [])


def learn(class_now: Standing, target: Path, settings: Path) -> None:
    """Write the form from which Learn imports grades, by the rule in the file `settings`."""
    from auditor.batch.results_file import replaced
    from auditor.output.learn.import_form import learn_file
    from auditor.output.learn.rule import learn_rule

    result = class_now.result
    made = learn_file(result, learn_rule(toml(settings), result.claims, str(settings)))
    for note in made.notes:
        sys.stderr.write(f"auditor: {plain_line(note)}\n")
    with replaced(target / "learn.csv") as file:
        file.write(made.data)
    sys.stdout.write(f"{target / 'learn.csv'}: {made.students} students\n")


def toml(file: Path) -> dict[str, Any]:
    """What a file of settings says; nothing where the folder of a class run has none yet. Raises AuditError."""
    try:
        with file.open("rb") as stream:
            return tomllib.loads(stream.read(MOST_BYTES).decode("utf-8-sig", "replace"))
    except FileNotFoundError:
        if file.name != DECISIONS:
            raise AuditError(f"--settings {file}: there is no such file") from None
        return {}
    except OSError as error:
        raise AuditError(f"{file}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise AuditError(f"{file}: not valid TOML: {plain_line(str(error))}") from None


def sheets(class_now: Standing, target: Path, to: str, *, force: bool) -> None:
    """Write the workbook or the CSV files. Raises AuditError where somebody has worked in one."""
    from auditor.batch.sheets import CSV, WORKBOOK, is_changed, write_sheets

    names = CSV if to == "csv" else WORKBOOK
    changed = [] if force else [name for name in names if is_changed(target, name)]
    if changed:
        raise AuditError(
            f"{target / changed[0]}: was changed since it was written; --force writes it over, --into DIR writes elsewhere"
        )
    write_sheets(target, class_now.result, names, force=True)
    sys.stdout.write(f"{', '.join(str(target / name) for name in names)}\n")


def group_files(class_now: Standing, target: Path, to: str, template: str, only: list[str]) -> None:
    """Write a file for each group: feedback in Markdown, or the page of an oral exam."""
    from auditor.batch.results_file import replaced
    from auditor.output.feedback.feedback import feedback_text
    from auditor.output.oral_exam.sheet import exam_sheet
    from auditor.review.decisions import group_key

    wanted = {group_key(name) for name in only}
    for name in only:
        if group_key(name) not in {group_key(group.name) for group in class_now.groups}:
            raise AuditError(f"--only {name}: no group of that name in this class run")
    folder = target / to
    folder.mkdir(exist_ok=True)
    written = 0
    for page, (group, row) in class_now.by_page.items():
        if wanted and group_key(group.name) not in wanted:
            continue
        noted = replace(group, notes=row.notes)
        if to == "feedback":
            name, data = f"{page}.md", feedback_text(noted, template).encode("utf-8", "replace")
        else:
            name, data = f"{page}.html", exam_sheet(noted)
        with replaced(folder / name) as file:
            file.write(data)
        written += 1
    sys.stdout.write(f"{folder}: {written} {'file' if written == 1 else 'files'}\n")


def template_text(file: Path) -> str:
    """The text of the course's template. Raises AuditError where it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES).decode("utf-8-sig", "replace")
    except OSError as error:
        raise AuditError(f"--template {file}: cannot be read: {error.strerror or error}") from None
