"""What has the form of a secret, and what only looks like one. All keys are invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.checks.key_material import looks_like_text, secrets_in
from auditor.result.masking import mask_text

HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f90f1e2d3c"
HEX32 = HEX[:32]
UUID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
WORD = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b"

REAL = [
    f'os.environ["WANDB_API_KEY"] = "{HEX}"',
    f'os.environ.setdefault("WANDB_API_KEY", "{HEX}")',
    f"export WANDB_API_KEY={HEX}",
    f'wandb_api_key: "{HEX}"',
    f'api_key: str = "{HEX}"',
    f'{{"name": "WANDB_API_KEY", "value": "{HEX}"}}',
    f"docker run -e WANDB_API_KEY={HEX} ${{IMAGE}}",
    f'wandb.login(key="{HEX}")  # for example',
    f"WANDB_API_KEY={HEX} wandb agent acme/sample-project/x",
    f"KAGGLE_KEY={HEX32}",
    f"HF_TOKEN=hf_{WORD}",
    f'os.environ["OPENAI_API_KEY"] = "{WORD}{WORD[:6]}"',
    f"gcloud run deploy api --set-env-vars GITHUB=ghp_{WORD}2C,X=${{X}}",
    "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7QWERTYU",
    f"gsk_{WORD}{WORD[:18]}",
    "postgresql://shop:Tr0ub4dor9x@db.host.test/shop",
    '"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"',
]
DECOYS = [
    f'  "hashed_secret": "{HEX}",',
    f'token_revision = "{HEX}"',
    f"commit token {HEX}",
    f'tf_token_id = "{UUID}"',
    f'"accessKeyId": "{UUID}"',
    f"See secret {UUID}",
    f"gpg --recv-keys {HEX}",
    f"rev: {HEX}",
    f"- md5: {HEX32}.dir",
    f"uses: actions/checkout@{HEX}",
    "WANDB_API_KEY=your_key_here_please_now",
    "api_key = ${{ secrets.WANDB_API_KEY }}",
    'key = os.environ["WANDB_API_KEY"]',
    "OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "task-sk-somethingverylonghere12345",
    'f"postgresql://{USER}:{PASS}@localhost/db"',
    "https://{user}:{password}@host.test/db",
    "postgresql://postgres:postgres@db:5432/mlflow",
    "amqp://guest:guest@rabbitmq",
    "mongodb://root:password@mongo",
    "http://admin:s3cretThing9@localhost:3000",
    "redis://default:redis@redis.test",
    'if "-----BEGIN PRIVATE KEY-----" in text:',
    "# files with -----BEGIN RSA PRIVATE KEY----- are left out",
    'model = "google/vit-base-patch16-224-in21k"',
    "projects/12345678901/locations/europe-west1/endpoints/4611686018427387904",
    "python -m torch.distributed.run --nproc_per_node=4 --rdzv_id=run_2026_01_23 train.py",
    "image: europe-west1-docker.pkg.dev/shop-123456/shop/api@sha256:" + HEX + HEX[:24],
    "serviceAccount:12345678901-compute@developer.gserviceaccount.com",
]


@pytest.mark.parametrize("line", REAL)
def test_keys(line: str) -> None:
    (found,) = secrets_in("src/shop/a.py" if "private_key" not in line else "account.json", f"x = 1\n{line}\n")
    assert found.line == 2
    for secret in (HEX, HEX32, WORD, "Tr0ub4dor9x", "IOSFODNN7QWERTYU", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"):
        assert secret not in found.shown
    if "postgres" not in line and "BEGIN" not in line:
        masked = mask_text(line)
        assert HEX not in masked and WORD not in masked  # nor wherever else the line is quoted


@pytest.mark.parametrize("line", DECOYS)
def test_what_is_no_key(line: str) -> None:
    assert list(secrets_in("src/shop/a.py", line)) == []


def test_private_keys_by_their_body() -> None:
    body = "MIIEpAIBAAKCAQEA0a1b2c3d4e5f6g7h8i9j"
    assert len(list(secrets_in("notes.md", f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n"))) == 1
    assert len(list(secrets_in("deploy.pem", "-----BEGIN EC PRIVATE KEY-----\n"))) == 1
    assert list(secrets_in("notes.md", "-----BEGIN RSA PRIVATE KEY-----\nis how it begins\n")) == []


@pytest.mark.parametrize(
    "path",
    ["Dockerfile.train", "env.prod", ".env", "run.slurm", "train.log", "infra/terraform.tfstate", "a.py", "Makefile"],
)
def test_files_that_are_read(path: str) -> None:
    assert looks_like_text(path)


def test_long_and_odd_lines_cost_little() -> None:
    lines = [
        "a" * 1_999,
        "-" * 1_999,
        ("0a" * 16 + " ") * 60,
        "://a:b@" * 280,
        "key=" * 499,
        "A1-" * 660,
        "x_key,\"'" * 240,
    ]
    start = time.process_time()
    for line in lines:
        list(secrets_in("a.py", "\n".join([line] * 100)))
    assert time.process_time() - start < 5


KEY = "hf_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b"


@given(st.lists(st.sampled_from([f"x = '{KEY}'", "x = 1", "", "é" * 20, "https://a@b", "a" * 40, "0a" * 20])))
@settings(deadline=None)
def test_secrets_stand_in_their_lines(lines: list[str]) -> None:
    found = list(secrets_in("a.py", "\n".join(lines)))
    assert [one.line for one in found] == [number for number, line in enumerate(lines, 1) if KEY in line]
    assert all(KEY not in one.shown for one in found)
