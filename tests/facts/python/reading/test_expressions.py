"""Names in one file: what calls are resolved to."""

from __future__ import annotations

import pytest
from support.python_code import Build, names, one

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


def test_alternatives_of_branches_are_all_kept(project: Build) -> None:
    found = project(
        {"a.py": "import x, y\nif u:\n    log = x.A()\nelse:\n    log = y.B()\nlog.info(1)\n"},
    )
    call = one(found.calls("*.info"))
    assert set(call.names) == {"x.A().info", "y.B().info"}


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
    for unit in (*file.functions, *file.classes, *file.calls, *file.assignments):
        assert {unit: 1}[unit] == 1


def test_references_tell_who_reads_a_configuration(project: Build) -> None:
    found = project(
        {"a.py": "import yaml\ndef f(cfg):\n    c = yaml.safe_load(1)\n    print(cfg.model.lr, c['batch'])\n"},
    )
    assert [(r.written, r.name, r.line) for r in found.references()] == [
        ("cfg.model.lr", "?cfg.model.lr", 4),
        ("c[batch]", "yaml.safe_load()[batch]", 4),
    ]
