"""Commands that bring data in, and requests to a service that don't."""

from __future__ import annotations

import pytest
from support.trees import Trees

from auditor.practices.code.fetches import DataFetches


def fetches(tree: Trees, command: str) -> DataFetches:
    """What a README's one command brings in."""
    return tree({"README.md": f"# Shop\n\n```bash\n{command}\n```\n"}).get(DataFetches)


@pytest.mark.parametrize(
    "command",
    [
        "curl -L -o data/raw/till.csv https://data.example.org/till.csv",
        "curl -fsSLO https://data.example.org/till.csv",
        "curl -X GET https://data.example.org/till.csv > data/till.csv",
        "curl --request=get https://data.example.org/till.csv",
        "wget -P data/raw https://data.example.org/till.zip",
        "uv run dvc pull",
        "kaggle datasets download -d example/till -p data/raw",
    ],
)
def test_a_download_is_one(tree: Trees, command: str) -> None:
    found = fetches(tree, command).commands
    assert [(evidence.path, evidence.line) for evidence in found] == [("README.md", 4)]


@pytest.mark.parametrize(
    "command",
    [
        'curl -X POST -F "file=@till.csv" https://shop.example.org/predict',
        "curl -XPUT https://shop.example.org/items",
        "curl --request DELETE https://shop.example.org/items/1",
        "curl https://shop.example.org/predict -d '{\"day\": 1}'",
        "curl --data-binary @till.csv https://shop.example.org/predict",
        "curl http://localhost:8000/health",
        "curl 127.0.0.1:8000",
        "wget --post-data=day=1 https://shop.example.org/predict",
        "wget http://localhost:8080/metrics",
        "pip install wget",
    ],
)
def test_a_request_to_a_service_is_none(tree: Trees, command: str) -> None:
    assert fetches(tree, command).commands == ()


@pytest.mark.parametrize("command", ["curl", "wget", "curl -X", "curl -X POST"])
def test_a_command_without_words_fails_nothing(tree: Trees, command: str) -> None:
    assert len(fetches(tree, command).commands) <= 1
