from __future__ import annotations

import pytest
from support.project_files import NOX, TASKS, commands, facts
from support.trees import Trees

from auditor.facts.containers import Containers
from auditor.facts.project_commands import Commands, container_runs, image_builds
from auditor.formats.shell import parse_commands

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
