"""Names resolved, values, definitions: the code as rules see it."""

from __future__ import annotations

from support.python_code import Build
from support.trees import Trees

from auditor.facts.python import PythonProject, Role


def test_imported_packages_leave_out_own_modules_and_the_standard_library(project: Build) -> None:
    found = project(
        {
            "src/shop/__init__.py": "",
            "src/shop/train.py": "import os\nimport numpy as np\nfrom shop.data import load\nfrom data import load\n",
            "src/shop/data.py": "def load(): pass\n",
            "tests/test_data.py": "import pytest\nfrom src.shop.data import load\nfrom tests import PATH\n",
            "tests/__init__.py": "PATH = 1\n",
            "scripts/run.py": (
                "from google.cloud import storage\nimport helper\ntry:\n"
                "    import torch\nexcept ImportError:\n    torch = None\n"
            ),
            "scripts/helper.py": "",
        }
    )
    packages = found.imported_packages
    assert {name: place.evidence.where for name, place in packages.items()} == {
        "google": "scripts/run.py:1",
        "torch": "scripts/run.py:4",
        "numpy": "src/shop/train.py:2",
        "pytest": "tests/test_data.py:1",
    }
    assert packages["torch"].optional and not packages["numpy"].optional
    assert [i.line for i in found.imports("google.cloud")] == [1]


def test_patterns_roles_and_liveness_select_calls(project: Build) -> None:
    found = project(
        {
            "a.py": "import torch\ntorch.optim.Adam()\nif False:\n    torch.optim.SGD()\n",
            "tests/test_a.py": "import torch\ntorch.optim.AdamW()\n",
        }
    )
    assert [c.name for c in found.calls("torch.optim.*", roles=[Role.OWN])] == ["torch.optim.Adam", "torch.optim.SGD"]
    assert [c.name for c in found.calls("torch.optim.*", live=True)] == ["torch.optim.Adam", "torch.optim.AdamW"]
    assert not found.calls("torch.opt")
    assert found.texts("gs://*") == ()


def test_it_is_a_fact(tree: Trees) -> None:
    found = tree({"a.py": "print(1)\n"}).get(PythonProject)
    assert [c.name for c in found.calls()] == ["print"] and found


def test_a_file_that_is_not_there_is_asked_like_an_empty_one(project: Build) -> None:
    found = project({"src/kiln/__init__.py": "", "src/kiln/fire.py": "import kiln\nfrom kiln.clay import wet\n"})
    assert found.at("src/kiln/gone.py").imports == () and found.at("src/kiln/gone.py").role is Role.VENDORED
    assert [file.path for file in found.imported_by(found.at("src/kiln/fire.py"))] == ["src/kiln/__init__.py"]


def test_what_a_call_is_given(project: Build) -> None:
    (call,) = project({"a.py": "import torch\nfit(torch.nn, 3, step=torch.optim.SGD)\n"}).calls()
    assert [value.text for value in call.values] == ["torch.nn", "3", "torch.optim.SGD"]
    assert call.handed == ("torch.nn", "torch.optim.SGD")
