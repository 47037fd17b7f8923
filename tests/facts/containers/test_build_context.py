from __future__ import annotations

from pathlib import Path

import pytest
from support.container_files import dockerfile, missing, read
from support.trees import Trees

from auditor.facts.containers import Containers
from auditor.facts.own_work.ignores import ignores
from auditor.repository.opening import open_snapshot


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
