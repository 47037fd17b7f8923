from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.facts.containers import Containers, Dockerfile, containers, read_dockerfile
from auditor.facts.own_work.ignores import ignores
from auditor.repository.opening import open_snapshot


def read(tree: Trees, files: Mapping[str, str]) -> Containers:
    snapshot = tree(files).snapshot
    return containers(snapshot, ignores(snapshot))


def missing(tree: Trees, text: str, files: Mapping[str, str] | None = None) -> list[str]:
    found = read(tree, {"Dockerfile": text, **(files or {})})
    return [m.path for m in found.missing_paths(found.by_path["Dockerfile"])]


def dockerfile(text: str) -> Dockerfile:
    return read_dockerfile("Dockerfile", text)


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


def test_missing_sources(tree: Trees) -> None:
    text = (
        "FROM python:3.12\nARG APP=src\nCOPY ${APP} requirements.txt ./\nCOPY data/ data/\nCOPY net.onnx .\nCOPY w* .\n"
        "COPY $WHERE .\nCOPY .git .git\nCOPY ../up .\nCOPY gone/ gone/\n"
    )
    files = {"src/a.py": "", "data.dvc": "outs:\n- path: data\n", ".gitignore": "*.onnx\n"}
    assert missing(tree, text, files) == ["requirements.txt", "../up", "gone/"]


def test_a_submodule_a_link_and_another_case_are_not_missing(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "linked").symlink_to("shared")
    found = dockerfile("FROM x\nCOPY linked/a vendor/b README.md gone ./\n")
    (tmp_path / "readme.MD").write_text("")
    snapshot = open_snapshot(tmp_path, use_git=False)
    snapshot.note("vendor", "submodule: its files are not part of this repository")
    known = Containers((found,), (), (), snapshot, ignores(snapshot))
    assert [m.path for m in known.missing_paths(found)] == ["gone"]


def test_what_dockerignore_excludes_is_missing(tree: Trees) -> None:
    files = {".dockerignore": "data\n**/*.pt\nsrc/*\n!src/a.py\n", "data/x.csv": "", "m/net.pt": "", "src/a.py": ""}
    assert missing(tree, "FROM x\nCOPY data m/net.pt src m /app/\n", files) == ["data", "m/net.pt"]


def test_the_context_that_lacks_least_is_taken(tree: Trees) -> None:
    found = read(
        tree,
        {
            "web/Dockerfile": "FROM x\nCOPY app.py .\n",
            "web/app.py": "",
            "dockerfiles/a.dockerfile": "FROM x\nCOPY web w\n",
        },
    )
    assert [found.missing_paths(d) for d in found.dockerfiles] == [[], []]
    assert [m.path for m in found.missing_paths(found.by_path["web/Dockerfile"], context="")] == ["app.py"]


PROJECT = {"src/shop/train.py": "", "src/shop/api.py": "", "src/shop/__init__.py": "", "web/app.py": "", "run.sh": ""}


@pytest.mark.parametrize(
    "steps",
    [
        "COPY src/ src/\nCMD uv run src/shop/train.py",
        "WORKDIR /app\nCOPY . .\nCMD python -u /app/src/shop/train.py",
        "COPY src/ src/\nCMD uvicorn shop.api:app",
        "COPY src/ src/\nCMD uvicorn src.shop.api:app --host 0.0.0.0",
        "WORKDIR /app\nCOPY web/app.py app.py\nCMD streamlit run app.py --server.port $PORT",
        "COPY web/app.py /srv/\nWORKDIR /srv\nCMD python app.py",
        "COPY run.sh /entry.sh\nENTRYPOINT /entry.sh",
        "COPY src /s\nFROM python:3.12\nCOPY --from=0 /s /t\nCMD python /t/shop/train.py",
        "COPY *.sh /x/\nCMD bash /x/run.sh",
        "RUN git clone https://example.org/shop\nCMD python shop/nowhere.py",
        "RUN echo 'print(1)' > made.py\nCMD python made.py",
        "CMD python -m http.server",
        "CMD python -m ${MODULE}",
        "CMD python $(pwd)/x.py",
        "CMD train --epochs 3",
        "CMD /opt/venv/bin/python /opt/tool/main.py",
        "COPY src src\nCMD cd src/shop && python train.py",
    ],
)
def test_entry_points_that_are_there_or_may_be(tree: Trees, steps: str) -> None:
    assert missing(tree, f"FROM python:3.12\n{steps}\n", PROJECT) == []


@pytest.mark.parametrize(
    ("steps", "path"),
    [
        ("COPY src/ src/\nCMD python src/shop/predict.py", "src/shop/predict.py"),
        ("COPY src/ src/\nCMD uvicorn src.shop.main:app", "src.shop.main"),
        ("COPY src/ src/\nCMD uvicorn other.api:app", "other.api"),
        ("COPY src/ src/\nCMD uvicorn src/shop/api:app", "src/shop/api"),
        ("COPY src/ src/\nENTRYPOINT python -m shop.predict", "shop.predict"),
        ("WORKDIR /app\nCOPY web .\nCMD streamlit run main.py", "main.py"),
        ("COPY src /s\nFROM python:3.12\nCOPY --from=0 /s /t\nCMD python /t/shop/predict.py", "/t/shop/predict.py"),
    ],
)
def test_entry_points_that_are_not_there(tree: Trees, steps: str, path: str) -> None:
    assert missing(tree, f"FROM python:3.12\n{steps}\n", PROJECT) == [path]


def test_compose_services(tree: Trees) -> None:
    found = read(
        tree,
        {
            "deploy/docker-compose.yml": "services:\n  api:\n    build:\n      context: ..\n"
            "      dockerfile: dockerfiles/api.dockerfile\n    ports: ['8000:8000']\n  db:\n    image: postgres\n"
            "  web:\n    build: ./web\n    command: [python, app.py]\n",
        },
    )
    assert [(s.name, s.line, s.context, s.dockerfile, s.image, s.command) for s in found.services] == [
        ("api", 2, "", "dockerfiles/api.dockerfile", "", ""),
        ("db", 7, None, None, "postgres", ""),
        ("web", 9, "deploy/web", "deploy/web/Dockerfile", "", "python app.py"),
    ]


def test_cloud_build(tree: Trees) -> None:
    found = read(
        tree,
        {
            "configs/build.yaml": "steps:\n- name: gcr.io/cloud-builders/docker\n"
            "  args: ['build', '-f', 'a.dockerfile', '.']\n- name: gcr.io/cloud-builders/gcloud\n  entrypoint: bash\n"
            "  args:\n  - -c\n  - |\n    set -e\n    gcloud run deploy shop\nimages: ['gcr.io/shop/api']\n",
            "kaniko.yaml": "steps:\n- name: gcr.io/kaniko-project/executor:latest\n  args: [--dockerfile=a]\n",
            "cloudbuild.yaml": "# steps:\n# - name: gcr.io/cloud-builders/docker\n",
            ".github/workflows/x.yml": "steps:\n- name: gcr.io/x\n",
            "other.yaml": "steps:\n- name: load data\n",
        },
    )
    assert [(b.path, b.builds_image, b.images) for b in found.cloud_builds] == [
        ("configs/build.yaml", True, ("gcr.io/shop/api",)),
        ("kaniko.yaml", True, ()),
    ]
    build, deploy = found.cloud_builds[0].steps
    assert (build.line, build.commands[0].words[:2]) == (2, ("docker", "build"))
    assert [(c.line, c.text) for c in deploy.commands if c.runs("gcloud run deploy")] == [
        (10, "gcloud run deploy shop")
    ]


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
