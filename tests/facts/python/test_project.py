"""Names resolved, values, definitions: the code as rules see it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.trees import Trees, dedented

from auditor.facts.python import UNKNOWN, Call, PythonProject, Role, python_project, reached
from auditor.facts.python.ancestry import ANCESTORS
from auditor.knowledge.names import NameIndex, name_set

Build = Callable[[dict[str, str]], PythonProject]


@pytest.fixture
def project(tree: Trees) -> Build:
    return lambda files: python_project(tree(dedented(files)).snapshot)


def names(found: PythonProject, path: str | None = None) -> list[str]:
    return [call.name for call in found.calls() if path is None or call.path == path]


def one(calls: tuple[Call, ...]) -> Call:
    assert len(calls) == 1, calls
    return calls[0]


RESOLVED = {
    "alias": ("import wandb as wb\nwb.log({})", "wandb.log"),
    "from import": ("from torch import nn\nnn.Linear(1, 2)", "torch.nn.Linear"),
    "from import as": ("from torch.nn import Linear as L\nL(1, 2)", "torch.nn.Linear"),
    "dotted import": ("import torch.nn.functional\ntorch.nn.functional.relu(1)", "torch.nn.functional.relu"),
    "dotted import as": ("import torch.nn.functional as F\nF.relu(1)", "torch.nn.functional.relu"),
    "assigned call": ("import wandb\nrun = wandb.init()\nrun.log({})", "wandb.init().log"),
    "assigned attribute": ("import wandb\nlog = wandb.log\nlog({})", "wandb.log"),
    "with": ("import wandb\nwith wandb.init() as run:\n    run.log({})", "wandb.init().log"),
    "async with": (
        "import httpx\nasync def f():\n    async with httpx.AsyncClient() as c:\n        await c.get('/')\n",
        "httpx.AsyncClient().get",
    ),
    "chained": ("import logging\nlogging.getLogger(__name__).info('x')", "logging.getLogger().info"),
    "self attribute": (
        """
        import logging
        class A:
            def run(self):
                self.logger.info("x")
            def __init__(self):
                self.logger = logging.getLogger()
        """,
        "logging.getLogger().info",
    ),
    "class attribute": (
        "import logging\nclass A:\n    log = logging.getLogger()\n    def f(self):\n        self.log.info('x')\n",
        "logging.getLogger().info",
    ),
    "annotated parameter": (
        "from lightning import Trainer\ndef f(t: Trainer):\n    t.fit()\n",
        "lightning.Trainer().fit",
    ),
    "optional parameter": (
        "from lightning import Trainer\ndef f(t: 'Trainer | None' = None):\n    t.fit()\n",
        "lightning.Trainer().fit",
    ),
    "annotated variable": ("from lightning import Trainer\nt: Trainer = make()\nt.fit()", "lightning.Trainer().fit"),
    "dependency": (
        "from fastapi import Depends\nimport db\ndef f(s=Depends(db.session)):\n    s.add(1)\n",
        "db.session().add",
    ),
    "conditional import": (
        "try:\n    import wandb\nexcept ImportError:\n    wandb = None\nwandb.log({})",
        "wandb.log",
    ),
    "None first": ("import wandb\nrun = None\nif use:\n    run = wandb.init()\nrun.log({})", "wandb.init().log"),
    "None else": (
        "import wandb\nif use:\n    run = wandb.init()\nelse:\n    run = None\nrun.log({})",
        "wandb.init().log",
    ),
    "local import": ("def f():\n    import wandb\n    wandb.log({})\n", "wandb.log"),
    "global": (
        "import wandb\nrun = None\ndef start():\n    global run\n    run = wandb.init()\ndef f():\n    run.log({})\n",
        "wandb.init().log",
    ),
    "if expression": ("import wandb\nrun = wandb.init() if use else None\nrun.log({})", "wandb.init().log"),
    "or": ("import wandb\nrun = wandb.run or wandb.init()\nrun.log({})", "wandb.run.log"),
    "walrus": ("import wandb\nif (run := wandb.init()):\n    run.log({})", "wandb.init().log"),
    "unpacking": ("import wandb\na, run = 1, wandb.init()\nrun.log({})", "wandb.init().log"),
    "loop": (
        "from torch.utils.data import DataLoader\nfor x in DataLoader(d):\n    x.to(1)",
        "torch.utils.data.DataLoader()[].to",
    ),
    "subscript": ("import yaml\nc = yaml.safe_load(f)\nc['lr'].x()", "yaml.safe_load()[lr].x"),
    "path": ("from pathlib import Path\n(Path('a') / 'b').open()", "pathlib.Path().open"),
    "super": (
        "from torch import nn\nclass N(nn.Module):\n    def __init__(self):\n        super().__init__()\n",
        "torch.nn.Module().__init__",
    ),
    "inherited": (
        "import lightning as L\nclass M(L.LightningModule):\n    def f(self):\n        self.log('x', 1)\n",
        "lightning.LightningModule().log",
    ),
    "lambda": ("import wandb\nf = lambda x: wandb.log(x)", "wandb.log"),
    "comprehension": ("import wandb\n[wandb.log(x) for x in y]", "wandb.log"),
    "f-string": ("import os\nx = f'{os.getcwd()}'", "os.getcwd"),
    "decorator": ("import hydra\n@hydra.main(config_path='c')\ndef f(cfg): pass\n", "hydra.main"),
    "bare decorator": ("import bentoml\n@bentoml.service\nclass A: pass\n", "bentoml.service"),
    "star": ("from torch.nn import *\nLinear(1, 2)", "torch.nn.Linear"),
    "returned": (
        "import wandb\ndef start():\n    run = wandb.init()\n    return run\nstart().log({})",
        "wandb.init().log",
    ),
    "annotated return": ("import wandb\ndef start() -> wandb.Run: ...\nstart().log({})", "wandb.Run().log"),
    "argument": ("import wandb\ndef f(run):\n    run.log({})\nf(wandb.init())", "wandb.init().log"),
    "keyword argument": ("import wandb\ndef f(*, run):\n    run.log({})\nf(run=wandb.init())", "wandb.init().log"),
    "stored argument": (
        """
        import wandb
        class A:
            def __init__(self, run):
                self.run = run
            def f(self):
                self.run.log({})
        A(wandb.init())
        """,
        "wandb.init().log",
    ),
    "own method": (
        """
        import wandb
        class A:
            def start(self):
                return wandb.init()
            def f(self):
                self.start().log({})
        """,
        "wandb.init().log",
    ),
    "property": (
        """
        import wandb
        class A:
            @property
            def run(self):
                return wandb.init()
            def f(self):
                self.run.log({})
        """,
        "wandb.init().log",
    ),
    "context manager": (
        """
        import wandb
        from contextlib import contextmanager
        @contextmanager
        def started():
            yield wandb.init()
        with started() as run:
            run.log({})
        """,
        "wandb.init().log",
    ),
    "match": ("import wandb\nmatch x:\n    case 1:\n        wandb.log({})", "wandb.log"),
    "type checking import": (
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
            "    import wandb\ndef f(r: 'wandb.Run'):\n    r.log({})\n"
        ),
        "wandb.Run().log",
    ),
}


@pytest.mark.parametrize("form", RESOLVED)
def test_name_is_resolved(project: Build, form: str) -> None:
    code, expected = RESOLVED[form]
    found = project({"main.py": code})
    assert expected in {name for call in found.calls() for name in call.names}, names(found)


DECOYS = {
    "rebound": "import wandb\nclass Fake: pass\nwandb = Fake()\nwandb.log({})",
    "local shadow": "import wandb\nclass Fake: pass\ndef f():\n    wandb = Fake()\n    wandb.log({})\n",
    "parameter shadow": "import wandb\ndef f(wandb):\n    wandb.log({})\n",
    "loop shadow": "import wandb\nfor wandb in things:\n    pass\nclass A:\n    pass\ndef wandb(): pass\nwandb.log({})",
    "comment": "import wandb\n# wandb.log({})\n",
    "string": "x = 'wandb.log({})'\n'''\nimport wandb\nwandb.log({})\n'''\n",
    "own function": "def log(x): pass\nlog({})",
    "other library": "from mytracker import wandb\nwandb.log({})",
    "no import": "wandb.log({})",
    "commented import": "# import wandb\nwandb.log({})",
}


@pytest.mark.parametrize("form", DECOYS)
def test_decoy_is_not_resolved(project: Build, form: str) -> None:
    found = project({"main.py": DECOYS[form]})
    assert not found.calls("wandb.log")


def test_own_module_of_a_librarys_name_is_no_library(project: Build) -> None:
    found = project({"wandb.py": "def log(x): pass\n", "main.py": "import wandb\nwandb.log({})\n"})
    assert names(found) == ["src.wandb.log"]
    assert not found.imported_packages


def test_own_wrapper_of_a_librarys_name_is_left_aside(project: Build) -> None:
    found = project(
        {
            "src/shop/__init__.py": "",
            "src/shop/wandb.py": "import wandb\nwandb.init()\n",
            "src/shop/train.py": "import wandb\nwandb.log({})\n",
        }
    )
    assert names(found) == ["wandb.log", "wandb.init"] or sorted(names(found)) == ["wandb.init", "wandb.log"]


def test_alternatives_of_branches_are_all_kept(project: Build) -> None:
    found = project(
        {"a.py": "import x, y\nif u:\n    log = x.A()\nelse:\n    log = y.B()\nlog.info(1)\n"},
    )
    call = one(found.calls("*.info"))
    assert set(call.names) == {"x.A().info", "y.B().info"}


ACROSS = {
    "src/shop/__init__.py": "from .tracking import start_run\nfrom shop.model import Net\n",
    "src/shop/log.py": "import logging\nlogger = logging.getLogger('x')\n",
    "src/shop/tracking.py": "import wandb\ndef start_run():\n    return wandb.init(project='shop')\n",
    "src/shop/model.py": """
        import torch
        class Base(torch.nn.Module):
            def shared(self):
                self.register_buffer("x", 1)
        class Net(Base):
            def __init__(self):
                super().__init__()
                self.layer = torch.nn.Linear(1, 2)
            def forward(self, x):
                return self.layer(x)
    """,
}


@pytest.mark.parametrize(
    "code, expected",
    [
        ("from shop.log import logger\nlogger.info('x')", "logging.getLogger().info"),
        ("from src.shop.log import logger\nlogger.info('x')", "logging.getLogger().info"),
        ("from .log import logger\nlogger.info('x')", "logging.getLogger().info"),
        ("from . import log\nlog.logger.info('x')", "logging.getLogger().info"),
        ("from log import logger\nlogger.info('x')", "logging.getLogger().info"),
        ("import shop.log as l\nl.logger.info('x')", "logging.getLogger().info"),
        ("import src.shop.log\nsrc.shop.log.logger.info('x')", "logging.getLogger().info"),
        ("from shop.log import *\nlogger.info('x')", "logging.getLogger().info"),
        ("from shop import start_run\nrun = start_run()\nrun.log({})", "wandb.init().log"),
        ("import shop\nwith shop.start_run() as run:\n    run.log({})", "wandb.init().log"),
        ("from shop import Net\nNet().to('cpu')", "torch.nn.Module().to"),
        ("from shop.model import Net\nn = Net()\nn.layer.forward(1)", "torch.nn.Linear().forward"),
        ("from shop.model import Net\nNet().shared()", "shop.model.Net().shared"),
        ("from shop.model import Net\nNet()(1)", "shop.model.Net()"),
    ],
)
def test_names_are_followed_across_files(project: Build, code: str, expected: str) -> None:
    found = project({**ACROSS, "src/shop/main.py": code})
    result = names(found, "src/shop/main.py")
    assert expected in result or (expected.endswith("shared") and "shop.model.Base().shared" in result)


def test_fixtures_give_test_parameters_a_meaning(project: Build) -> None:
    found = project(
        {
            "src/shop/api.py": "from fastapi import FastAPI\napp = FastAPI()\n",
            "tests/conftest.py": """
                import pytest
                from fastapi.testclient import TestClient
                from shop.api import app
                @pytest.fixture
                def client():
                    with TestClient(app) as client:
                        yield client
            """,
            "tests/test_api.py": "def test_root(client):\n    r = client.get('/')\n    assert r.status_code == 200\n",
        }
    )
    call = one(found.calls("fastapi.testclient.TestClient().get"))
    assert (call.path, call.line, call.scope) == ("tests/test_api.py", 2, "test_root")
    assert [value.name for value in one(found.calls("fastapi.testclient.TestClient")).args] == ["fastapi.FastAPI()"]
    (test,) = found.tests
    assert {c.name for c in reached(test, found)} >= {"fastapi.testclient.TestClient"}
    (assertion,) = found.assertions_in(test)
    assert not assertion.trivial


def test_calls_have_arguments_lines_and_surroundings(project: Build) -> None:
    found = project(
        {
            "train.py": """
                import torch, os, wandb

                LR = 0.1

                def train(epochs=3):
                    with wandb.init(project=f"shop-{epochs}", config={"lr": LR, "batch": 2}, **extra) as run:
                        for epoch in range(epochs):
                            run.log({"loss": compute(), "n": [1, -2.5, None]}, step=os.environ.get("STEP"))
            """
        }
    )
    init = one(found.calls("wandb.init"))
    assert (init.line, init.scope, init.in_loop, init.unpacks) == (6, "train", False, True)
    assert init.text.startswith("with wandb.init(project=")
    assert init.evidence.where == "train.py:6"
    project_name = init.keyword("project")
    assert project_name and project_name.string == "shop-{}"
    config = init.keyword("config")
    assert config and config.get("batch") and not config.known
    log = one(found.calls("wandb.init().log"))
    assert log.in_loop and log.written == "run.log"
    values = log.argument(0, "data")
    assert values and [key.literal for key in values.keys] == ["loss", "n"]
    assert values.elements[1].literal == [1, -2.5, None]
    step = log.keyword("step")
    assert step and step.name == "os.environ.get()"
    (loop,) = found.files[0].loops
    assert (loop.line, loop.kind, loop.over and loop.over.name) == (7, "for", "range()")


@pytest.mark.parametrize(
    "code, literal",
    [
        ("'a' 'b'", "ab"),
        ("'a' + 'b'", "ab"),
        ("'a' + x", "a{}"),
        ("f'{x}/b'", "{}/b"),
        ("r'a\\b'", "a\\b"),
        ("'''a\nb'''", "a\nb"),
        ("'a\\tb'", "a\tb"),
        ("''", ""),
        ("-1", -1),
        ("1e-3", 0.001),
        ("0x10", 16),
        ("True", True),
        ("(1, 2)", [1, 2]),
        ("{'a': [1]}", {"a": [1]}),
        ("[x]", UNKNOWN),
        ("f()", UNKNOWN),
        ("9" * 5000, UNKNOWN),
        ("{[]: 1}", UNKNOWN),
        ("b'x'", UNKNOWN),
        ("dict(a=1)", {"a": 1}),
    ],
)
def test_literals(project: Build, code: str, literal: object) -> None:
    (assignment,) = project({"a.py": f"v = {code}\n"}).assignments("v")
    assert assignment.value.literal == literal or assignment.value.literal is literal


@pytest.mark.parametrize(
    "code",
    [
        "with contextlib.closing(sqlite3.connect('a')) as c:\n    c.execute('x')\n",
        "with contextlib.ExitStack() as s:\n    c = s.enter_context(sqlite3.connect('a'))\n    c.execute('x')\n",
        "c = copy.deepcopy(sqlite3.connect('a'))\nc.execute('x')\n",
    ],
)
def test_what_is_given_back(project: Build, code: str) -> None:
    found = project({"a.py": f"import contextlib, copy, sqlite3\n{code}"})
    assert found.calls("sqlite3.connect().execute")


def test_whatever_holds_a_literal_can_be_a_key(project: Build) -> None:
    code = "def f(a=[1], b={'c': [2]}):\n    return [a, {'d': (1, [2])}]\n\nclass K:\n    x = [1]\n\nf([3], b={})\n"
    found = project({"a.py": code})
    (file,) = found.files
    for one in (*file.functions, *file.classes, *file.calls, *file.assignments):
        assert {one: 1}[one] == 1


def test_functions_and_classes(project: Build) -> None:
    found = project(
        {
            "src/shop/a.py": '''
                """The shop."""
                from dataclasses import dataclass
                import functools

                @dataclass
                class Order:
                    """An order."""
                    price: float = 1.0

                class Special(Order):
                    @staticmethod
                    def total(a: int, b=2, *args, **kw) -> int:
                        """Sum."""
                        if a:
                            return a + b
                        return 0

                @functools.lru_cache(maxsize=None)
                async def stub(x):
                    """Not yet."""
                    raise NotImplementedError
            '''
        }
    )
    (file,) = found.files
    assert (file.module, file.docstring, file.role, file.has_main_block) == ("shop.a", "The shop.", Role.OWN, False)
    total, stub = found.function("shop.a.Special.total"), found.function("shop.a.stub")
    assert total and stub
    assert [p.name for p in total.parameters] == ["a", "b", "args", "kw"]
    assert [p.annotation for p in total.parameters[:2]] == ["int", ""]
    assert total.parameters[1].default and total.parameters[1].default.literal == 2
    assert (total.owner, total.docstring, total.line, total.statements) == ("Special", "Sum.", 12, 4)
    assert total.annotated_return and total.annotated and not total.is_empty
    assert stub.is_empty and stub.is_async and stub.decorators[0].name == "functools.lru_cache"
    assert stub.line == 19
    special = found.class_("shop.a.Special")
    assert special and found.inherits(special, "*.Order") and special.methods == ("total",)
    order = found.class_("shop.a.Order")
    assert order and order.docstring == "An order." and order.decorators[0].name == "dataclasses.dataclass"
    assert [m.own_name for m in found.methods(special)] == ["total"]


def test_inheritance_goes_through_own_classes(project: Build) -> None:
    found = project({**ACROSS})
    assert [c.qualname for c in found.classes("torch.nn.Module")] == ["Base", "Net"]


def test_inheritance_is_told_at_any_distance_and_in_circles(project: Build) -> None:
    lines = ["import torch", "class A0(torch.nn.Module): pass"]
    lines += [f"class A{n}(A{n - 1}): pass" for n in range(1, 300)]
    lines += ["from shop.b import C", "class B(C): pass", "class D(D): pass", "class E: pass"]
    other = "from shop.a import B, A299\nclass C(B, A299): pass\n"
    found = project({"src/shop/a.py": "\n".join(lines) + "\n", "src/shop/b.py": other})
    heirs = [c.qualname for c in found.classes("torch.nn.*")]
    assert heirs == [*(f"A{n}" for n in range(300)), "B", "C"]
    last = found.class_("shop.a.A299")
    assert last and found.ancestors(last)[:2] == ("shop.a.A298", "shop.a.A297")
    assert len(found.ancestors(last)) == ANCESTORS


def test_a_long_line_of_classes_takes_linear_time(project: Build) -> None:
    count = 5_000  # by the square of it: minutes
    code = "class A0: pass\n" + "".join(f"class A{n}(A{n - 1}): pass\n" for n in range(1, count))
    found = project({"src/shop/a.py": code})
    started = time.perf_counter()
    assert not found.classes("torch.nn.Module") and len(found.classes("shop.a.A0")) == count - 1
    assert time.perf_counter() - started < 2


def test_of_classes_of_one_name_the_last_is_inherited_from(project: Build) -> None:
    code = "import torch\nclass A(torch.nn.Module): pass\nclass A: pass\nclass B(A): pass\n"
    found = project({"src/shop/a.py": code})
    assert [(c.qualname, c.line) for c in found.classes("torch.nn.Module")] == [("A", 2)]


@pytest.mark.parametrize(
    "code, trivial",
    [
        ("assert True", True),
        ("assert 1 == 1", True),
        ("assert x == x", True),
        ("assert f(x) == f(x)", False),
        ("assert isinstance(x, object)", True),
        ("assert isinstance(x, int)", False),
        ("assert (x == 1, 'message')", True),
        ("assert len(x) >= 0", True),
        ("assert x == 1", False),
        ("assert False", False),
        ("assert x or True", True),
        ("assert 'text'", True),
        ("self.assertTrue(True)", True),
        ("self.assertEqual(x, 3)", False),
    ],
)
def test_assertions(project: Build, code: str, trivial: bool) -> None:
    found = project({"tests/test_a.py": f"def test_x(self, x):\n    {code}\n"})
    (assertion,) = found.assertions_in(found.tests[0])
    assert (assertion.trivial, assertion.line) == (trivial, 2)


def test_expectations_count_as_assertions(project: Build) -> None:
    found = project(
        {
            "tests/test_a.py": """
                import pytest, torch, numpy as np
                def test_x(mocker):
                    with pytest.raises(ValueError, match="no"):
                        run()
                    torch.testing.assert_close(a, b)
                    np.testing.assert_allclose(a, b)
                    mock.assert_called_once()
            """
        }
    )
    assert [a.line for a in found.assertions_in(found.tests[0])] == [3, 5, 6, 7]


def test_references_tell_who_reads_a_configuration(project: Build) -> None:
    found = project(
        {"a.py": "import yaml\ndef f(cfg):\n    c = yaml.safe_load(1)\n    print(cfg.model.lr, c['batch'])\n"},
    )
    assert [(r.written, r.name, r.line) for r in found.references()] == [
        ("cfg.model.lr", "?cfg.model.lr", 4),
        ("c[batch]", "yaml.safe_load()[batch]", 4),
    ]


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


def test_a_folder_named_like_a_library_does_not_hide_it(project: Build) -> None:
    found = project(
        {"datasets/prepare.py": "x = 1\n", "main.py": "from datasets import load_dataset\nload_dataset('x')\n"}
    )
    assert names(found) == ["datasets.load_dataset"]
    assert "datasets" in found.imported_packages


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


NAME_PATTERNS = [
    "a",
    "b.*",
    "a.b",
    "*.c",
    "a.b.*",
    "?x",
    "a*c",
    "*",
    "a.*.c",
    "a.b*",
    "c*",
    "*()",
    "a*b*c",
    "a.b*b.c",
    "b*b",
]
named_sets = st.lists(st.sampled_from(NAME_PATTERNS), max_size=4)


@given(named_sets, st.text("abc.()?x\n", max_size=7))
def test_a_star_in_a_set_of_names_is_anything(patterns: list[str], name: str) -> None:
    expressions = (".*".join(map(re.escape, pattern.split("*"))) for pattern in patterns)
    expected = any(re.fullmatch(expression, name, re.DOTALL) for expression in expressions)
    assert name_set(patterns).match(name) == expected


@given(named_sets, st.lists(st.text("abc.()?x", max_size=7), max_size=8))
def test_names_among_an_index_are_those_that_match(patterns: list[str], names: list[str]) -> None:
    wanted = name_set(patterns)
    assert wanted.among(NameIndex(names)) == [name for name in dict.fromkeys(names) if wanted.match(name)]


@pytest.mark.parametrize(
    "alias", ["Store = Annotated[Shelf, Depends(open_shelf)]", "type Store = Annotated[Shelf, Depends(open_shelf)]"]
)
def test_a_name_for_an_annotated_type_stands_for_the_type_and_keeps_what_is_said_beside_it(
    project: Build, alias: str
) -> None:
    found = project(
        {
            "shelf.py": "class Shelf:\n    def put(self, x):\n        keep(x)\ndef open_shelf():\n    return Shelf()\n",
            "deps.py": f"from typing import Annotated\nfrom fastapi import Depends\nfrom shelf import Shelf, open_shelf\n{alias}\n",
            "pub/__init__.py": "from deps import Store\n",
            "web.py": "from pub import Store\ndef page(store: Store):\n    store.put(1)\n",
        }
    )
    (call,) = [call for call in found.calls() if call.written == "store.put"]
    assert call.names == ("shelf.Shelf().put",) and call.own
    (parameter,) = next(f for f in found.functions() if f.own_name == "page").parameters
    (said,) = parameter.metadata
    assert said.name == "fastapi.Depends()" and said.elements[0].names == ("shelf.open_shelf",)


def test_a_folder_that_a_file_adds_to_the_path_is_searched(project: Build) -> None:
    files = {"lib/nets/guess.py": "def one(x):\n    return x\n", "web/app.py": "from guess import one\none(1)\n"}
    (call,) = [call for call in project(files).calls() if call.written == "one"]
    assert call.names == ("guess.one",)
    files["web/app.py"] = "import sys\nsys.path.append('../lib/nets')\n" + files["web/app.py"]
    (call,) = [call for call in project(files).calls() if call.written == "one"]
    assert call.names == ("lib.nets.guess.one",)


@pytest.mark.parametrize(
    ("files", "names"),
    [
        # a folder of the package bears a library's name
        ({"src/kiln/mlflow/runs.py": "import mlflow\nmlflow.start_run()\n"}, ["mlflow.start_run"]),
        (
            {"src/kiln/mlflow/__init__.py": "", "src/kiln/mlflow/runs.py": "import mlflow\nmlflow.start_run()\n"},
            ["mlflow.start_run"],
        ),
        ({"optuna/search.py": "import optuna\noptuna.create_study()\n"}, ["optuna.create_study"]),
        # the package is the group's, by what it holds
        (
            {"gradio.py": "def launch():\n    pass\n", "run.py": "from gradio import launch\nlaunch()\n"},
            ["src.gradio.launch"],
        ),
        # declared: an installed package of this name goes before a folder somewhere above
        (
            {
                "requirements.txt": "polars>=1\n",
                "tools/polars/io.py": "import polars\npolars.scan_csv('a.csv')\n",
                "tools/polars/__init__.py": "",
            },
            ["polars.scan_csv"],
        ),
    ],
)
def test_a_library_whose_name_an_own_folder_bears(project: Build, files: dict[str, str], names: list[str]) -> None:
    assert [name for call in project(files).calls() for name in call.names] == names


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("from My_Kiln.src.kiln.web import app", "kiln.web.app"),
        ("from glazing.kiln.web import app", "kiln.web.app"),
        ("from fastapi_users.kiln.web import app", "fastapi_users.kiln.web.app"),
        ("from glazing import app", "glazing.app"),
    ],
)
def test_a_module_below_a_name_that_is_not_here(project: Build, written: str, name: str) -> None:
    found = project(
        {"requirements.txt": "fastapi-users\n", "src/kiln/web.py": "app = 1\n", "tests/test_web.py": f"{written}\n"}
    )
    assert [one.name for one in found.file("tests/test_web.py").imports] == [name]  # type: ignore[union-attr]


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


def test_methods_under_a_condition_belong_to_their_class(project: Build) -> None:
    code = (
        "class Net:\n    if FAST:\n        def forward(self, x): ...\n    else:\n        def forward(self, x): ...\n"
        "    try:\n        import x\n        def up(self): ...\n    except ImportError:\n        def down(self): ...\n"
        "    class Inner:\n        def not_mine(self): ...\n    def plain(self):\n        def nested(): ...\n"
    )
    found = project({"net.py": code}).class_("net.Net")
    assert found is not None and found.methods == ("forward", "up", "down", "plain")


def test_a_file_with_somebody_elses_notice(tree: Trees) -> None:
    notice = "# Copyright (c) 2021 Furnace Labs, Inc. All rights reserved.\n"
    found = tree(
        {
            "LICENSE": "MIT License\n\nCopyright (c) 2026 Ada Lind\n",
            "src/kiln/fit.py": "from kiln.blocks.attention import attend\nattend()\n",
            "src/kiln/blocks/attention.py": notice + "def attend(): ...\n",
            "src/kiln/blocks/unused.py": notice + "import wandb\nwandb.init()\n",
            "src/kiln/blocks/run.py": notice + "print(1)\n",
            "src/kiln/ours.py": "# Copyright 2026 Ada Lind\nx = 1\n",
            "src/kiln/group.py": '"""Kiln.\n\n(c) 2026 Group 7, DTU\n"""\nx = 1\n',
            "README.md": "Run `python src/kiln/blocks/run.py`.\n",
        }
    ).get(PythonProject)
    assert {file.path.rpartition("/")[2]: (file.role.value, file.copied) for file in found.files} == {
        "attention.py": ("own", True),
        "fit.py": ("own", False),
        "group.py": ("own", False),
        "ours.py": ("own", False),
        "run.py": ("own", True),
        "unused.py": ("vendored", False),
    }
    assert not found.calls("wandb.init")
