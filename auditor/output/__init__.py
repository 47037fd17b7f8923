"""Outputs: each a function from result to bytes. None of them knows how verdicts arise."""

from __future__ import annotations

from collections.abc import Callable

from auditor.output.json import to_json
from auditor.result import AuditResult

FORMATS: dict[str, Callable[[AuditResult], bytes]] = {"json": to_json}
"""Formats that do not depend on a terminal, by the name that `--format` takes; `console` is the other one."""
