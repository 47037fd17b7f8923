from __future__ import annotations

from support.project_files import texts

from auditor.facts.project_commands.python_tools import read_toml_commands


def test_pyproject() -> None:
    text = """
[project.scripts]
shop-train = "shop.train:main"
[tool.poetry.scripts]
old = {callable = "shop.old:main"}
[tool.poe.tasks]
test = "pytest tests"
check = ["lint", "test"]
lint.cmd = "ruff check ."
py = {script = "shop.data:load"}
[tool.pdm.scripts]
serve = {cmd = ["uvicorn", "shop.api:app"]}
[tool.hatch.envs.docs.scripts]
build = ["mkdocs build", "echo done"]
[tool.taskipy.tasks]
fmt = {cmd = "ruff format", help = "format"}
[tool.pixi.tasks]
sweep = {cmd = "wandb sweep sweep.yaml", depends-on = ["fmt"]}
[tool.tox]
legacy_tox_ini = '''
[testenv]
commands =
    pytest
'''
"""
    found = {(c.kind, c.name): c for c in read_toml_commands("pyproject.toml", text)}
    assert found["script", "shop-train"].target == "shop.train:main"
    assert found["script", "shop-train"].line == 3
    assert found["script", "old"].target == "shop.old:main"
    assert texts(found["poe", "test"]) == [(7, "pytest tests")]
    assert found["poe", "check"].needs == ("lint", "test")
    assert texts(found["poe", "lint"]) == [(9, "ruff check .")]
    assert found["poe", "py"].target == "shop.data:load"
    assert texts(found["pdm", "serve"]) == [(12, "uvicorn shop.api:app")]
    assert [text for _, text in texts(found["hatch", "build"])] == ["mkdocs build", "echo done"]
    assert texts(found["taskipy", "fmt"]) == [(16, "ruff format")]
    assert found["pixi", "sweep"].needs == ("fmt",)
    assert [text for _, text in texts(found["tox", "tox"])] == ["pytest"]
