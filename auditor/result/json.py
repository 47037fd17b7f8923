"""A result as one JSON object (the contract with grading sheets), back again, and the JSON Schema that describes it.

The schema is made from the types: their fields, what is said of each below it, and the two lists here.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

import msgspec

from auditor import evidence
from auditor.records import as_data
from auditor.result import audit
from auditor.result.audit import BUILT_IN_COURSE, SCHEMA_VERSION, AuditResult, Summary

T = TypeVar("T")

LATER = {"ClaimResult": {"documented"}, "Summary": {"ask", "errors"}}
"""Fields without a default that the first results lacked: whoever reads results cannot count on them."""
ALWAYS = {
    "Decision": {"stale"},
    "Place": {"line", "text"},
    "Print": {"lines", "template"},
    "Remark": {"claims"},
    "SetAside": {"line"},
    "Settings": {"select", "ignored", "folders", "report", "problems"},
}
"""Fields with a default that every result has had."""


def to_document(result: AuditResult) -> dict[str, Any]:
    """The JSON object of the contract, as plain data."""
    fields = as_data(result)
    tool = {"name": "auditor", "version": fields.pop("version"), "course": fields.pop("course")}
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool,
        "repository": fields.pop("repository"),
        "report": fields.pop("report"),
        "summary": as_data(result.summary),
        **fields,
    }


def to_json(result: AuditResult) -> bytes:
    """The result as indented UTF-8 JSON with a newline at its end."""
    return (json.dumps(to_document(result), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def read_result(data: Mapping[str, Any]) -> AuditResult:
    """The result that `to_document` gave as `data`. Raises ValueError where it is none.

    Fields that a result of an older version lacks take their defaults; fields that are not known are left out.
    """
    try:
        tool = data["tool"]
        fields = {
            **data,
            "version": tool["version"],
            "course": tool.get("course", BUILT_IN_COURSE),
            "claims": [{"documented": (), **claim} for claim in data["claims"]],
        }
        return read(AuditResult, fields)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not the result of an audit: {error}") from None


def read(wanted: type[T], data: Any) -> T:
    """`data` as the record `wanted`. Raises ValueError where it is none."""
    return msgspec.convert(data, wanted)


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `to_json` writes."""
    _, found = msgspec.json.schema_components([AuditResult, Summary], ref_template="#/$defs/{name}")
    kinds = {
        kind.__name__: kind for module in (evidence, audit) for kind in vars(module).values() if isinstance(kind, type)
    }
    words = {name: [str(word) for word in kind] for name, kind in kinds.items() if issubclass(kind, Enum)}
    parts = {name: described(kinds[name], one, words) for name, one in found.items() if name not in words}
    whole = parts.pop("AuditResult")["properties"]
    course = whole.pop("course")
    del whole["version"]
    parts["Summary"]["additionalProperties"] = {"type": "integer", "minimum": 0}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://example.org/auditor/audit-1.0.json",
        "title": "One audit",
        "description": "What `auditor audit --format json` prints. Fields keep their meaning; new ones may be added.",
        "type": "object",
        "required": ["schema_version", "tool", "repository", "report", "summary", "claims"],
        "properties": {
            "schema_version": {"const": SCHEMA_VERSION},
            "tool": {
                "type": "object",
                "required": ["name", "version"],
                "properties": {"name": {"const": "auditor"}, "version": {"type": "string"}, "course": course},
            },
            "repository": whole.pop("repository"),
            "report": whole.pop("report"),
            "summary": {"$ref": f"#/$defs/{shown('Summary')}"},
            **whole,
        },
        "$defs": {shown(name): part for name, part in sorted(parts.items())},
    }


def shown(name: str) -> str:
    """A type's name as the schema has it: `claim` for `ClaimResult`, `set_aside` for `SetAside`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name.removesuffix("Result")).lstrip("_")


def described(kind: type[Any], part: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the schema says of a type: all that is said of it in code, and what its JSON always has."""
    leaves_out = kind.__struct_config__.omit_defaults
    said = field_docstrings(kind)
    properties = {}
    for name, field in part["properties"].items():
        made = simple(field, words, never_null=leaves_out and name not in ALWAYS.get(kind.__name__, ()))
        properties[name] = made | ({"description": said[name]} if name in said else {})
    needed = {*part.get("required", ()), *ALWAYS.get(kind.__name__, ())} - LATER.get(kind.__name__, set())
    return {
        "type": "object",
        "description": inspect.cleandoc(kind.__doc__ or ""),
        "required": [name for name in properties if name in needed],
        "properties": properties,
    }


def simple(field: Mapping[str, Any], words: Mapping[str, Sequence[str]], *, never_null: bool = False) -> dict[str, Any]:
    """A field's type as one would write it: its words where it is one of some, `null` among its types, and no default."""
    made = {key: value for key, value in field.items() if key != "default"}
    if "$ref" in made:
        name = made["$ref"].rpartition("/")[2]
        made = {"enum": list(words[name])} if name in words else {"$ref": f"#/$defs/{shown(name)}"}
    if "items" in made:
        made["items"] = simple(made["items"], words)
    if "anyOf" in made:
        kinds = [simple(one, words) for one in made.pop("anyOf")]
        others = [kind for kind in kinds if kind != {"type": "null"}]
        if never_null:
            made |= others[0]
        elif len(others) == 1 and "type" in others[0]:
            made |= others[0] | {"type": [others[0]["type"], "null"]}
        else:
            made["anyOf"] = kinds
    return made


def field_docstrings(kind: type[Any]) -> dict[str, str]:
    """What stands as a string below each field in a class."""
    (body,) = ast.parse(inspect.cleandoc(f"\n{inspect.getsource(kind)}")).body
    found: dict[str, str] = {}
    fields = body.body if isinstance(body, ast.ClassDef) else []
    for field, below in pairwise(fields):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            text = below.value
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                found[field.target.id] = " ".join(text.value.split())
    return found
