"""Tests of what the project made, without calling its code: processed data, a trained model, the library's model built anew."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.facts.python import Call, PythonProject
from auditor.patterns import pattern
from auditor.practices.testing.files import TestFiles
from auditor.practices.testing.flaws import PRODUCT, REBUILT
from auditor.practices.testing.subjects import Subject, Subjects

DATA_PLACE = pattern(
    r"(^|[/\\])(data|datasets?)([/\\]|$)|(^|[/\\])(raw|processed|interim|external|splits)[/\\]|\.(csv|parquet)\.dvc$"
)
MODEL_PLACE = pattern(
    r"(^|[/\\])(models?|checkpoints?|weights|artifacts)[/\\]|\.(pt|pth|ckpt|onnx|safetensors|joblib|keras|h5|tflite)$|(^|[/\\])model\.pkl$"
)
OF_TESTS = pattern(r"(^|[/\\])(tests?|fixtures|tmp|temp)[/\\]|tmp_?path")
"""Places that the tests themselves make or bring."""


def of_products(
    calls: Iterable[Call],
    scopes: Iterable[tuple[str, str]],
    project: PythonProject,
    files: TestFiles,
    subjects: Subjects,
) -> dict[Subject, str]:
    """What of the project's products a test reads, by its calls and those of its fixtures, helpers and module; with the reason."""
    calls = tuple(calls)
    found: dict[Subject, str] = {}
    said = None
    for subject, loads, place in (
        (Subject.DATA, "code.loads_data", DATA_PLACE),
        (Subject.MODEL, "code.loads_model", MODEL_PLACE),
    ):
        loading = [call for call in calls if subjects.names.are(call.names, loads) and not call.own]
        if loading:
            said = said if said is not None else strings_of(scopes, project)
            given = [text for call in loading for value in call.values for text in value.strings]
            if any(place.search(text) and not OF_TESTS.search(text) for text in (*given, *said)):
                found[subject] = PRODUCT
    if Subject.MODEL not in found:
        made = {name for call in subjects.model.made for name in call.names}
        if any(not made.isdisjoint(call.names) for call in calls):
            found[Subject.MODEL] = REBUILT
    return found


def strings_of(scopes: Iterable[tuple[str, str]], project: PythonProject) -> list[str]:
    """Strings in functions and at the level of modules and classes of their files."""
    wanted: dict[str, set[str]] = {}
    for path, scope in scopes:
        wanted.setdefault(path, {""}).update((scope, scope.rpartition(".")[0]))
    found = []
    for path, names in wanted.items():
        found += [text.value[:300] for text in project.at(path).texts if text.scope in names]
    return found
