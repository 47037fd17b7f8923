from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.container_files import dockerfile, missing, read
from support.trees import Trees

from auditor.facts.containers import Containers
from auditor.facts.own_work.ignores import ignores
from auditor.repository.opening import open_snapshot


def test_instructions_have_lines() -> None:
    found = dockerfile(
        "# syntax=docker/dockerfile:1\nARG TAG=3.12\nFROM python:${TAG}-slim AS Base\n\nRUN apt-get update && \\\n"
        "    # tools\n\n    apt-get install -y git\nFROM base\nCOPY --chown=app:app src/ setup.py /app/\n"
    )
    assert [(i.name, i.line) for i in found.instructions] == [
        ("ARG", 2),
        ("FROM", 3),
        ("RUN", 5),
        ("FROM", 9),
        ("COPY", 10),
    ]
    assert found.stages[0].image == "python:3.12-slim"
    assert "apt-get install -y git" in found.instructions[2].shell
    (copy,) = found.copies
    assert (copy.sources, copy.destination, copy.from_stage) == (("src/", "setup.py"), "/app/", None)
    assert [step.name for step in found.own_steps] == ["RUN", "COPY"]
    assert found.valid


def test_heredocs_are_no_instructions() -> None:
    found = dockerfile(
        "FROM python:3.12\nRUN <<EOF\nFROM nothing\nCOPY a b\nEOF\nCOPY <<-'X' /run.sh\n\techo hi\n\tX\nCMD python x.py"
    )
    assert [(i.name, i.line) for i in found.instructions] == [("FROM", 1), ("RUN", 2), ("COPY", 6), ("CMD", 9)]
    assert "COPY a b" in found.instructions[1].shell
    assert found.copies[0].sources == ()


def test_a_file_that_ends_within_an_instruction() -> None:
    found = dockerfile("FROM python:3.12\nRUN pip install . \\")
    assert found.instructions[-1].value == "pip install ."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# FROM python:3.12\n# COPY . .\n",
        "RUN echo\nFROM python:3.12\n",
        "FROM python:3.12\nINSTALL numpy\n",
        "FROM",
    ],
)
def test_what_docker_would_refuse_is_not_valid(text: str) -> None:
    assert not dockerfile(text).valid


def test_sources_from_elsewhere_are_not_of_the_context() -> None:
    found = dockerfile(
        "FROM python:3.12 AS build\nFROM python:3.12\nCOPY --from=build /wheels /wheels\n"
        'COPY --from=registry.example.org/tools/uv:latest /uv /bin/\nADD https://example.org/x.tar /x\nCOPY ["a b.txt", "/c/"]\n'
        "ONBUILD COPY . /app\n"
    )
    assert [(c.sources, c.from_stage) for c in found.copies] == [
        (("/wheels",), "build"),
        (("/uv",), "registry.example.org/tools/uv:latest"),
        ((), None),
        (("a b.txt",), None),
    ]


@pytest.mark.parametrize(
    ("steps", "shell"),
    [
        ('ENTRYPOINT ["uv", "run", "src/train.py"]', "uv run src/train.py"),
        ('ENTRYPOINT ["python"]\nCMD ["-m", "shop.train"]', "python -m shop.train"),
        ("CMD exec uvicorn shop.api:app --port $PORT", "exec uvicorn shop.api:app --port $PORT"),
        ('CMD ["sh", "-c", "uvicorn shop.api:app --port ${PORT}"]', "uvicorn shop.api:app --port ${PORT}"),
        ('CMD ["python", "a.py"]\nCMD ["python", "b.py"]', "python b.py"),
    ],
)
def test_the_entry_point_in_either_form(steps: str, shell: str) -> None:
    entry = dockerfile(f"FROM python:3.12\n{steps}\n").entrypoint
    assert entry is not None
    assert entry.shell == shell


def test_the_entry_point_of_a_stage_built_upon() -> None:
    found = dockerfile("FROM python:3.12 AS base\nCMD python a.py\nFROM base AS final\nRUN true\n")
    assert found.entrypoint is not None
    assert (found.entrypoint.shell, found.entrypoint.line) == ("python a.py", 2)


def test_dockerfiles_of_any_name(tree: Trees) -> None:
    good = "FROM python:3.12\nRUN pip install .\n"
    found = read(
        tree,
        {
            "Dockerfile": good,
            "api.Dockerfile": good,
            "dockerfiles/train.dockerfile": "# FROM python\n",
            "dockerfiles/serve": good,
            "dockerfiles/notes": "Build it from here.\n",
            "Dockerfile.gpu": good,
            "Containerfile": good,
            "Dockerfile.dockerignore": "*.pt\n",
            ".github/workflows/dockerfile.yml": "on: push\n",
            "docs/dockerfile.md": "FROM here\n",
        },
    )
    assert {d.path: d.valid for d in found.dockerfiles} == {
        "Dockerfile": True,
        "api.Dockerfile": True,
        "dockerfiles/train.dockerfile": False,
        "dockerfiles/serve": True,
        "Dockerfile.gpu": True,
        "Containerfile": True,
    }


WORDS = [
    "FROM x",
    "FROM x AS a",
    "RUN <<EOF",
    "EOF",
    "COPY a b",
    "COPY --from=a /b c",
    "ARG A=$A",
    "ENV A $A$A",
    "CMD [",
]
WORDS += [
    'CMD ["a"]',
    "WORKDIR $A",
    "\\",
    "#",
    "# escape=`",
    "`",
    "ONBUILD",
    "ENTRYPOINT python a.py",
    "\x00",
    "\r",
    "é",
]


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=12).map("\n".join)))
def test_any_text_can_be_read(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = dockerfile(text)
    assert all(1 <= i.line <= text.count("\n") + 1 for i in found.instructions)
    root = tmp_path_factory.mktemp("repository")
    snapshot = open_snapshot(root, use_git=False)
    Containers((found,), (), (), snapshot, ignores(snapshot)).missing_paths(found)
    assert found.entrypoint is None or found.entrypoint.shell is not None


@pytest.mark.parametrize(
    "text",
    [
        "FROM x\n" + "RUN <<EOF\n" * 20_000,
        "FROM x\n" + "RUN a \\\n" * 20_000,
        "FROM x\n" + "ENV A=$A$A$A$A\n" * 10_000 + "COPY $A b\n" * 5_000,
        "FROM x AS a\n" + "".join(f"FROM x AS s{i}\n" + "COPY --from=a / /\n" * 20 for i in range(99)) + "CMD ./a.sh",
        "FROM x AS a0\n"
        + "".join(f"FROM a{i} AS a{i + 1}\nCOPY --from=a{i} /a /a\n" for i in range(99))
        + "CMD python /a/b.py",
        "\\" * 100_000,
        "FROM " + " " * 100_000 + "x",
        "FROM x\nCOPY " + "${A:-" * 30_000,
    ],
)
def test_hostile_text_costs_little_time(text: str, tree: Trees) -> None:
    start = time.perf_counter()
    missing(tree, text)
    assert time.perf_counter() - start < 3
