"""Secrets are masked, and nothing else is. The keys are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence import Place
from auditor.result.audit import Excerpt
from auditor.result.masking import MASK, mask_text, masked

HEX = "0f3c9a7be1d24586" * 2 + "9a7be1d2"
LETTERS = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA2cD4"

SECRETS = [
    "AKIA" + "ABCDEFGH12345678",
    "ghp_" + LETTERS,
    "github_pat_" + LETTERS + "_" + LETTERS,
    "glpat-" + LETTERS[:20],
    "AIza" + LETTERS[:35],
    "hf_" + LETTERS,
    "sk-proj-" + LETTERS,
    "xoxb-" + "123456789012-" + LETTERS[:12],
    "sk_live_" + LETTERS[:24],
    "npm_" + LETTERS,
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + LETTERS,
    "123456789:AA" + LETTERS[:33],
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("line", ["{}", 'key = "{}"', "Our key is {}, keep it.", "<b>{}</b>"])
def test_keys_of_providers(secret: str, line: str) -> None:
    found = mask_text(line.format(secret))
    assert secret not in found
    assert secret[6:] not in found
    assert MASK in found


@pytest.mark.parametrize(
    "line",
    [
        f"WANDB_API_KEY={HEX}",
        f"wandb.login(key='x', api_key='{HEX}')",
        f'"password": "{LETTERS[:20]}"',
        f"ENV SECRET_TOKEN {HEX}",
        f"--token {HEX}",
        f"client_secret: {LETTERS}",
    ],
)
def test_values_that_are_declared_secret(line: str) -> None:
    found = mask_text(line)
    assert HEX not in found
    assert LETTERS[:20] not in found
    assert found.split(MASK)[0][:8] == line[:8]


@pytest.mark.parametrize(
    "line",
    [
        f"wandb.login(key='{HEX}')",
        f'wb.login(relogin=True, key = "{HEX}", dir="x")',
        f'    key="{HEX}",',
        f'wandb.login("{HEX}")',
        f"RUN wandb login {HEX}",
        f"!wandb login --relogin --host=https://example.org {HEX.upper()}",
        f"wandb login --host https://example.org '{HEX}'",
        f'CMD ["wandb", "login", "{HEX}"]',
        f"echo {HEX} | wandb login",
    ],
)
def test_keys_given_to_wandb(line: str) -> None:
    found = mask_text(line)
    assert HEX[4:] not in found.lower()
    assert MASK in found
    assert found.replace(MASK, "") == line.replace(HEX[4:], "").replace(HEX[4:].upper(), "")


def test_passwords_in_addresses_and_bodies_of_keys() -> None:
    assert mask_text("postgres://ada:geheim77@db.example.org/x") == f"postgres://ada:{MASK}@db.example.org/x"
    body = (LETTERS + LETTERS)[:64]
    assert mask_text(body) == body[:4] + MASK


@pytest.mark.parametrize(
    "line",
    [
        "WANDB_API_KEY: ${{ secrets.WANDB_API_KEY }}",
        'api_key = os.environ["WANDB_API_KEY"]',
        "token = tokenizer.encode(text_with_numbers_123)",
        "tokenizer: bert-base-uncased-finetuned-sst-2-english",
        "password = getenv(PASSWORD)",
        "secret: projects/kiln-12345/secrets/wandb-key/versions/latest",
        f"sha256:{'0f3c9a7b' * 8}",
        f"commit {HEX}",
        f"wandb login is called since commit {HEX}",
        f"login(user)  # as in {HEX}",
        f"key: cache-{HEX}",
        f"uses: docker/login-action@{HEX}",
        f'wandb.login(key=settings)  # "{HEX}"',
        f"'key', '{HEX}'",
        f"md5 = '{HEX[:32]}'",
        f"wandb.login(key='{HEX[:32]}')",
        "md5: 0123456789abcdef0123456789abcdef.dir",
        "https://user@example.org/path",
        "from kiln.models.transformer import TokenEmbeddingWithPositions",
        "tokenizer = AutoModelForSeq2SeqLM.from_pretrained(name)",
        "token = TokenEmbedding123Layer(width=3)",
        "a risk-benefit-analysis-of-the-deployment",
        "redis://user:${REDIS_PASSWORD}@cache.example.org",
        "a key insight: 16 tokens are enough",
        "src/very/long/path/with/many/parts/and/numbers/2026/01/23/in/the/file/name/of/it.py",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert mask_text(line) is line


def test_results_are_masked_everywhere_and_left_alone_without_secrets() -> None:
    clean = Excerpt("a.py", 1, ("x = 1", "y = 2"))
    assert masked(clean) is clean
    found = masked((Place("a.py", 1, f"key {SECRETS[1]}"), Excerpt("a.py", 1, ("x", SECRETS[0]))))
    assert SECRETS[1] not in repr(found)
    assert SECRETS[0] not in repr(found)
    assert found[0].path == "a.py"


@given(st.text(max_size=300))
def test_any_text_is_masked_once(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once
