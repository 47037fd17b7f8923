"""One repository as a class of one, so that what can be done with a class can be done with it."""

from __future__ import annotations

from pathlib import Path

from auditor.batch.addresses import from_path
from auditor.batch.class_folder import read_run
from auditor.batch.groups import ListedGroup
from auditor.batch.run import Options, run_class
from auditor.errors import AuditError
from auditor.repository.git_directory import find_repository
from auditor.result.audit import BUILT_IN_COURSE

FOLDER = "single"


def class_of_one(path: Path, cache: Path, course: str | None = None) -> Path:
    """Audit the repository at `path` and write its outputs into a folder of the cache, whose name is given back.

    The folder is the same the next time, with what was decided. Raises AuditError where the repository cannot be audited.
    """
    if find_repository(path) is None:
        raise AuditError(f"{path}: neither a class run's output folder nor a git repository")
    address = from_path(path)
    name = address.path.name if address.path and address.path.name else "repository"
    out = cache / FOLDER / address.slug
    group = ListedGroup(name, (), address.shown)
    options = Options(out=out, cache=cache, base=Path(), title=name, progress="quiet", course=course or BUILT_IN_COURSE)
    run_class([group], [group], options)
    (found,) = read_run(out).groups
    if found.audit is None:
        raise AuditError(f"{path}: {found.problem}")
    return out
