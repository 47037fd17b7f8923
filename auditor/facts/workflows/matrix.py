"""The matrix of a job: its combinations, and what each axis is for.

Source: GitHub documentation, "Workflow syntax for GitHub Actions" (`jobs.<job_id>.strategy.matrix` and below).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import islice, product
from typing import Any, NamedTuple

from auditor.facts.workflows.made_lists import made_list
from auditor.facts.workflows.model import Axis, Matrix
from auditor.facts.workflows.source import Source, walk
from auditor.formats.shell import Command
from auditor.formats.yaml_lines import Mark, YamlList, YamlMap, YamlValue
from auditor.patterns import pattern

MAX_COMBINATIONS = 256
"""GitHub's own limit of jobs per matrix and run."""

Values = dict[str, str]
"""One value of an axis: text by the key below the axis; a plain value has the empty key."""

_REFERENCE = pattern(r"\bmatrix(?:\.([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|\[\s*'([^']*)'\s*\])?")
_RUNNER = pattern(r"(?:ubuntu|windows|macos)(?:-.*)?", re.IGNORECASE)
NOT_A_USE = frozenset({"name", "run-name", "key", "restore-keys", "strategy", "matrix", "if", "concurrency"})
"""Keys under which an axis is shown or distinguished by, but does nothing."""
SAYING = frozenset({"echo", "printf", "write-host", "write-output"})
OS_NAMES = frozenset({"os", "operatingsystem", "platform", "runner", "runson", "machine", "system"})
PYTHON_VALUE = pattern(
    r"(.*[-_.])?((py|python|pypy|cp|py-)[-_]?[23]\.?[0-9]{1,2}|pypy|3\.[0-9]{1,2}(\.[0-9]+)?(t|-dev|rc[0-9])?)([-_.].*)?",
    re.IGNORECASE,
)
"""Values that name a Python: `3.12`, `py312`, `tests-3.12`, `py311-torch2`, `test.py3.11`."""
NAMED_PYTHON = pattern(r"(.*[-_.])?(py|python|pypy)[-_]?[23]\.?[0-9]{1,2}([-_.].*)?", re.IGNORECASE)
"""The same where the value itself says that it is a Python: whatever its axis is called."""
_PYTHON_PIN = pattern(r"(^|[\s\"'])python\s*[=~<>]=?\s*(\$\{\{\s*)?$")
TORCH_VALUE = pattern(r"(.*[-_.])?(py)?torch[-_=]*[0-9].*", re.IGNORECASE)
ENVIRONMENT_NAMES = pattern(
    r".*(env|environment|toxenv|session|tox|nox|pixi|hatch|factor|interpreter|version|image|container|conda|target|feature).*"
)
"""Names of axes over environments, sessions or images, which may pick the Python."""
PYTHON_NAMES = frozenset({"py", "pyver", "pyversion", "python", "pythons", "pythonver", "pythonversion"})


class Use(NamedTuple):
    """What the job does with an axis: the key under which it stands, and the kind of axis that this makes it."""

    key: str
    kind: str | None


def read_matrix(source: Source, parent: YamlMap, job: YamlMap) -> Matrix | None:
    """The `matrix` of a mapping; None where there is none. `job` is where its values are used."""
    value = parent.get("matrix")
    place = source.place(parent.line_of("matrix"))
    if isinstance(value, str):
        value = from_json(source, value, parent.line_of("matrix"))
    if not isinstance(value, YamlMap):
        return Matrix(*place, {}) if "matrix" in parent and parent["matrix"] is not None else None
    vectors: dict[str, list[Values] | None] = {}
    lines: dict[str, int] = {}
    for name in value:
        if name in ("include", "exclude"):
            continue
        vectors[name] = axis_values(source, value, name)
        lines[name] = value.line_of(name)
    for included in value.list_at("include").maps():
        for name in included:
            lines.setdefault(name, included.line_of(name))
    rows = combinations(vectors, entries(value, "include"), entries(value, "exclude"))
    flat = tuple({join(n, k): v for n, values in row.items() for k, v in values.items()} for row in rows)
    unknown = {name for name, values in vectors.items() if values is None}
    names = dict.fromkeys([*unknown, *(name for row in flat for name in row)])
    uses = uses_of(source, job)
    axes = {}
    for name in names:
        values = tuple(dict.fromkeys(row[name] for row in flat if name in row))
        line = lines.get(name.partition(".")[0], parent.line_of("matrix"))
        kind, used = purpose(name, values, uses)
        axes[name] = Axis(*source.place(line), name, values, kind, known=name not in unknown, used=used)
    return Matrix(*place, axes, flat)


def join(name: str, key: str) -> str:
    """How an expression names a value: `config.os`."""
    return f"{name}.{key}" if key else name


def from_json(source: Source, text: str, line: int) -> YamlValue:
    """The value of an expression that is `fromJSON` of something that is written out; `text` itself for any other."""
    made = made_list(source, text)
    try:
        return as_yaml(json.loads(made), line, 0) if made is not None else text
    except (ValueError, RecursionError):
        return text


def as_yaml(value: Any, line: int, depth: int) -> YamlValue:
    """JSON data as the YAML reader would give it, all on one line. Raises ValueError where it is nested deep."""
    if depth > 5:
        raise ValueError("nested too deep for a matrix")
    if isinstance(value, dict):
        mapping = YamlMap(line)
        for key, inner in value.items():
            mapping[key] = as_yaml(inner, line, depth + 1)
            mapping.marks[key] = Mark(line, line, line, scalar_text(inner))
        return mapping
    if isinstance(value, list):
        sequence = YamlList(line)
        for inner in value:
            sequence.append(as_yaml(inner, line, depth + 1))
            sequence.marks.append(Mark(line, line, line, scalar_text(inner)))
        return sequence
    return value if isinstance(value, str | int | float | bool) else None


def scalar_text(value: Any) -> str:
    """JSON scalar as text."""
    return value if isinstance(value, str) else "" if isinstance(value, dict | list) else json.dumps(value)


def axis_values(source: Source, matrix: YamlMap, name: str) -> list[Values] | None:
    """The values of one axis; None where an expression makes them."""
    value = matrix[name]
    if isinstance(value, str):
        value = from_json(source, value, matrix.line_of(name))
    if isinstance(value, YamlList):
        return [plain_values(item, value.text_of(i)) for i, item in enumerate(value)]
    if isinstance(value, str) and "${{" in value:
        return None
    return [plain_values(value, matrix.text_of(name))]


def plain_values(value: YamlValue, text: str) -> Values:
    """One value of an axis."""
    if isinstance(value, YamlMap):
        return {key: value.text_of(key) for key in value}
    return {"": text}


def entries(matrix: YamlMap, key: str) -> list[dict[str, Values]]:
    """The entries of `include` or `exclude`."""
    return [
        {name: plain_values(item[name], item.text_of(name)) for name in item}
        for item in matrix.list_at(key).maps()[:MAX_COMBINATIONS]
    ]


def combinations(
    vectors: Mapping[str, list[Values] | None],
    include: Iterable[dict[str, Values]],
    exclude: Iterable[dict[str, Values]],
) -> list[dict[str, Values]]:
    """The combinations of a matrix, in GitHub's order: product, exclusions, inclusions."""
    known = {name: values for name, values in vectors.items() if values is not None}
    rows: list[dict[str, Values]] = []
    if vectors:
        every = product(*known.values())
        rows = [dict(zip(known, values, strict=True)) for values in islice(every, MAX_COMBINATIONS)]
    without = list(exclude)
    rows = [row for row in rows if not any(all(row.get(n) == v for n, v in entry.items()) for entry in without)]
    original = [dict(row) for row in rows]
    for entry in include:
        fitting = [
            row
            for row, was in zip(rows, original, strict=False)
            if all(was[name] == value for name, value in entry.items() if name in was)
        ]
        if fitting:
            for row in fitting:
                row.update(entry)
        elif len(rows) < MAX_COMBINATIONS:
            rows.append(dict(entry))
    return rows


def uses_of(source: Source, job: YamlMap) -> dict[str, list[Use]]:
    """What the job does with each axis, by the axis's name; the empty name stands for the matrix as a whole."""
    found: dict[str, list[Use]] = {}
    for keys, text in walk(job, NOT_A_USE):
        if "matrix" not in text:
            continue
        key = keys[-1].lower() if keys else ""
        if "runs-on" in keys:
            key = "runs-on"
        commands = source.commands(text, 1) if key == "run" else ()
        for match in _REFERENCE.finditer(text):
            name = match[1] or match[2] or ""
            if key == "run":
                found.setdefault(name, []).extend(command_uses(commands, match[0]))
            else:
                found.setdefault(name, []).append(Use(key, kind_by_key(key, text, match.start())))
    return found


def kind_by_key(key: str, text: str, place: int) -> str | None:
    """The kind of an axis that is used in a setting."""
    plain = key.replace("-", "").replace("_", "")
    before = text[max(0, place - 20) : place]
    if key == "runs-on" or plain in OS_NAMES:
        return "os"
    if "python" in plain or _PYTHON_PIN.search(before) or (key in ("image", "container") and "python:" in before):
        return "python"
    if "torch" in plain or "torch" in before:
        return "pytorch"
    return None


def command_uses(commands: Iterable[Command], reference: str) -> list[Use]:
    """What commands do with an axis; saying it is no use."""
    found = []
    for command in commands:
        if command.program.lower() in SAYING:
            continue
        for i, word in enumerate(command.words):
            if reference not in word:
                continue
            before = word[: word.index(reference)].lower()
            option = command.words[i - 1] if i else ""
            kind = None
            if "torch" in before:
                kind = "pytorch"
            elif "python" in before or option in ("--python", "-p") or command.runs("uv python"):
                kind = "python"
            found.append(Use("run", kind))
        if any(reference in value for _, value in command.environment):
            name = command.environment[0][0].lower()
            found.append(Use("env", "python" if "python" in name else "pytorch" if "torch" in name else None))
    return found


def purpose(name: str, values: tuple[str, ...], uses: Mapping[str, list[Use]]) -> tuple[str, bool]:
    """The kind of an axis and whether it is used: told by where it is used, else by its name and values."""
    parts = name.split(".")
    names = ["", *(".".join(parts[:n]) for n in range(1, len(parts) + 1))]
    own = [use for known in names for use in uses.get(known, ())]
    kinds = [use.kind for use in own if use.kind]
    if kinds:
        return kinds[0], True
    plain = parts[-1].lower().replace("-", "").replace("_", "")
    if plain in OS_NAMES or (values and all(_RUNNER.fullmatch(value) for value in values)):
        return ("other", True) if own else ("os", False)
    if plain in PYTHON_NAMES or plain.startswith("python"):
        return "python", bool(own)
    if "torch" in plain:
        return "pytorch", bool(own)
    if own and sum(NAMED_PYTHON.fullmatch(value) is not None for value in values) > 1:
        return "python", True
    if ENVIRONMENT_NAMES.fullmatch(plain) and own:
        for kind, wanted in (("python", PYTHON_VALUE), ("pytorch", TORCH_VALUE)):
            if sum(wanted.fullmatch(value) is not None for value in values) > 1:
                return kind, True
    return "other", bool(own)
