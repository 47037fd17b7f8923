"""Files that a tool wrote about one run: what they list was installed or set then, not declared by the group."""

from __future__ import annotations

from auditor.patterns import pattern

_RUN_OUTPUT = pattern(
    r"(^|/)(wandb/(offline-)?(run|sweep)-[^/]*|wandb/latest-run|mlruns|mlartifacts|lightning_logs|tb_logs|\.hydra"
    r"|outputs/\d{4}-\d\d-\d\d|multirun/\d{4}-\d\d-\d\d|htmlcov|site-packages|dist-packages|node_modules|__pycache__"
    r"|[^/]*\.egg-info|[^/]*\.dist-info|\.?venv|\.virtualenv|\.dvc/(plots|tmp|cache))/"
)


def is_generated(path: str) -> bool:
    """Whether `path` lies in a folder that W&B, MLflow, Lightning, Hydra, coverage, DVC or an installer fills.

    An unrendered cookiecutter folder counts too: nobody installs from it.
    """
    return bool(_RUN_OUTPUT.search(path)) or "{{" in path
