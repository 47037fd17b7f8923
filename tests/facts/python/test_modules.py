"""What an import means where own folders bear other names, or those of libraries."""

from __future__ import annotations

import pytest
from support.python_code import Build, names

from auditor.facts.python.modules import MOST_PARTS, Modules, dotted


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


def test_a_folder_named_like_a_library_does_not_hide_it(project: Build) -> None:
    found = project(
        {"datasets/prepare.py": "x = 1\n", "main.py": "from datasets import load_dataset\nload_dataset('x')\n"}
    )
    assert names(found) == ["datasets.load_dataset"]
    assert "datasets" in found.imported_packages


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


def test_of_a_deep_place_only_its_last_parts_are_kept() -> None:
    """1,500 folders in each other with a module in each: all endings of all their names would be a gigabyte."""
    deep = "d/" * 900
    modules = Modules([*(f"{'d/' * depth}m{depth}.py" for depth in range(1_500)), f"{deep}kiln/model.py"])
    assert max(ending.count(".") for ending in modules._tails) < MOST_PARTS
    assert modules.locate("kiln.model.f", "x.py") == f"{dotted(deep + 'kiln/model.py')}.f"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("src/shop/data.py", "src.shop.data"), ("src/shop/__init__.py", "src.shop"), ("__init__.py", "__init__"),
        ("01_train.py", "_01_train"), ("front-end/x.py", "front_end.x"), ("a.b/c.py", "a_b.c"), ("søm/ü.py", "søm.ü"),
        ("a/1b/c.py", "a._1b.c"), (".github/x.py", "_github.x"),
    ],
)  # fmt: skip
def test_the_dotted_name_of_a_path(path: str, name: str) -> None:
    assert dotted(path) == name
