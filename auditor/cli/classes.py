"""The commands for a whole class: `batch` audits it, `decide` writes down what a teaching assistant decided."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.app import app
from auditor.cli.arguments import (
    CourseOption,
    LimitOption,
    SettingsOption,
    bounds_of,
    cache_folder,
    moment,
    names,
    plain_line,
    settings_of,
)
from auditor.errors import AuditError
from auditor.result.audit import BUILT_IN_COURSE

PROGRESS = ("auto", "bar", "log", "quiet")


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
            metavar="DATE",
            help="Audit each repository as its default branch stood then (2026-01-23T23:59+01:00; without an offset in the course's "
            "zone). By default the one of the last run into this folder, if it had one; `none` for none.",
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
    settings: SettingsOption = None,
    course: CourseOption = None,
    limit: LimitOption = None,
) -> None:
    """Audit a whole class: sheets, results, a page per group and one for the class.

    Groups that --only and --skip leave out are shown as an earlier run into the same folder had them.
    Stop it at any time and run it again: what is finished, at an unchanged commit and with unchanged rules, is not audited
    again. Exit status: 0 every group was audited, whatever was found; 1 some could not be; 2 nothing could start.
    """
    gc.enable()  # unlike one audit, a class would keep its garbage for long
    from auditor.batch.deadline import NONE, settled_deadline
    from auditor.batch.executors import default_jobs
    from auditor.batch.groups import chosen, read_groups
    from auditor.batch.run import Options, run_class

    if progress not in PROGRESS:
        raise AuditError(f"--progress {progress}: choose {', '.join(PROGRESS)}")
    everybody = read_groups(groups)
    wanted = chosen(everybody, names(only), names(skip))
    if not wanted:
        raise AuditError("--only and --skip leave no group to audit")
    judged_with = settings_of(settings, course)
    none = (deadline or "").strip().lower() == NONE
    until, told = settled_deadline(out, None if none else moment(deadline, judged_with, course), none=none)
    if told and progress != "quiet":
        sys.stderr.write(f"auditor: {told}\n")
    options = Options(
        out=out,
        cache=cache or cache_folder(),
        base=Path() if groups.is_dir() else groups.parent,
        title=groups.stem,
        deadline=until,
        jobs=jobs or default_jobs(),
        seconds=timeout,
        update=update,
        scheduler=scheduler,
        progress=progress,
        limits=tuple(names(limit)),
        course=course or BUILT_IN_COURSE,
        settings=judged_with,
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
    from auditor.review.decision_file import decide as write_decision
    from auditor.review.decision_file import remove

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
    problem = known.problem_of(name)
    missing = f" This group was not audited ({plain_line(problem)}): the decision shows once it is." if problem else ""
    sys.stdout.write(
        f"{plain_line(name)}, {claim_id}: decided {verdict}{at}, in {path}. The next `auditor batch` shows it.{missing}\n"
    )
