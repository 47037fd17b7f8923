"""The command for the desk: `serve`."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.app import app
from auditor.cli.arguments import CourseOption, cache_folder
from auditor.errors import AuditError


@app.command()
def serve(
    path: Annotated[
        Path, typer.Argument(metavar="OUT|PATH", help="A class run's output folder, or one group's repository.")
    ] = Path(),
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decides; the user's login name by default.")
    ] = None,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port; any free one by default.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, and open no browser.")] = False,
    cache: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the class run kept its clones; the user's cache folder by default."),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Look, decide and hand over, in the browser: the desk of a teaching assistant.

    It answers on this machine alone, to whoever has the address that it prints. Every decision is written at once to `auditor.toml`
    in the class run's folder; pages and sheets follow by themselves. Ctrl-C ends it.

    A repository in the place of a class run's folder is audited first, at its last commit, and served as a class of one.
    """
    import getpass

    gc.enable()  # a server runs for long
    try:
        from auditor.desk.server import serve as run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "pygments"):
            raise
        raise AuditError(
            "the desk needs packages that are not installed: pip install -c constraints.txt '.[serve]'"
        ) from None
    kept = cache or cache_folder()
    run(class_folder(path, kept, course), by=by or getpass.getuser(), cache=kept, port=port, browser=not no_browser)


def class_folder(path: Path, cache: Path, course: str | None) -> Path:
    """The folder of a class run: `path` itself, or that of a class of one that is made for the repository there.

    Raises AuditError where `path` is neither.
    """
    from auditor.batch.results_file import RESULTS

    if (path / RESULTS).is_file():
        return path
    if not path.is_dir():
        raise AuditError(f"{path}: there is no such folder; give a class run's output folder, or a repository")
    from auditor.batch.one_repository import class_of_one

    return class_of_one(path, cache, course)
