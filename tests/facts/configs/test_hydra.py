"""Configuration files, what reads them, and searches over hyperparameters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.trees import REPORT, Trees

from auditor.facts.configs import Configs
from auditor.facts.configs.files import config_kind, read_config
from auditor.facts.configs.parameters import is_hyperparameter
from auditor.injection import Facts
from auditor.practices.tracking.sweeps import Sweeps
from auditor.repository.opening import open_snapshot

TRAIN = """
import hydra
from omegaconf import DictConfig


@hydra.main(version_base=None, config_path="../../configs", config_name="config")
def main(cfg: DictConfig) -> None:
    print(cfg.lr)


if __name__ == "__main__":
    main()
"""


def facts(tree: Trees, files: dict[str, str]) -> Facts:
    return tree(files, REPORT).facts


def how(found: Configs, path: str) -> list[str]:
    config = next(file for file in found.files if file.path == path)
    return [reader.how for reader in found.readers(config)]


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/tests.yaml",
        ".pre-commit-config.yaml",
        "docker-compose.yml",
        "mkdocs.yaml",
        "pyproject.toml",
        "package.json",
        "cloudbuild.yaml",
        "environment.yml",
        "dvc.yaml",
        ".vscode/settings.json",
        "models/v1/config.json",
        "reports/metrics.json",
    ],
)
def test_files_of_tools_by_name(path: str) -> None:
    assert config_kind(path) is None


@pytest.mark.parametrize(
    "content",
    [
        "apiVersion: v1\nkind: Service\n",
        "workerPoolSpecs:\n- machineSpec: {}\n",
        "steps:\n- name: example.org/docker\n  args: [build]\n",
        "method: bayes\nparameters:\n  lr: {min: 0.1}\n",
        "channels: [x]\ndependencies: [numpy]\n",
        "- 1\n- 2\n",
        "",
        "# lr: 0.1\n",
    ],
)
def test_files_of_tools_by_content(tree: Trees, content: str) -> None:
    assert facts(tree, {"configs/config.yaml": content}).get(Configs).files == ()


def test_parameters_with_lines(tree: Trees) -> None:
    files = {
        "configs/exp.yaml": "name: shop\nmodel:\n  name: cnn\n  blocks: 3\ntraining:\n  Learning_Rate: 1e-3\n",
        "configs/run.toml": "[training]\nbatchSize = 4\n",
        "config.json": '{\n  "epochs": 3\n}',
        "train.ini": "[train]\nlr = 0.1\n",
        "configs/labels.json": '{"0": "cat", "1": "dog"}',
    }
    found = facts(tree, files).get(Configs)
    assert {(f.path, k.name, k.line) for f in found.files for k in f.parameters} == {
        ("configs/exp.yaml", "model.blocks", 4),
        ("configs/exp.yaml", "training.Learning_Rate", 6),
        ("configs/run.toml", "training.batchSize", 2),
        ("config.json", "epochs", 2),
        ("train.ini", "train.lr", 2),
    }
    assert is_hyperparameter("LEARNING-rate")
    assert not is_hyperparameter("url")


def test_hydra_with_defaults(tree: Trees) -> None:
    found = facts(
        tree,
        {
            "src/shop/train.py": TRAIN,
            "configs/config.yaml": (
                "defaults:\n- _self_\n- model: cnn\n- override hydra/job_logging: disabled\n"
                "- optional local: me\n- data: gone\nlr: 0.1\n"
            ),
            "configs/model/cnn.yaml": "defaults:\n- /opt/adam\nhidden_dim: 3\n",
            "configs/model/mlp.yaml": "hidden_dim: 4\n",
            "configs/opt/adam.yaml": "lr: 0.2\n",
            "configs/unused.yaml": "lr: 0.3\n",
        },
    ).get(Configs)
    (use,) = found.hydra
    assert (use.kind, use.config_path, use.config_name, use.live) == ("decorator", "../../configs", "config", True)
    assert use.resolved == ("configs/config.yaml", "configs/model/cnn.yaml", "configs/opt/adam.yaml")
    assert [(e.path, e.line) for e in use.missing] == [("configs/config.yaml", 6)]
    assert how(found, "configs/opt/adam.yaml") == ["hydra"]
    assert how(found, "configs/model/mlp.yaml") == ["hydra option"]
    assert how(found, "configs/unused.yaml") == []


def test_hydra_without_its_config(tree: Trees) -> None:
    files = {"src/shop/train.py": TRAIN, "conf/config.yaml": "lr: 1\n"}
    found = facts(tree, files).get(Configs)
    (use,) = found.hydra
    assert use.resolved == ()
    assert not use.loads
    ignored = facts(tree, files | {".gitignore": "/configs/\n"}).get(Configs)
    assert ignored.hydra[0].excused is not None


@pytest.mark.parametrize(
    "said",
    [
        'config_path=str(Path(__file__).parents[2] / "configs"), config_name="config.yaml"',
        'config_path=f"{ROOT}/configs", config_name="config"',
        "config_path=CONFIGS, config_name=NAME",
        'config_path="../../configs", config_name=NAME',
        r'config_path=r"C:\work\shop\configs", config_name="config"',
        'config_path=None, config_name="config"',
    ],
)
def test_hydra_with_a_computed_path(tree: Trees, said: str) -> None:
    code = (
        f'from pathlib import Path\nfrom hydra import main as entry\nROOT = Path(".")\n'
        f'NAME = "config"\nCONFIGS = find()\n@entry({said})\ndef main(cfg): print(cfg)\n'
        f"main()\n"
    )
    found = facts(tree, {"src/shop/train.py": code, "configs/config.yaml": "lr: 1\n"}).get(Configs)
    (use,) = found.hydra
    assert bool(use.resolved) == ("None" not in said)


def test_compose_api(tree: Trees) -> None:
    code = (
        "from hydra import compose, initialize\ndef load():\n"
        '    with initialize(config_path="configs"):\n'
        '        return compose(config_name="config")\nload()\n'
    )
    found = facts(tree, {"train.py": code, "configs/config.yaml": "lr: 1\n"}).get(Configs)
    assert [(u.kind, u.resolved) for u in found.hydra] == [
        ("initialize", ("configs/config.yaml",)),
        ("compose", ("configs/config.yaml",)),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('from omegaconf import OmegaConf\ncfg = OmegaConf.load("configs/exp.yaml")\n', "load"),
        ('import yaml\nfrom pathlib import Path\ncfg = yaml.safe_load(open(Path("configs") / "exp.yaml"))\n', "load"),
        ('import yaml\nname = "x"\ncfg = yaml.safe_load(open(f"configs/{name}.yaml"))\n', "load"),
        ('import yaml\nimport os\ncfg = yaml.safe_load(open(os.path.join("configs", os.environ["X"])))\n', "load"),
        (
            "import typer\nfrom omegaconf import OmegaConf\ndef main(config_path: str):\n"
            "    print(OmegaConf.load(config_path))\ntyper.run(main)\n",
            "argument",
        ),
        (
            "import yaml\ndef main(a):\n    with open(a.config) as f:\n        return yaml.safe_load(f)\nmain(1)\n",
            "argument",
        ),
        ("import json\ndef main(text):\n    return json.loads(text)\nmain(1)\n", None),
        ('print("see configs/exp.yaml")\n', None),
        ('print("configs/exp.yaml")\n', "name"),
        ('"""Reads configs/exp.yaml."""\n', None),
    ],
)
def test_code_that_loads(tree: Trees, code: str, expected: str | None) -> None:
    found = facts(tree, {"train.py": code, "configs/exp.yaml": "lr: 1\n"}).get(Configs)
    assert how(found, "configs/exp.yaml")[:1] == ([expected] if expected else [])


def test_commands_that_pass_a_config(tree: Trees) -> None:
    files = {
        "train.py": (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--config')\nprint(p.parse_args())\n"
        ),
        "configs/exp.yaml": "lr: 1\n",
        "Makefile": "train:\n\tpython train.py --config configs/exp.yaml\n",
    }
    assert how(facts(tree, files).get(Configs), "configs/exp.yaml") == ["command"]


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("python src/shop/train.py --config-name other", True),
        ("uv run python -m shop.train +exp/deep=other", False),
        ("python src/shop/train.py exp=other", False),
        ("gcloud ai custom-jobs create --config=configs/other.yaml", False),
        ("cat configs/other.yaml", False),
        ("python src/shop/train.py configs/other.yaml", True),
    ],
)
def test_commands_of_a_hydra_program(tree: Trees, command: str, found: bool) -> None:
    files = {
        "src/shop/train.py": TRAIN,
        "configs/config.yaml": "lr: 1\n",
        "configs/other.yaml": "lr: 2\n",
        "configs/exp/other.yaml": "lr: 3\n",
        "run.sh": command + "\n",
    }
    configs = facts(tree, files).get(Configs)
    assert ("command" in how(configs, "configs/other.yaml")) == found
    assert configs.hydra[0].resolved[0] == "configs/config.yaml"
    assert ("configs/other.yaml" in configs.hydra[0].resolved) == ("--config-name" in command)
    assert how(configs, "configs/exp/other.yaml") == (["command"] if "exp=" in command else [])


def test_structured_config(tree: Trees) -> None:
    code = (
        "from dataclasses import dataclass\nfrom omegaconf import OmegaConf\n\n@dataclass\nclass TrainConfig:\n"
        "    lr: float = 0.1\n    name: str = 'x'\n\ncfg = OmegaConf.structured(TrainConfig)\n"
    )
    found = facts(tree, {"train.py": code}).get(Configs)
    (config,) = found.files
    assert [(k.name, k.line) for k in config.parameters] == [("lr", 6)]
    assert [r.how for r in found.readers(config)] == ["use"]


def sweep_kinds(tree: Trees, files: dict[str, str]) -> list[tuple[str, str, bool | None]]:
    return [(s.kind, s.evidence.where, s.program_exists) for s in facts(tree, files).get(Sweeps).sweeps]


def test_wandb_sweep_files(tree: Trees) -> None:
    body = "method: random\nmetric: {name: loss}\nparameters:\n  lr: {values: [1, 2]}\n"
    found = sweep_kinds(
        tree,
        {
            "configs/sweep.yaml": "program: src/shop/train.py\n" + body,
            "configs/gone.yaml": "program: train_all.py\n" + body,
            "configs/module.yaml": "command: [python, -m, shop.train]\n" + body,
            "configs/plain.yaml": body,
            "configs/none.yaml": "method: random\nparameters: {}\n",
            "configs/other.yaml": "method: POST\nparameters: {a: 1}\n",
            "src/shop/train.py": "",
        },
    )
    assert found == [
        ("wandb file", "configs/gone.yaml:2", False),
        ("wandb file", "configs/module.yaml:2", True),
        ("wandb file", "configs/plain.yaml:1", None),
        ("wandb file", "configs/sweep.yaml:2", True),
    ]


def test_searches_in_code(tree: Trees) -> None:
    code = (
        "import optuna, wandb\nfrom sklearn.model_selection import GridSearchCV\n\nstudy = optuna.create_study()\n"
        "study.optimize(print, n_trials=3)\nsweep_id = wandb.sweep({'method': 'grid'}, project='x')\n"
        "wandb.agent(sweep_id, function=print)\nGridSearchCV(None, {}).fit([])\n"
    )
    sweeps = facts(tree, {"search.py": code}).get(Sweeps).sweeps
    assert [(s.kind, s.line, s.live, s.has_agent) for s in sweeps] == [
        ("search", 5, True, False),
        ("wandb call", 6, True, True),
        ("search", 8, True, False),
    ]


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("python src/shop/train.py -m lr=0.1,0.01", True),
        ("uv run src/shop/train.py --multirun lr=0.1,0.01 model=a,b", True),
        ("python -m shop.train --multirun 'lr=range(1,5)'", True),
        ("python -m shop.train lr=0.1,0.01", False),
        ("python src/shop/train.py -m lr=0.1", False),
        ("python src/other.py -m lr=0.1,0.2", False),
    ],
)
def test_multirun_commands(tree: Trees, command: str, found: bool) -> None:
    files = {
        "src/shop/train.py": TRAIN,
        "configs/config.yaml": "lr: 1\n",
        "README.md": f"# x\n\n```bash\n{command}\n```\n",
    }
    assert sweep_kinds(tree, files) == ([("hydra multirun", "README.md:4", True)] if found else [])


def test_hydra_sweeper_and_committed_runs(tree: Trees) -> None:
    found = sweep_kinds(
        tree,
        {
            "src/shop/train.py": TRAIN,
            "configs/config.yaml": "lr: 1\nhydra:\n  sweeper:\n    params:\n      lr: 1,2\n",
            "multirun/2026-01-01/10-00-00/0/.hydra/overrides.yaml": "- lr=1\n",
            "multirun/2026-01-01/10-00-00/1/.hydra/overrides.yaml": "- lr=2\n",
            "outputs/2026-01-01/10-00-00/.hydra/hydra.yaml": "hydra:\n  mode: MULTIRUN\n",
        },
    )
    assert found == [
        ("hydra sweeper", "configs/config.yaml:5", None),
        ("committed runs", "multirun/2026-01-01/10-00-00/0/.hydra/overrides.yaml:1", None),
    ]


@given(st.text(max_size=150) | st.text("a:-[]{}&*=\"'\n\t#|>.1,", max_size=150))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read_or_noted(tmp_path: Path, text: str) -> None:
    lines = text.count("\n") + 1
    for path in ("a.yaml", "a.toml", "config.json", "a.ini", ".env"):
        (tmp_path / path).write_text(text, "utf-8")
        with open_snapshot(tmp_path, use_git=False) as snapshot:
            file = read_config(snapshot, path, config_kind(path) or "yaml")
        for key in file.keys if file else ():
            assert 1 <= key.line <= max(lines, text.count("\r") + lines)


@pytest.mark.parametrize(
    "content",
    [
        "defaults: config\n",
        "defaults: {a: b}\n",
        "defaults:\n- config\n- /config\n- ../config\n",
        "defaults:\n- : x\n- [a, [b]]\n- {a: {b: c}}\n- null\n- a b c@d: e\n- model: [x, y]\n",
        "hydra: 1\n",
        "hydra: {sweeper: [1], mode: {a: 1}}\n",
        "a: &a [*a]\n",
        "1: 2\nnull: 3\n? [a]\n: b\n",
        "method: {grid: 1}\nparameters: [1]\n",
        "command: {a: b}\nmethod: grid\nparameters: {x: 1}\nprogram: [1]\n",
    ],
)
def test_odd_shapes_are_survived(tree: Trees, content: str) -> None:
    found = facts(tree, {"src/shop/train.py": TRAIN, "configs/config.yaml": content})
    configs = found.get(Configs)
    assert configs.hydra[0].resolved == ("configs/config.yaml",)
    for config in configs.files:
        configs.readers(config)
    found.get(Sweeps)
