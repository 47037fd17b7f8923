from __future__ import annotations

from support.container_files import read
from support.trees import Trees


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
