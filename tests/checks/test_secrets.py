from __future__ import annotations

from pathlib import Path

import pytest
from support.hand_in_samples import files, remarks, whole_report
from support.repositories import make_repository

KEY = "hf_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", f"HF_TOKEN={KEY}\n"),
        ("src/shop/train.py", f'login(token="{KEY}")\n'),
        ("config.yaml", "wandb:\n  api_key: 0a1b2c3d4e5f60718293a4b5c6d7e8f90f1e2d3c\n"),
        ("key.pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n"),
        ("notes.md", "curl https://ada:Tr0ub4dor99@host.test/\n"),
        ("deploy.sh", "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7QWERTYU\n"),
        ("bot.py", 'TOKEN = "xoxb-' + "2345678901-2345678901-qW4cDx7FgHi2JkLm9NoPqRsT" + '"\n'),
        ("service.json", '{"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQ"}\n'),
    ],
)
def test_secrets_are_told_and_masked(tmp_path: Path, path: str, text: str) -> None:
    found = remarks(make_repository(tmp_path / "shop", files(whole_report(), {path: text})), "H.secrets")
    assert [(one.place.path) for one in found] == [path]
    for secret in (
        KEY,
        "0a1b2c3d4e5f60718293a4b5c6d7e8f90f1e2d3c",
        "Tr0ub4dor99",
        "IOSFODNN7QWERTYU",
        "qW4cDx7FgHi2JkLm9NoPqRsT",
    ):
        assert secret not in str(found)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            ".gitignore",
            "# https://github.com/example/ignore/blob/e8554d85bf62e38d6db966a50d2064ac025fd82a/Python.gitignore\n",
        ),
        ("data.dvc", "outs:\n- md5: 0a1b2c3d4e5f60718293a4b5c6d7e8f9.dir\n  size: 12\n"),
        (".github/workflows/ci.yaml", "steps:\n  - uses: actions/checkout@8e5e7e5ab8b370d6c329ec480221332ada57f0ab\n"),
        (".env.example", "WANDB_API_KEY=your_key_here\nHF_TOKEN=<token>\n"),
        ("src/shop/a.py", 'key = os.environ["WANDB_API_KEY"]\nmodel = "google/vit-base-patch16-224-in21k"\n'),
        ("ci.yaml", "env:\n  WANDB_API_KEY: ${{ secrets.WANDB_API_KEY }}\n"),
        ("uv.lock", 'hash = "sha256:' + "0a1b2c3d" * 8 + '"\n'),
        ("src/shop/b.py", "run = 'projects/12345678901/locations/europe-west1/endpoints/4611686018427387904'\n"),
        ("README.md", "[![badge](https://codecov.io/gh/example/shop/branch/main/graph/badge.svg?token=ABC)](x)\n"),
    ],
)
def test_what_is_no_secret(tmp_path: Path, path: str, text: str) -> None:
    assert remarks(make_repository(tmp_path / "shop", files(whole_report(), {path: text})), "H.secrets") == []
