"""Rule packages as pip would have installed them: a package and its `*.dist-info`, in a folder on the import path."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

MAIN = "from auditor.cli import main; main()"


def register(site: Path, distribution: str, points: Mapping[str, str]) -> None:
    """Write what says that a distribution is installed: METADATA and its entry points (PyPA, "Recording installed projects")."""
    folder = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8")
    rows = "".join(f"{name} = {package}\n" for name, package in points.items())
    (folder / "entry_points.txt").write_text(f"[auditor.rules]\n{rows}", encoding="utf-8")


def run(
    *words: str, site: Path | str | None, folder: Path, python: str | Path = sys.executable
) -> subprocess.CompletedProcess[str]:
    """Run a Python module or auditor in `folder`, with `site` on the import path."""
    start = [python, "-c", MAIN] if words[0] == "auditor" else [python, "-m", words[0]]
    environment = {**os.environ, "PYTHONPATH": str(site or ""), "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*start, *words[1:]], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
