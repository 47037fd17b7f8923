"""Commands that bring data in, and requests to a service that don't."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.injection import Facts
from auditor.practices.code.fetches import DataFetches
from auditor.repository.opening import open_snapshot


def fetches(folder: Path, command: str) -> DataFetches:
    """What a README's one command brings in."""
    (folder / "README.md").write_text(f"# Shop\n\n```bash\n{command}\n```\n", encoding="utf-8")
    return Facts(open_snapshot(folder, use_git=False)).get(DataFetches)


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
def test_a_download_is_one(tmp_path: Path, command: str) -> None:
    found = fetches(tmp_path, command).commands
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
def test_a_request_to_a_service_is_none(tmp_path: Path, command: str) -> None:
    assert fetches(tmp_path, command).commands == ()


@pytest.mark.parametrize("command", ["curl", "wget", "curl -X", "curl -X POST"])
def test_a_command_without_words_fails_nothing(tmp_path: Path, command: str) -> None:
    assert len(fetches(tmp_path, command).commands) <= 1
