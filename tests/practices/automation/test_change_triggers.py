from __future__ import annotations

import pytest
from support.cloud_files import WORKFLOW, known
from support.trees import Trees

from auditor.practices.automation.change_triggers import ChangeTriggers


def on_paths(*patterns: str) -> str:
    return "  push:\n    paths:\n" + "".join(f"      - '{pattern}'\n" for pattern in patterns)


@pytest.mark.parametrize(
    ("on", "run", "expected"),
    [
        (on_paths("data.dvc"), "dvc pull", True),
        (on_paths("**/*.dvc", ".dvc/**", ".github/workflows/w.yml"), "dvc pull", True),
        (on_paths("data.dvc", "src/**"), "dvc pull", False),
        (on_paths("data.dvc"), "echo dvc pull", False),
        (on_paths("data.dvc"), "python scripts/gone.py", False),
        (on_paths("datasets/**"), "dvc pull", False),
        ("  repository_dispatch:\n    types: [new-data]", "dvc pull", True),
        ("  workflow_dispatch:", "dvc pull", False),
        (on_paths("src/shop/data.py"), "dvc pull", None),
        ("  push:", "dvc pull", False),  # a workflow on data by its name: too wide, not nothing
    ],
)
def test_data_triggers(tree: Trees, on: str, run: str, expected: bool | None) -> None:
    found = known(
        tree,
        ChangeTriggers,
        **{
            "data.dvc": "outs:\n- md5: aa\n  path: data\n",
            "sub/raw.dvc": "outs:\n- md5: aa\n  path: raw\n",
            "src/shop/data.py": "print(1)\n",
            ".github/workflows/w.yml": WORKFLOW.format(name="data", on=on, run=run),
        },
    )
    assert (found.data[0].strong if found.data else None) is expected
    assert found.registry == ()


@pytest.mark.parametrize(
    ("on", "run", "expected"),
    [
        ("  repository_dispatch:\n    types: [staged_model]", "pytest tests", True),
        ("  repository_dispatch:\n    types: [gcs_model_data_finalized]", "pytest tests", True),
        ("  repository_dispatch:\n    types: [staged_model]", "echo pytest", False),
        (on_paths("models/**"), "pytest tests", True),
        (on_paths("**/*.onnx.dvc"), "pytest tests", True),
        (on_paths("models/**", "src/**"), "pytest tests", False),
        ("  workflow_dispatch:", "pytest tests", False),
        (on_paths("src/shop/models/**"), "pytest tests", None),
        ("  push:", "pytest tests", None),
    ],
)
def test_registry_triggers(tree: Trees, on: str, run: str, expected: bool | None) -> None:
    found = known(
        tree,
        ChangeTriggers,
        **{
            "models/shop.onnx.dvc": "outs:\n- md5: aa\n  path: shop.onnx\n",
            "src/shop/models/net.py": "print(1)\n",
            ".github/workflows/w.yml": WORKFLOW.format(name="model", on=on, run=run),
        },
    )
    assert (found.registry[0].strong if found.registry else None) is expected
    assert found.data == ()


@pytest.mark.parametrize(("changes", "strong"), [("data.dvc", True), ("gone.dvc", False)])
def test_a_filter_of_gitlab(tree: Trees, changes: str, strong: bool) -> None:
    found = known(
        tree,
        ChangeTriggers,
        **{
            "data.dvc": "outs:\n- md5: aa\n  path: data\n",
            ".gitlab-ci.yml": f"check:\n  script: [dvc pull]\n  rules:\n    - changes:\n        - {changes}\n",
        },
    )
    assert [(trace.place.line, trace.strong) for trace in found.data] == [(5, strong)]


def test_many_patterns_and_files_take_no_time(tree: Trees) -> None:
    files = {f"data/{number}.csv": "a\n" for number in range(400)}
    files[".github/workflows/w.yml"] = WORKFLOW.format(
        name="data", on=on_paths(*(f"**/*{number}*.csv" for number in range(1_000))), run="dvc pull"
    )
    assert known(tree, ChangeTriggers, **files).data[0].strong
