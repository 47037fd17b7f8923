"""The way back from the JSON of the contract to the frozen types: what one run stored, another shows.

Fields that a result of an older version lacks take their defaults; fields that are not known are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from auditor.result.audit import BUILT_IN_COURSE, AuditResult

T = TypeVar("T")


def read_result(data: Mapping[str, Any]) -> AuditResult:
    """The result that `AuditResult.to_dict` wrote as `data`. Raises ValueError where it is none."""
    try:
        tool = data["tool"]
        return read(AuditResult, {**data, "version": tool["version"], "course": tool.get("course", BUILT_IN_COURSE)})
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not the result of an audit: {error}") from None


def read(wanted: type[T], data: Any) -> T:
    """`data` as the record `wanted`. Raises ValueError where it is none."""
    return msgspec.convert(data, wanted)
