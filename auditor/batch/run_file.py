"""What a run's folder remembers in `run.json`: its deadline, and the sheets as they were written."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditor.batch.results_file import replaced

RUN = "run.json"


def recorded(out: Path) -> dict[str, Any]:
    """What is remembered in `out`; empty where nothing is, or it cannot be read."""
    with suppress(OSError, ValueError):
        found = json.loads((out / RUN).read_bytes())
        if isinstance(found, dict):
            return found
    return {}


def record(out: Path, **values: object) -> None:
    """Remember `values` in `out`, beside what is remembered already. Raises AuditError where it cannot be written."""
    with replaced(out / RUN) as file:
        file.write(json.dumps(recorded(out) | values, sort_keys=True).encode() + b"\n")
