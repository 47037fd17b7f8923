from __future__ import annotations

import json

import pytest
from support.python_code import Build


def test_roles(project: Build) -> None:
    found = project(
        {
            "src/shop/a.py": "",
            "tests/helpers.py": "",
            "src/shop/test_a.py": "",
            "docs/conf.py": "",
            "myenv/pyvenv.cfg": "",
            "myenv/lib/x.py": "",
            "libs/lib/python3.11/site-packages/torch/nn.py": "import wandb\nwandb.log()\n",
            "old/requests/PKG-INFO": "",
            "old/requests/api.py": "",
            "src/shop.egg-info/PKG-INFO": "",
            "notebooks/.ipynb_checkpoints/a-checkpoint.ipynb": "{",
            "notebooks/a.ipynb": json.dumps({"cells": []}),
        }
    )
    assert {f.path: f.role.value for f in found.files} == {
        "src/shop/a.py": "own",
        "tests/helpers.py": "test",
        "src/shop/test_a.py": "test",
        "docs/conf.py": "docs",
        "libs/lib/python3.11/site-packages/torch/nn.py": "vendored",
        "old/requests/api.py": "vendored",
        "notebooks/.ipynb_checkpoints/a-checkpoint.ipynb": "vendored",
        "notebooks/a.ipynb": "notebook",
    }
    assert not found.calls()


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("speed_test.py", "import cProfile\ncProfile.run('x')\n", "own"),
        ("drift_test.py", "def test_drift():\n    assert 1\n", "test"),
        ("scripts/test_server.py", "import requests\nrequests.get('http://localhost')\n", "own"),
        ("test_all.py", "# def test_later(): ...\n", "test"),
        ("test_empty.py", "", "test"),
        ("tests/speed_test.py", "import cProfile\n", "test"),
        ("conftest.py", "import sys\n", "test"),
    ],
)
def test_a_name_alone_makes_no_test(project: Build, path: str, text: str, expected: str) -> None:
    (file,) = project({path: text}).files
    assert file.role.value == expected
