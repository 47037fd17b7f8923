"""Arguments followed to their values, and what they mean for data loading, training and inference."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees, dedented

from auditor.evidence import part
from auditor.injection import Facts
from auditor.practices.arguments.expressions import COMPUTED, parts
from auditor.practices.training.data_loading import DataLoading
from auditor.practices.training.inference_speed import InferenceSpeed
from auditor.practices.training.scaling import DistributedTraining, degree_of

Build = Callable[[dict[str, str]], Facts]
LOADER = "from torch.utils.data import DataLoader\n"


@pytest.fixture
def facts(tree: Trees) -> Build:
    return lambda files: tree(dedented(files)).facts


STRONG = {
    "literal": LOADER + "DataLoader(1, num_workers=2)",
    "position": LOADER + "DataLoader(d, 8, True, None, None, 4)",
    "conditional": LOADER + "import torch\nDataLoader(d, num_workers=4 if torch.cuda.is_available() else 0)",
    "processors": LOADER + "import os\nDataLoader(d, num_workers=os.cpu_count() // 2)",
    "minimum": LOADER + "import os\nDataLoader(d, num_workers=min(4, os.cpu_count()))",
    "constant": LOADER + "WORKERS = 3\nDataLoader(d, num_workers=WORKERS)",
    "get": LOADER + "cfg = {}\nDataLoader(d, num_workers=cfg.get('num_workers', 2))",
    "default": LOADER + "def make(n=4):\n    return DataLoader(d, num_workers=n)\nmake()",
    "caller": LOADER + "def make(n=0):\n    return DataLoader(d, num_workers=n)\nmake(2)",
    "attribute": LOADER
    + "class A:\n    def __init__(self, n=2):\n        self.a, self.n = 1, n\n"
    + "    def go(self):\n        return DataLoader(d, num_workers=self.n)\nA().go()",
    "class field": LOADER
    + "class A:\n    workers = 4\n    def go(self):\n        return DataLoader(d, num_workers=self.workers)\nA().go()",
    "option": LOADER
    + "import argparse\np = argparse.ArgumentParser()\np.add_argument('--num-workers', default=4)\n"
    + "a = p.parse_args()\nDataLoader(d, num_workers=a.num_workers)",
    "typer": LOADER
    + "import typer\ndef main(n: int = typer.Option(4)):\n    DataLoader(d, num_workers=n)\ntyper.run(main)",
    "dict": LOADER + "kw = {'num_workers': 2}\nDataLoader(d, **kw)",
    "own subclass": LOADER + "class Mine(DataLoader):\n    pass\nMine(d, num_workers=2)",
    "partial": LOADER + "from functools import partial\nmake = partial(DataLoader, num_workers=2)\nmake(d)",
    "num_proc": "from datasets import load_dataset\nload_dataset('x').map(f, num_proc=4)",
    "tf.data": "import tensorflow as tf\ntf.data.Dataset.range(3).map(f, num_parallel_calls=tf.data.AUTOTUNE)",
}


@pytest.mark.parametrize("name", STRONG)
def test_workers(name: str, facts: Build) -> None:
    assert part("it", facts({"train.py": STRONG[name]}).get(DataLoading).traces).strong


WEAK = {
    "zero": LOADER + "DataLoader(d, num_workers=0)",
    "zero from every caller": LOADER + "def make(n=4):\n    return DataLoader(d, num_workers=n)\nmake(0)",
    "nobody calls": LOADER + "def make():\n    return DataLoader(d, num_workers=4)\nprint(1)",
    "unknown": LOADER + "DataLoader(d, num_workers=something.somewhere)",
}


@pytest.mark.parametrize("name", WEAK)
def test_no_workers(name: str, facts: Build) -> None:
    found = part("it", facts({"train.py": WEAK[name]}).get(DataLoading).traces)
    assert not found.strong and found.weak


def test_workers_of_an_imported_constant(facts: Build) -> None:
    code = LOADER + "from settings import WORKERS\nDataLoader(d, num_workers=WORKERS)"
    found = part("it", facts({"train.py": code, "settings.py": "WORKERS = 2\n"}).get(DataLoading).traces)
    assert [e.where for e in found.strong] == ["train.py:3", "settings.py:1"]


def test_workers_of_tests_are_no_work_of_the_project(facts: Build) -> None:
    files = {"tests/test_a.py": LOADER + "def test_a():\n    assert DataLoader(d, num_workers=4)\n"}
    assert not part("it", facts(files).get(DataLoading).traces).strong


def test_a_configuration_is_followed_through_references(facts: Build) -> None:
    code = """
        import hydra
        from torch.utils.data import DataLoader
        @hydra.main(config_path="conf", config_name="main")
        def main(cfg):
            DataLoader(1, num_workers=cfg.data.num_workers)
        main()
    """
    config = "workers: 6\ndata:\n  num_workers: ${workers}\n"
    found = part("it", facts({"train.py": code, "conf/main.yaml": config}).get(DataLoading).traces)
    assert "conf/main.yaml:1" in [e.where for e in found.strong]


@pytest.mark.parametrize(
    ("name", "value", "degree"),
    [
        ("devices", 2, "several"),
        ("devices", [0, 1], "several"),
        ("devices", "0,1", "several"),
        ("devices", 1, ""),
        ("devices", [0], ""),
        ("devices", "auto", "auto"),
        ("devices", -1, "auto"),
        ("strategy", "ddp_find_unused_parameters_true", "several"),
        ("strategy", "deepspeed_stage_2", "several"),
        ("strategy", "auto", "auto"),
        ("strategy", "dp", "auto"),
        ("accelerator", "gpu", ""),
        ("accelerator", "auto", ""),
        ("num_nodes", 2, "several"),
        ("devices", None, ""),
        ("devices", True, ""),
    ],
)
def test_degree_of_a_trainers_argument(name: str, value: object, degree: str) -> None:
    assert degree_of(name, value) == degree


def test_trainer_arguments_are_followed(facts: Build) -> None:
    code = """
        import argparse
        import lightning as L
        from lightning.pytorch.strategies import DDPStrategy
        parser = argparse.ArgumentParser()
        parser.add_argument("--gpus", type=int, default=2)
        args = parser.parse_args()
        L.Trainer(devices=args.gpus)
        L.Trainer(strategy=DDPStrategy())
    """
    lines = [e.line for e in part("it", facts({"train.py": code}).get(DistributedTraining).traces).strong]
    assert 7 in lines and 8 in lines


def test_torchrun_of_one_process_is_weak(facts: Build) -> None:
    found = part(
        "it",
        facts({"a.sh": "torchrun --nproc_per_node=1 train.py\ntorchrun --nproc-per-node 4 train.py\n"})
        .get(DistributedTraining)
        .traces,
    )
    assert [e.line for e in found.strong] == [2]
    assert [e.line for e in found.weak] == [1]


def test_override_of_a_trainer_on_the_command_line(facts: Build) -> None:
    code = "import lightning as L\nL.Trainer(max_epochs=1).fit(1)\n"
    found = part(
        "it", facts({"train.py": code, "a.sh": "python train.py trainer.devices=4\n"}).get(DistributedTraining).traces
    )
    assert [e.path for e in found.strong] == ["a.sh"]


@pytest.mark.parametrize(
    "code",
    [
        "import torch\ntorch.compile(model)",
        "import torch\ntorch.jit.script(model)",
        "import torch.nn.utils.prune as p\np.random_unstructured(m, 'weight', 0.5)",
        "from torch.ao.quantization import quantize_dynamic as q\nq(m)",
        "from transformers import AutoModel\nAutoModel.from_pretrained('x', load_in_8bit=True)",
        "import tensorflow as tf\nc = tf.lite.TFLiteConverter(1)\nc.optimizations = [tf.lite.Optimize.DEFAULT]",
    ],
)
def test_faster_inference(code: str, facts: Build) -> None:
    assert part("it", facts({"a.py": code}).get(InferenceSpeed).traces).strong


@pytest.mark.parametrize("code", ["import torch\ntorch.onnx.export(m)", "import torch\ndef f():\n    torch.compile(m)"])
def test_hardly_faster_inference(code: str, facts: Build) -> None:
    found = part("it", facts({"a.py": code}).get(InferenceSpeed).traces)
    assert found.weak and not found.strong


def test_parts_of_expressions() -> None:
    assert list(parts("4 if x else cfg.n")) == [4, ["cfg", "n"]]
    assert list(parts("os.cpu_count() or 1")) == [COMPUTED, 1]
    assert list(parts("cfg[data][n]")) == [["cfg", "data", "n"]]


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab1.[]()+-*/ if else or'\"\\\n\0{}:,", max_size=60))
def test_parts_of_anything(text: str) -> None:
    list(parts(text))


ARGPARSE = (
    LOADER
    + "import argparse\np = argparse.ArgumentParser()\np.add_argument('-w', '--num-workers', type=int, default=0)\n"
    "a = p.parse_args()\nDataLoader(d, num_workers=a.num_workers)\n"
)
TYPER = (
    LOADER
    + "import typer\ndef main(num_workers: int = 0):\n    DataLoader(d, num_workers=num_workers)\ntyper.run(main)\n"
)
SWEEP = "program: src/train.py\nmethod: grid\nparameters:\n  num_workers:\n    values: [0, 4]\n"


@pytest.mark.parametrize("code", [ARGPARSE, TYPER], ids=["argparse", "typer"])
@pytest.mark.parametrize(
    ("path", "text", "strong"),
    [
        ("run.sh", "python src/train.py --num-workers=8\n", True),
        ("run.sh", "cd src && python train.py --lr 1 --num-workers 8\n", True),
        ("Makefile", "train:\n\tpython src/train.py --num-workers 8\n", True),
        (
            "tasks.py",
            "from invoke import task\n@task\ndef t(c):\n    c.run('python src/train.py --num-workers 8')\n",
            True,
        ),
        ("Dockerfile", 'FROM python\nENTRYPOINT ["python", "src/train.py", "--num-workers=8"]\n', True),
        ("sweep.yaml", SWEEP, True),
        ("run.sh", "python src/train.py --num-workers=0\n", False),
        ("run.sh", "python src/other.py --num-workers=8\n", False),
        ("run.sh", "uvicorn shop.api:app --num-workers 8\n", False),
        ("sweep.yaml", SWEEP.replace("train.py", "gone.py"), False),
        ("sweep.yaml", SWEEP.replace("[0, 4]", "[0]"), False),
    ],
)
def test_options_that_commands_give(facts: Build, code: str, path: str, text: str, strong: bool) -> None:
    loading = part(
        "it", facts({"src/train.py": code, "src/other.py": "print(1)\n", path: text}).get(DataLoading).traces
    )
    assert bool(loading.strong) is strong


def test_hydra_override_in_a_command(facts: Build) -> None:
    code = (
        LOADER + "import hydra\n@hydra.main(config_path='conf', config_name='c')\ndef main(cfg):\n"
        "    DataLoader(d, num_workers=cfg.data.num_workers)\nmain()\n"
    )
    files = {"train.py": code, "conf/c.yaml": "data:\n  num_workers: 0\n"}
    assert not part("it", facts(files).get(DataLoading).traces).strong
    assert part("it", facts(files | {"run.sh": "python train.py data.num_workers=8\n"}).get(DataLoading).traces).strong
