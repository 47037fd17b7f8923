"""Code that nothing leads to, and the many ways in which something may."""

from __future__ import annotations

import pytest
from support.python_code import Build

DEAD = {
    "if False": "import wandb\nif False:\n    wandb.log({})",
    "if 0": "import wandb\nif 0:\n    wandb.log({})",
    "if not True": "import wandb\nif not True:\n    wandb.log({})",
    "and False": "import wandb\nif use and False:\n    wandb.log({})",
    "else of True": "import wandb\nif True:\n    pass\nelse:\n    wandb.log({})",
    "type checking": "import typing, wandb\nif typing.TYPE_CHECKING:\n    wandb.log({})",
    "while False": "import wandb\nwhile False:\n    wandb.log({})",
    "after return": "import wandb\ndef f():\n    return 1\n    wandb.log({})\nf()",
    "after raise": "import wandb\ndef f():\n    raise ValueError\n    wandb.log({})\nf()",
    "after continue": "import wandb\nfor x in y:\n    continue\n    wandb.log({})",
    "after exit": "import sys, wandb\nsys.exit()\nwandb.log({})",
    "after both branches": (
        "import wandb\ndef f(x):\n    if x:\n        return 1\n    else:\n        return 2\n    wandb.log({})\nf(1)"
    ),
    "unused function": "import wandb\ndef f():\n    wandb.log({})\n",
    "unused method's class": "import wandb\nclass A:\n    def f(self):\n        wandb.log({})\n",
    "unused method": "import wandb\nclass A:\n    def f(self):\n        wandb.log({})\nA()",
    "only itself": "import wandb\ndef f():\n    wandb.log({})\n    f()\n",
    "used by dead code": "import wandb\ndef f():\n    wandb.log({})\ndef g():\n    f()\n",
    "used under False": "import wandb\ndef f():\n    wandb.log({})\nif False:\n    f()\n",
    "named in a comment": "import wandb\ndef f():\n    wandb.log({})\n# f()\n",
    "named in a docstring": "'''Calls f().'''\nimport wandb\ndef f():\n    wandb.log({})\n",
    "no_grad only": "import wandb, torch\n@torch.no_grad()\ndef f():\n    wandb.log({})\n",
    "another's method": "import wandb, torch\ndef train():\n    wandb.log({})\ntorch.nn.Linear(1, 2).train()\n",
    "another's function": "import wandb\nfrom torch import save as f2\ndef save():\n    wandb.log({})\nf2()\n",
    "nested, never called": "import wandb\ndef f():\n    def g():\n        wandb.log({})\n    return 1\nf()\n",
    "exported": "import wandb\n__all__ = ['f']\ndef f():\n    wandb.log({})\n",
    "only imported": "import wandb\ndef f():\n    wandb.log({})\n",
}


@pytest.mark.parametrize("form", DEAD)
def test_dead(project: Build, form: str) -> None:
    found = project({"shop.py": DEAD[form], "other.py": "from shop import f\n"})
    (call,) = found.calls("wandb.log")
    assert not call.live


LIVE = {
    "top level": "import wandb\nwandb.log({})",
    "main block": "import wandb\ndef f():\n    wandb.log({})\nif __name__ == '__main__':\n    f()",
    "in if": "import wandb\nif use:\n    wandb.log({})",
    "after if return": "import wandb\ndef f(x):\n    if x:\n        return 1\n    wandb.log({})\nf(1)",
    "after with return": (
        "import wandb, contextlib\ndef f(x):\n    with contextlib.suppress(E):\n"
        "        raise E\n    wandb.log({})\nf(1)"
    ),
    "after try": (
        "import wandb\ndef f():\n    try:\n        return g()\n    except E:\n        pass\n    wandb.log({})\nf()"
    ),
    "finally": "import wandb\ndef f():\n    try:\n        return g()\n    finally:\n        wandb.log({})\nf()",
    "after try else": (
        "import wandb\ndef f():\n    try:\n        g()\n    except E:\n"
        "        pass\n    else:\n        return 1\n    wandb.log({})\nf()"
    ),
    "passed on": "import wandb\ndef f():\n    wandb.log({})\nrun(f)",
    "in a dict": "import wandb\ndef f():\n    wandb.log({})\nCHOICES = {'x': f}\n",
    "registered": (
        "import wandb\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef f():\n    wandb.log({})\n"
    ),
    "hydra": "import wandb, hydra\n@hydra.main(config_path='c')\ndef f(cfg):\n    wandb.log({})\n",
    "getattr": "import wandb, shop\ndef f():\n    wandb.log({})\ngetattr(shop, name)()\n",
    "globals": "import wandb\ndef f():\n    wandb.log({})\nglobals()[name]()\n",
    "fire": "import wandb, fire\ndef f():\n    wandb.log({})\nfire.Fire()\n",
    "method": "import wandb\nclass A:\n    def f(self):\n        wandb.log({})\nA().f()",
    "dunder": "import wandb\nclass A:\n    def __call__(self):\n        wandb.log({})\nA()()",
    "framework hook": (
        "import wandb\nfrom lightning import Callback\nclass A(Callback):\n"
        "    def on_x(self):\n        wandb.log({})\nuse(A())"
    ),
    "framework hook of a base": (
        "import wandb\nfrom lightning import Callback\nclass B(Callback): pass\n"
        "class A(B):\n    def on_x(self):\n        wandb.log({})\nuse(A())"
    ),
    "locust": (
        "import wandb\nfrom locust import HttpUser\nclass A(HttpUser):\n"
        "    def on_start(self):\n        wandb.log({})\n"
    ),
    "property": "import wandb\nclass A:\n    @property\n    def f(self):\n        wandb.log({})\nprint(A().f)",
    "nested, returned": "import wandb\ndef f():\n    def g():\n        wandb.log({})\n    return g\nf()\n",
    "called by live": "import wandb\ndef g():\n    f()\ndef f():\n    wandb.log({})\ng()\n",
    "annotation": "import wandb\nclass A:\n    def __init__(self):\n        wandb.log({})\ndef f(a: A): pass\nf(1)\n",
    "aliased": "import wandb\ndef f():\n    wandb.log({})\ng = f\ng()\n",
    "partial": "import functools, wandb\ndef f():\n    wandb.log({})\ng = functools.partial(f, 1)\n",
    "cloud function": "import wandb\ndef hello(request):\n    wandb.log({})\n",
}


@pytest.mark.parametrize("form", LIVE)
def test_live(project: Build, form: str) -> None:
    path = "main.py" if form == "cloud function" else "shop.py"
    (call,) = project({path: LIVE[form]}).calls("wandb.log")
    assert call.live and not call.only_tests


FUNCTION = "import wandb\ndef start():\n    wandb.log({})\n"


@pytest.mark.parametrize(
    "files",
    [
        {"run.py": "from shop.api import start\nstart()\n"},
        {"run.py": "from shop.api import start as s\ns()\n"},
        {"run.py": "import shop.api as api\napi.start()\n"},
        {"run.py": "from shop.api import *\nstart()\n"},
        {"run.py": "from src.shop import api\napi.start()\n"},
        {"src/shop/__init__.py": "from .api import start\n", "run.py": "import shop\nshop.start()\n"},
        {"pyproject.toml": "[project.scripts]\nshop = 'shop.api:start'\n"},
        {"pyproject.toml": "[tool.poetry.scripts]\nshop = 'src.shop.api:start'\n"},
        {"configs/x.yaml": "_target_: shop.api.start\n"},
        {"setup.py": "setup(entry_points={'console_scripts': ['shop=shop.api:start']})\n"},
        {"Dockerfile": 'FROM python\nCMD ["uvicorn", "src.shop.api:start"]\n'},
        {"Makefile": "data:\n\tpython -c 'from shop.api import start; start()'\n"},
        {".github/workflows/x.yaml": "run: gcloud functions deploy x --entry-point start\n"},
        {"nb.ipynb": '{"cells": [{"cell_type": "code", "source": ["from shop.api import start\\n", "start()"]}]}'},
    ],
)
def test_live_from_elsewhere(project: Build, files: dict[str, str]) -> None:
    (call,) = project({"src/shop/api.py": FUNCTION, **files}).calls("wandb.log")
    assert call.live and not call.only_tests


def test_what_a_package_passes_on_is_no_use_of_it(project: Build) -> None:
    files = {"kiln/__init__.py": "from .timing import start\n__all__ = ['start']\n", "kiln/timing.py": FUNCTION}
    (call,) = project({**files, "fire.py": "import kiln\n"}).calls("wandb.log")
    assert not call.live
    (call,) = project({**files, "fire.py": "from kiln import start\nstart()\n"}).calls("wandb.log")
    assert call.live


def test_only_tests(project: Build) -> None:
    found = project(
        {"shop.py": FUNCTION, "tests/test_shop.py": "from shop import start\ndef test_a():\n    start()\n"},
    )
    (call,) = found.calls("wandb.log")
    assert call.live and call.only_tests
    function = found.function("shop.start")
    assert function and function.live and function.only_tests


@pytest.mark.parametrize(
    "code",
    [
        "import pytest, wandb\n@pytest.mark.skip\ndef test_a():\n    wandb.log({})\n",
        "import pytest, wandb\n@pytest.mark.skip(reason='later')\ndef test_a():\n    wandb.log({})\n",
        "import pytest, wandb\npytestmark = pytest.mark.skip('later')\ndef test_a():\n    wandb.log({})\n",
        "import pytest, wandb\ndef test_a():\n    pytest.skip('later')\n    wandb.log({})\n",
        (
            "import unittest, wandb\n@unittest.skip('x')\nclass TestA(unittest.TestCase):\n"
            "    def test_a(self):\n        wandb.log({})\n"
        ),
    ],
)
def test_skipped_tests_are_dead(project: Build, code: str) -> None:
    (call,) = project({"tests/test_a.py": code}).calls("wandb.log")
    assert not call.live


def test_a_test_that_is_skipped_on_a_condition_is_live(project: Build) -> None:
    code = (
        "import pytest, wandb\n@pytest.mark.skipif(x, reason='')\n"
        "def test_a():\n    if y:\n        pytest.skip()\n    wandb.log({})\n"
    )
    (call,) = project({"tests/test_a.py": code}).calls("wandb.log")
    assert call.live


def test_long_chains_end(project: Build) -> None:
    lines = ["import wandb", "def f0():", "    wandb.log({})"]
    for n in range(1, 300):
        lines += [f"def f{n}():", f"    f{n - 1}()"]
    found = project({"shop.py": "\n".join([*lines, "f299()", ""])})
    (call,) = found.calls("wandb.log")
    assert call.live
