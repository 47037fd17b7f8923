"""Imported packages against declared ones."""

from __future__ import annotations

import pytest
from packaging.utils import canonicalize_name
from support.trees import Trees

from auditor.facts.dependencies import ImportCoverage, brought_along, distributions_of
from auditor.facts.dependencies.requirement import Declared
from auditor.knowledge.distribution_tables import BRINGS, CONDA, MODULES


def coverage(tree: Trees, files: dict[str, str]) -> ImportCoverage:
    return tree(files).get(ImportCoverage)


@pytest.mark.parametrize(
    ("module", "first"),
    [
        ("PIL.Image", "pillow"),
        ("sklearn.metrics", "scikit-learn"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("google.cloud.bigtable.row", "google-cloud-bigtable"),
        ("google.protobuf.message", "protobuf"),
        ("lightning.pytorch", "lightning"),
        ("prometheus_client", "prometheus-client"),
        ("torch.nn", "torch"),
        ("some_Thing", "some-thing"),
        ("azure.storage.blob", "azure-storage-blob"),
    ],
)
def test_distribution_of_a_module(module: str, first: str) -> None:
    assert distributions_of(module)[0] == first


def test_the_tables_hold_canonical_names() -> None:
    assert len(MODULES) > 150
    names = {name for found in (*MODULES.values(), *BRINGS.values()) for name in found} | set(CONDA.values())
    names |= {key.partition("[")[0] for key in BRINGS}
    assert {name for name in names if name != canonicalize_name(name)} == set()


def test_what_comes_along_over_several_steps() -> None:
    along = brought_along(
        [Declared("streamlit", "requirements.txt", 3), Declared("fastapi", "x", 1, extras=("standard",))]
    )
    assert along["numpy"].name == "streamlit"
    assert along["uvicorn"].name == "fastapi"
    assert "uvicorn" not in brought_along([Declared("fastapi", "x", 1)])


def test_coverage_of_a_project(tree: Trees) -> None:
    found = coverage(
        tree,
        {
            "pyproject.toml": (
                '[project]\nname = "shop-model"\ndependencies = ["torch", "opencv-python-headless", "fastapi"]\n'
            ),
            "uv.lock": 'version = 1\n[[package]]\nname = "rich"\n',
            "src/shop_model/__init__.py": "",
            "src/shop_model/train.py": (
                "import os, json\nimport cv2\nimport torch.nn as nn\nfrom pydantic import BaseModel\nimport rich\n"
                "import yaml\nfrom shop_model.data import load\nfrom . import data\n"
                "try:\n    import intel_speed\nexcept ImportError:\n    intel_speed = None\n"
            ),
            "src/shop_model/data.py": "def load():\n    import pandas as pd\n",
            "tests/test_data.py": "import pytest\nfrom src.shop_model import data\nimport shop_model\n",
            "reports/report.py": "import markdown\ndef check(): pass\ndef html(): pass\n",
            "notebooks/look.ipynb": (
                '{"cells": [{"cell_type": "code", "source": ["import seaborn as sns\\n"], "outputs": [],'
                ' "metadata": {},'
                ' "execution_count": null}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
            ),
        },
    )
    assert {(p.name, p.status) for p in found.imported} == {
        ("opencv-python-headless", "declared"),
        ("torch", "declared"),
        ("pydantic", "transitive"),
        ("rich", "transitive"),
        ("pyyaml", "missing"),
        ("intel-speed", "missing"),
        ("pandas", "missing"),
        ("pytest", "missing"),
        ("seaborn", "missing"),
    }
    by_name = {p.name: p for p in found.imported}
    assert by_name["intel-speed"].optional
    assert by_name["pandas"].evidence.where == "src/shop_model/data.py:2"
    pydantic = by_name["pydantic"].by
    assert pydantic is not None
    assert pydantic.text == "fastapi"


def test_the_lock_is_not_opened_without_need(tree: Trees) -> None:
    found = coverage(tree, {"requirements.txt": "torch\n", "uv.lock": "not [ toml", "train.py": "import torch\n"})
    assert [p.status for p in found.imported] == ["declared"]


def test_a_project_without_declarations(tree: Trees) -> None:
    found = coverage(tree, {"train.py": "import torch\nimport helper\n", "helper.py": "import sys\n"})
    assert [(p.name, p.status) for p in found.missing] == [("torch", "missing")]
