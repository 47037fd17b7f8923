"""The sheets in a run's folder: written anew with every run, and kept where somebody has worked in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from auditor.batch.results_file import replaced
from auditor.batch.run_file import record, recorded
from auditor.errors import AuditError
from auditor.result.class_run import ClassResult

CSV = ("claims.csv", "groups.csv")
WORKBOOK = ("grades.xlsx",)
SHEETS = (*CSV, *WORKBOOK)
DIGESTS = "sheets"
"""Under what the digests of the sheets as they were written are remembered."""
BESIDE = "-new"
"""Behind the name of a sheet that is written beside one that was changed."""


def write_sheets(out: Path, result: ClassResult, names: Sequence[str] = SHEETS, *, force: bool = False) -> list[str]:
    """Write these sheets into `out`; those that were kept, since somebody has changed them. Raises AuditError.

    A sheet that is not as the program wrote it (or of which that is not known) stays, and the new one lies beside it; with
    `force` it is written over.
    """
    kept = [] if force else [name for name in names if is_changed(out, name)]
    digests: dict[str, str] = dict(known_digests(out))
    for name in names:
        data = maker(name)(result)
        with replaced(out / (beside(name) if name in kept else name)) as file:
            file.write(data)
        if name not in kept:
            digests[name] = hashlib.sha256(data).hexdigest()
    record(out, **{DIGESTS: digests})
    return kept


def is_changed(out: Path, name: str) -> bool:
    """Whether the sheet lies in `out` otherwise than the program wrote it."""
    try:
        data = (out / name).read_bytes()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise AuditError(f"{out / name}: cannot be read: {error.strerror or error}") from None
    return known_digests(out).get(name) != hashlib.sha256(data).hexdigest()


def known_digests(out: Path) -> dict[str, str]:
    """Digests of the sheets as they were written, by name."""
    found: Any = recorded(out).get(DIGESTS)
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def beside(name: str) -> str:
    """The name of the sheet that is written beside a changed one."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}{BESIDE}{dot}{ending}"


def kept_notes(kept: Sequence[str]) -> tuple[str, ...]:
    """What to tell of sheets that were kept."""
    return tuple(
        f"{name} was changed since it was written and is kept; the new one is {beside(name)} "
        f"(`auditor export --to {'csv' if name in CSV else 'xlsx'} --force` writes it over)"
        for name in kept
    )


def maker(name: str) -> Callable[[ClassResult], bytes]:
    """The function that makes a sheet; libraries are loaded when one is made."""
    from auditor.output.spreadsheets.sheets import claims_csv, grades_xlsx, groups_csv

    return {"claims.csv": claims_csv, "groups.csv": groups_csv, "grades.xlsx": grades_xlsx}[name]
