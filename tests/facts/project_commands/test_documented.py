from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from support.project_files import NOX, TASKS, commands, texts
from support.trees import Trees

from auditor.facts.documents.markdown import read_document
from auditor.facts.project_commands.documented import block_commands, documented_commands, read_plain_text, read_rst


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


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("ab $>#`<-\\\n%:.{}()'\""), max_size=80))
def test_any_document_can_be_read(text: str) -> None:
    block_commands("a.md", text, 1, "console")
    list(read_rst("a.rst", text))
    list(read_plain_text("README", text))
