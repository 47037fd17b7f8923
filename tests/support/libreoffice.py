"""Files as LibreOffice shows them."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_libreoffice = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is not installed (Debian: libreoffice-calc-nogui)"
)


def opened(folder: Path, name: str, data: bytes, reading: str | None = None) -> Iterator[list[list[str]]]:
    """The sheets of a file as LibreOffice shows them, cells as text. `reading` are options of its CSV import."""
    assert SOFFICE is not None
    (folder / name).write_bytes(data)
    # Token 12 of the export filter is the sheet: -1 writes each to a file of its own (LibreOffice Help, "Filter Options for CSV").
    command = [
        SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        *([f"--infilter=CSV:{reading}"] if reading else []),
        "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
        "--outdir", str(folder / "out"), str(folder / name),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for file in sorted((folder / "out").glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            yield list(csv.reader(lines))
