"""The schema is made from the types, says what it always said, and holds for what is written and for what was written before."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from auditor import audit
from auditor.evidence import Place
from auditor.records import replace
from auditor.result.audit import AuditResult
from auditor.result.json import read_result, schema, to_json
from auditor.samples import build_samples

FIRST: dict[str, Any] = json.loads(Path(__file__).with_name("first_schema.json").read_bytes())
"""The schema of version 1.0 as it was first published, written by hand. It never changes: sheets and scripts rely on it."""
CONSTRAINTS = ("const", "enum", "minimum", "pattern", "format")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[AuditResult]:
    return [audit(path, hand_in=True) for path in build_samples(tmp_path_factory.mktemp("samples"))]


def valid(document: Any, by: dict[str, Any]) -> None:
    jsonschema.validate(document, by, cls=jsonschema.Draft202012Validator)


def test_what_is_written_follows_the_schema(results: list[AuditResult]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    for result in results:
        document = json.loads(to_json(result))
        valid(document, schema())
        valid(document, FIRST)
        assert read_result(document) == result


def test_results_of_the_first_version_follow_it_too(results: list[AuditResult]) -> None:
    for result in results:
        document = json.loads(to_json(result))
        first = only_first(document, FIRST)
        assert first != document
        valid(first, FIRST)
        valid(first, schema())
        assert [claim.verdict for claim in read_result(first).claims] == [claim.verdict for claim in result.claims]


def only_first(thing: Any, by: Mapping[str, Any]) -> Any:
    """`thing` with nothing but what the first schema asks for."""
    by = resolved(by, FIRST)
    if isinstance(thing, dict) and "properties" in by:
        return {name: only_first(thing[name], by["properties"][name]) for name in by["required"]}
    if isinstance(thing, list) and "items" in by:
        return [only_first(one, by["items"]) for one in thing]
    return thing


def resolved(part: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a schema without references, `null` as one of its types."""
    found = dict(part)
    if "$ref" in found:
        found |= resolved(whole["$defs"][found.pop("$ref").rpartition("/")[2]], whole)
    for key in ("anyOf", "oneOf"):
        if key in found:
            (other,) = [one for one in found.pop(key) if one != {"type": "null"}]
            found |= resolved(other, whole)
            found["type"] = [found["type"], "null"]
    return found


def weaker(then: Mapping[str, Any], now: Mapping[str, Any], where: str, first: Mapping[str, Any]) -> Iterator[str]:
    """Where the schema of now says less, or something else, than `first`; `then` and `now` are a part of each."""
    then, now = resolved(then, first), resolved(now, schema())
    kinds = [{one["type"]} if isinstance(one.get("type"), str) else set(one.get("type", ())) for one in (then, now)]
    if kinds[0] and kinds[0] != kinds[1]:
        yield f"{where}: {kinds}"
    for key in CONSTRAINTS:
        if key in then and then[key] != now.get(key):
            yield f"{where}: {key} {now.get(key)}"
    if set(then.get("required", ())) != set(now.get("required", ())) and "additionalProperties" not in then:
        yield f"{where}: required {set(then.get('required', ())) ^ set(now.get('required', ()))}"
    for name, field in then.get("properties", {}).items():
        yield from weaker(field, now["properties"].get(name, {}), f"{where}.{name}", first)
    for key in ("items", "additionalProperties"):
        if key in then:
            yield from weaker(then[key], now.get(key, {}), f"{where}[]", first)


def test_it_says_all_that_the_first_schema_said() -> None:
    assert list(weaker(FIRST, schema(), "", FIRST)) == []
    assert set(FIRST["properties"]["summary"]["required"]) == set(schema()["$defs"]["summary"]["required"])
    loose = copy.deepcopy(FIRST)
    loose["$defs"]["place"]["properties"]["line"]["minimum"] = 0
    assert list(weaker(loose, schema(), "", loose)) != []


def test_new_fields_are_described_and_optional() -> None:
    parts = schema()["$defs"]
    for part, field in (("claim", "wording"), ("claim", "said"), ("part", "traces")):
        assert parts[part]["properties"][field]["description"]
        assert field not in parts[part]["required"]
    assert parts["trace"]["properties"]["weight"] == {"enum": ["counts", "half", "not"]}
    assert all(part["description"] for part in parts.values())


def test_a_place_says_no_commit_where_it_has_none(results: list[AuditResult]) -> None:
    result = replace(
        results[0], report=replace(results[0].report, problems=(Place("a"), Place("git log", None, "", "ab")))
    )
    problems = json.loads(to_json(result))["report"]["problems"]
    assert problems == [
        {"path": "a", "line": None, "text": ""},
        {"path": "git log", "line": None, "text": "", "commit": "ab"},
    ]


@pytest.mark.parametrize("broken", [{}, {"tool": 1}, {"tool": {"version": "1"}, "claims": 3}])
def test_what_is_no_result_is_told(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not the result of an audit"):
        read_result(broken)
