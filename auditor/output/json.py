"""The result as one JSON object (the contract with grading sheets) and the schema that describes it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, cast

from auditor.result.audit import AuditResult


def to_json(result: AuditResult) -> bytes:
    """The result as indented UTF-8 JSON with a newline at its end."""
    return (json.dumps(result.to_dict(), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `to_json` writes."""
    text = files("auditor.result").joinpath("schema.json").read_text(encoding="utf-8")
    return cast(dict[str, Any], json.loads(text))
