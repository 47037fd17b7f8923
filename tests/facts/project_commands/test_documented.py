from __future__ import annotations

import time
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.facts.containers import Containers
from auditor.facts.documents.markdown import read_document
from auditor.facts.project_commands import Commands, ProjectCommand, container_runs, image_builds
from auditor.facts.project_commands.documented import block_commands, documented_commands, read_plain_text, read_rst
from auditor.facts.project_commands.makefile import read_justfile, read_makefile
from auditor.facts.project_commands.python_tools import read_toml_commands
from auditor.formats.shell import parse_commands
from auditor.injection import Facts


def facts(tree: Trees, files: Mapping[str, str]) -> Facts:
    return tree(files).facts


def commands(tree: Trees, files: Mapping[str, str]) -> Commands:
    return facts(tree, files).get(Commands)


def texts(command: ProjectCommand) -> list[tuple[int, str]]:
    return [(c.line, c.text) for c in command.commands]


def test_makefile() -> None:
    text = (
        ".PHONY: test\nPYTHON ?= python\nSRC := src\n\ntest: lint ## run tests\n\t@$(PYTHON) -m pytest \\\n\t  tests/\n"
        "\t-ruff check $(SRC)\n\nlint format:\n\truff $@ .\nempty:\n# old:\n#\tpytest\nall: test ; echo done\n"
        "ifdef CI\nrelease:\n\tcd x && echo $$HOME\nendif\ndefine BODY\nfake:\n\techo no\nendef\n"
    )
    found = {c.name: c for c in read_makefile("Makefile", text)}
    assert list(found) == ["test", "lint", "format", "empty", "all", "release"]
    assert [c.line for c in found.values()] == [5, 10, 10, 12, 15, 17]
    assert found["test"].commands[0].programs == ("python", "pytest")
    assert found["test"].commands[0].line == 6
    assert [(c.line, c.ignored_failure) for c in found["test"].commands[1:]] == [(8, True)]
    assert found["test"].needs == ("lint",)
    assert found["empty"].is_empty
    assert texts(found["all"]) == [(15, "echo done")]
    assert texts(found["release"]) == [(18, "cd x"), (18, "echo $HOME")]


def test_justfile() -> None:
    text = (
        'image := "shop"\n# build\n[group("docker")]\nbuild tag="latest": lint\n'
        "    @docker build -t {{image}}:{{tag}} .\n"
        "lint:\n    ruff check .\n\npy:\n    #!/usr/bin/env python3\n    import docker\n"
    )
    found = {c.name: c for c in read_justfile("justfile", text)}
    assert texts(found["build"]) == [(5, "docker build -t shop:{} .")]
    assert (found["build"].line, found["build"].needs) == (4, ("lint",))
    assert texts(found["lint"]) == [(7, "ruff check .")]
    assert found["py"].commands[0].program == "python"


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


def test_other_files(tree: Trees) -> None:
    found = commands(
        tree,
        {
            "tox.ini": "[tox]\nenvlist = py\n[testenv:lint]\n"
            "commands =\n    ruff check \\\n      src\n    - mypy src\n",
            "web/package.json": '{\n "name": "build",\n "scripts": {\n  "build": "vite build"\n }\n}',
            "Taskfile.yml": "version: 3\ntasks:\n  train:\n    deps: [data]\n    cmds:\n      - python train.py\n"
            "      - task: plot\n  data: dvc pull\n",
            ".vscode/tasks.json": '{\n // tasks\n "tasks": [{"label": "t", "command": "pytest", "args": ["-x"]}]}',
            "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    shop = shop.cli:main\n",
            "scripts/deploy": "#!/bin/bash\ngcloud run deploy shop\n",
            "scripts/x.sh": "pytest\n",
            "broken/pyproject.toml": "[",
            "broken/package.json": "{",
        },
    )
    offered = {(c.kind, c.name): c for c in found.project}
    assert [t for _, t in texts(offered["tox", "lint"])] == ["ruff check src", "mypy src"]
    assert texts(offered["npm", "build"]) == [(4, "vite build")]
    assert texts(offered["task", "train"]) == [(6, "python train.py")]
    assert offered["task", "train"].needs == ("plot", "data")
    assert texts(offered["task", "data"]) == [(8, "dvc pull")]
    assert texts(offered["vscode", "t"]) == [(3, "pytest -x")]
    assert offered["script", "shop"].target == "shop.cli:main"
    assert texts(offered["shell", "scripts/deploy"]) == [(2, "gcloud run deploy shop")]
    assert {use.path for use in found.running("pytest")} == {".vscode/tasks.json", "scripts/x.sh"}


TASKS = """
from invoke import task, Context

@task
def docker_build(ctx: Context, progress: str = "plain") -> None:
    \"\"\"Build.\"\"\"
    ctx.run(f"docker build -t shop . -f dockerfiles/train.dockerfile --progress={progress}", echo=True)

@task(pre=[docker_build], name="go")
def run(c):
    command = "docker run shop"
    c.run(command)

@task
def nothing(c):
    pass

def helper(c):
    c.run("pytest")
"""

NOX = """
import nox

@nox.session(python=["3.11", "3.12"])
def tests(session):
    session.install("pytest")
    session.run("pytest", "tests/")
"""


def test_tasks_in_python(tree: Trees) -> None:
    found = commands(tree, {"tasks.py": TASKS, "noxfile.py": NOX})
    offered = {(c.kind, c.name): c for c in found.project}
    assert set(offered) == {("invoke", "docker-build"), ("invoke", "go"), ("invoke", "nothing"), ("nox", "tests")}
    build = offered["invoke", "docker-build"].commands[0]
    assert (build.path, build.line) == ("tasks.py", 7)
    assert build.text == "docker build -t shop . -f dockerfiles/train.dockerfile --progress=plain"
    assert offered["invoke", "go"].needs == ("docker-build",)
    assert [c.text for c in offered["invoke", "go"].commands] == ["docker run shop"]
    assert offered["invoke", "nothing"].is_empty
    assert [c.text for c in offered["nox", "tests"].commands] == ["pytest tests/"]


def test_blocks_of_documents() -> None:
    text = (
        "Run `make train` or `models`.\n\n```console\n$ docker build . \\\n    -t shop\nSending build context\n"
        "(venv) $ docker run shop\n```\n\n```python\nimport docker\n```\n\n```\nuv run <name> --lr 1\n```\n"
    )
    assert [(u.line, u.command.words) for u in documented_commands(read_document("README.md", text))] == [
        (4, ("docker", "build", ".", "-t", "shop")),
        (7, ("docker", "run", "shop")),
        (15, ("uv", "run", "{}", "--lr", "1")),
        (1, ("make", "train")),
    ]


def test_prompts() -> None:
    powershell = block_commands("a.md", "PS C:\\shop> docker build `\n  -t shop .\nPS> dir x", 1, "powershell")
    assert [c.words for c in powershell] == [("docker", "build", "-t", "shop", "."), ("dir", "x")]
    assert [c.words for c in block_commands("a.md", "# build it\nmake a\n> make b", 1)] == [
        ("make", "a"),
        ("make", "b"),
    ]


def test_rst_and_plain_text() -> None:
    rst = "Use ``make data`` now::\n\n    make train\n\n.. code-block:: bash\n   :linenos:\n\n   make test\n\nEnd.\n"
    assert [(u.line, u.command.text) for u in read_rst("a.rst", rst)] == [
        (1, "make data"),
        (3, "make train"),
        (8, "make test"),
    ]
    plain = "How to\n\nBuild from the root:\ndocker build -f a.dockerfile .\n"
    assert [(u.line, u.command.program) for u in read_plain_text("README.txt", plain)] == [(4, "docker")]


DOCKERFILE = "FROM python:3.12\nCMD python a.py\n"


@pytest.mark.parametrize(
    ("command", "paths", "context"),
    [
        ("docker build -f dockerfiles/train.dockerfile .", ["dockerfiles/train.dockerfile"], ""),
        ("docker build . --file=dockerfiles/api.dockerfile -t x", ["dockerfiles/api.dockerfile"], ""),
        ("docker buildx build --platform linux/amd64 --push -t x web", ["web/Dockerfile"], "web"),
        ("docker build -t x ./web", ["web/Dockerfile"], "web"),
        ("cd web && docker build -t x .", ["web/Dockerfile"], "web"),
        (
            "docker build -f dockerfiles/$NAME.dockerfile .",
            ["dockerfiles/api.dockerfile", "dockerfiles/train.dockerfile"],
            "",
        ),
        (
            "podman build -f dockerfiles/{}.dockerfile .",
            ["dockerfiles/api.dockerfile", "dockerfiles/train.dockerfile"],
            "",
        ),
        ("docker build -f dockerfiles/gone.dockerfile .", [], ""),
        ("docker build .", [], ""),
        ("docker build", [], None),
        ("docker build https://example.org/x.git", [], None),
        ("docker compose up --build", ["web/Dockerfile"], "web"),
        ("docker-compose build", ["web/Dockerfile"], "web"),
        ("gcloud builds submit web --tag gcr.io/shop/web", ["web/Dockerfile"], "web"),
    ],
)
def test_image_builds(tree: Trees, command: str, paths: list[str], context: str | None) -> None:
    found = facts(
        tree,
        {
            "build.sh": command + "\n",
            "dockerfiles/train.dockerfile": DOCKERFILE,
            "dockerfiles/api.dockerfile": DOCKERFILE,
            "web/Dockerfile": DOCKERFILE,
            "compose.yaml": "services:\n  web:\n    build: web\n",
        },
    )
    (build,) = image_builds(found.get(Commands).uses, found.get(Containers))
    assert [d.path for d in build.dockerfiles] == paths
    assert build.context == context


def test_container_runs(tree: Trees) -> None:
    found = commands(tree, {"a.sh": "docker run --rm shop\ndocker ps\n"})
    assert [use.line for use in container_runs(found.uses)] == [1]


@pytest.mark.parametrize(
    "command",
    [
        *(
            "make ci",
            "uv run invoke test",
            "inv test",
            "just test",
            "bash scripts/t.sh",
            "./scripts/t.sh",
            "sh -e t.sh",
        ),
        *("poe test", "npm test", "npm run test", "tox -e unit", "nox -s tests", "hatch run test"),
        "make -C . CI=1 test",
    ],
)
def test_reaching_through(tree: Trees, command: str) -> None:
    found = commands(
        tree,
        {
            "Makefile": "ci: test\ntest:\n\tmake loop\n\tbash scripts/t.sh\nloop:\n\tmake test\n",
            "tasks.py": TASKS + "\n@task\ndef test(c):\n    c.run('pytest tests')\n",
            "noxfile.py": NOX,
            "justfile": "test:\n  pytest\n",
            "scripts/t.sh": "pytest\n",
            "t.sh": "source scripts/t.sh\n",
            "package.json": '{"scripts": {"test": "pytest"}}',
            "tox.ini": "[testenv:unit]\ncommands = pytest\n",
            "pyproject.toml": "[tool.poe.tasks]\ntest = 'pytest'\n[tool.hatch.envs.default.scripts]\ntest = 'pytest'\n",
        },
    )
    (first, *_) = parse_commands(command)
    assert any(c.runs("pytest") for c in found.expand(first))
    assert not any(c.runs("pytest") for c in found.expand(parse_commands("make docs")[0]))


LINES = [
    "all: a b",
    "a:",
    "\techo",
    "\t@",
    "\t-x \\",
    "X = $(X)$(X)",
    "X := $(",
    "define A",
    "endef",
    "ifeq (a,b)",
    "::",
    "\\",
]
LINES += ["a: B=c", "$(X): y", ".PHONY: a", "\t$$", "r x='1':", "    {{x}}", "    #!/bin/sh", "x := 'a'", "é: \x00"]


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(LINES), max_size=12).map("\n".join)))
def test_any_makefile_can_be_read(text: str) -> None:
    last = text.count("\n") + 1
    for reader in (read_makefile, read_justfile):
        assert all(1 <= c.line <= last for c in reader("Makefile", text))


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("ab $>#`<-\\\n%:.{}()'\""), max_size=80))
def test_any_document_can_be_read(text: str) -> None:
    block_commands("a.md", text, 1, "console")
    list(read_rst("a.rst", text))
    list(read_plain_text("README", text))


@pytest.mark.parametrize(
    "text",
    [
        "X = $(X)$(X)$(X)\n" * 10_000 + "a:\n" + "\t$(X)$(X)$(X)\n" * 2_000,
        " ".join(f"t{i}" for i in range(900)) + ":\n" + "\techo a\n" * 5_000,
        "a " * 100_000 + ":",
        "x=" * 100_000,
        "a: \\\n" * 50_000,
    ],
)
def test_hostile_makefiles_cost_little_time(text: str) -> None:
    start = time.process_time()
    list(read_makefile("Makefile", text))
    list(read_justfile("Makefile", text))
    assert time.process_time() - start < 3
