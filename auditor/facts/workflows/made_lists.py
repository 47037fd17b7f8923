"""Lists that an expression makes (`fromJSON(inputs.pythons)`), as far as the repository writes them out.

Sources: GitHub documentation, "Evaluate expressions" (`fromJSON`), "Reuse workflows" (`inputs`), "Passing job outputs".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from auditor.facts.workflows.source import Source
from auditor.formats.yaml_lines import YamlMap
from auditor.patterns import pattern

MAX_TEXTS = 20

_CALL = pattern(r"\$\{\{\s*fromJSON\((.{1,2000})\)\s*\}\}", re.IGNORECASE | re.DOTALL)
_LITERAL = pattern(r"'((?:[^']|'')*)'")
_INPUT = pattern(r"(?:github\.event\.)?inputs\.([\w-]+)")
_OUTPUT = pattern(r"needs\.([\w-]+)\.outputs\.([\w-]+)")
_STEP_OUTPUT = pattern(r"steps\.([\w-]+)\.outputs\.([\w-]+)")


def made_list(source: Source, text: str) -> str | None:
    """The JSON behind an expression, of several that it may be the longest list; None where nothing tells."""
    call = _CALL.fullmatch(text.strip())
    if call is None:
        return None
    found = []
    for candidate in list(texts_behind(source, call[1]))[:MAX_TEXTS]:
        try:
            value = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, list | dict):
            found.append((len(value), candidate))
    return max(found)[1] if found else None


def texts_behind(source: Source, expression: str) -> Iterator[str]:
    """The texts that an expression may give: those in it, inputs as callers and defaults have them, outputs of other jobs."""
    for literal in _LITERAL.finditer(expression):
        yield literal[1].replace("''", "'")
    file = source.files.yaml(source.path)
    document = file.mapping if file is not None else YamlMap(1)
    for named in _INPUT.finditer(expression):
        for event in ("workflow_call", "workflow_dispatch"):
            yield document.map_at("on").map_at(event).map_at("inputs").map_at(named[1]).text_of("default")
        for given in source.files.given_to(source.path):
            yield given.get(named[1].lower(), "")
    for named in _OUTPUT.finditer(expression):
        job = document.map_at("jobs").map_at(named[1])
        step = _STEP_OUTPUT.search(job.map_at("outputs").text_of(named[2]))
        for item in job.list_at("steps").maps() if step is not None else ():
            if step is not None and item.text_of("id") == step[1]:
                yield from assigned(item.text_of("run"), step[2])


def assigned(script: str, name: str) -> Iterator[str]:
    """What a script writes into an output: `echo 'pythons=["3.11", "3.12"]' >> $GITHUB_OUTPUT`."""
    for line in script.splitlines()[:500]:
        _, mark, rest = line[:2_000].partition(f"{name}=")
        opening = min((rest.find(c) for c in "[{" if c in rest), default=-1)
        closing = max(rest.rfind("]"), rest.rfind("}"))
        if mark and 0 <= opening <= 2 and closing > opening:
            yield rest[opening : closing + 1].replace('\\"', '"')
