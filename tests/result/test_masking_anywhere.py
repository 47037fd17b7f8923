"""Keys of every known form are masked wherever they stand in a text, however many there are. The keys are invented."""

from __future__ import annotations

import html
import random
import re
import string
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.hand_in_samples import checked, files, pushed, whole_report

from auditor.output import FORMATS, writer
from auditor.result.masking import mask_text

ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
LOWER = "0123456789abcdef"
URL_SAFE = ALNUM + "-_"

FORMS = {
    "aws": ("AKIA", UPPER, 16, ""),
    "aws session": ("ASIA", UPPER, 16, ""),
    "github": ("ghp_", ALNUM, 36, ""),
    "github app": ("ghs_", ALNUM, 36, ""),
    "github fine": ("github_pat_", ALNUM, 70, ""),
    "gitlab": ("glpat-", URL_SAFE, 20, ""),
    "google": ("AIza", URL_SAFE, 35, ""),
    "google access": ("ya29.", URL_SAFE, 120, ""),
    "hugging face": ("hf_", ALNUM, 34, ""),
    "openai": ("sk-", ALNUM, 48, ""),
    "openai project": ("sk-proj-", ALNUM, 64, ""),
    "anthropic": ("sk-ant-", ALNUM, 90, ""),
    "slack": ("xoxb-", ALNUM, 40, ""),
    "slack hook": ("hooks.slack.com/services/", ALNUM, 44, ""),
    "discord hook": ("discord.com/api/webhooks/123456789012345678/", URL_SAFE, 68, ""),
    "discord bot": ("MTE4NjI3NTI0NTI0NTI0NTI0.GxY7Zb.", URL_SAFE, 38, ""),
    "stripe": ("sk_live_", ALNUM, 24, ""),
    "square": ("sq0csp-", URL_SAFE, 43, ""),
    "sendgrid": ("SG.aB3dE5gH7jK9mN1pQ2rS4t.", URL_SAFE, 43, ""),
    "npm": ("npm_", ALNUM, 36, ""),
    "pypi": ("pypi-", URL_SAFE, 90, ""),
    "digital ocean": ("dop_v1_", LOWER, 64, ""),
    "docker": ("dckr_pat_", URL_SAFE, 27, ""),
    "json web token": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", URL_SAFE, 43, ""),
    "groq": ("gsk_", ALNUM, 52, ""),
    "replicate": ("r8_", ALNUM, 37, ""),
    "wandb": ("wandb_v1_", URL_SAFE, 40, ""),
    "telegram": ("123456789:AA", URL_SAFE, 33, ""),
    "twilio": ("SK", LOWER, 32, ""),
    "azure": ("AccountKey=", ALNUM + "+/", 86, "=="),
    "declared": ("WANDB_API_KEY=", LOWER, 40, ""),
    "declared in quotes": ('"api_key": "', ALNUM, 32, '"'),
    "declared long": ("SECRET_KEY: ", ALNUM, 400, ""),
    "option": ("--token ", ALNUM, 40, ""),
    "wandb login": ("wandb login ", LOWER, 40, ""),
    "password": ("postgres://ada:", ALNUM + "!$%&*+,;=", 12, "@db.example.org/shop"),
}
"""What stands before the drawn part, its signs, how many, and what stands behind."""

TEXTS = (
    'We trained on the cluster and logged it. See (1), [2] and `code`: it works; or "does" it?',
    "jobs:\n  train:\n    env: {A: 1}\n    run: |\n      python train.py --seed=3\n",
    '{"cells": [{"source": ["import os\\n", "os.environ[\\"A\\"] = \\"b\\"\\n"]}]}',
    "ENV A=b\nRUN pip install x && echo done | tee /dev/null\n",
    "def f(token, *, secret=None):\n    return g(token)[0].h(secret)  # key\n",
    "| a | b |\n| --- | --- |\n| <b>x</b> | https://example.org/a?b=c&d=e#f |\n",
    "api_key, secret: token = password -> key => credentials",
    "ünïcode 🔥 \u202e \u200b text, ゼロ",
    "",
)

BESIDE = ("", " ", ". ", ".", '"', "'", "(", ")", "[", "\\n", "<", ">", ",", "|", "`", "*", "=")
SEEN = 9
"""Signs of a secret in a row that are too many to be shown."""

KINDS = st.lists(st.sampled_from(sorted(FORMS)), min_size=1, max_size=5)


def drawn(form: str, chance: random.Random) -> tuple[str, str]:
    """A key of a form as it is written, and the part that nobody may see (its first signs are shown)."""
    before, signs, length, behind = FORMS[form]
    secret = ""
    while sum(map(str.isdigit, secret)) < 3 or len(re.findall(r"[A-Za-z](?=\d)", secret)) < 2:  # else it may be a word
        secret = "".join(chance.choice(signs) for _ in range(length))
    return before + secret + behind, secret[4:]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(TEXTS) | st.text(max_size=80), KINDS, st.integers(0, 2**32))
def test_keys_at_random_places(text: str, forms: list[str], seed: int) -> None:
    chance = random.Random(seed)
    keys = [drawn(form, chance) for form in forms]
    places = sorted(chance.randint(0, len(text)) for _ in keys)
    planted = text[: places[0]]
    for (key, _), here, there in zip(keys, places, [*places[1:], len(text)], strict=True):
        planted += chance.choice(BESIDE) + key + chance.choice(BESIDE[1:]) + text[here:there]
    found = mask_text(planted)
    for form, (_, secret) in zip(forms, keys, strict=True):
        for start in range(len(secret) - SEEN):
            assert secret[start : start + SEEN] not in found, (form, planted, found)
    assert mask_text(found) == found


def test_keys_in_a_repository_are_masked_in_every_output(tmp_path: Path) -> None:
    chance = random.Random(14)
    keys = [drawn(form, chance) for form in sorted(FORMS)]
    sentence = f"our key was sk-{'aB3dE5gH' * 5} and the other WANDB_API_KEY={'0f3c9a7b' * 5}."
    answers = {number: f"{sentence} We used {keys[number][0]}, and ({keys[-number][0]})." for number in range(1, 30)}
    code = "".join(f"import wandb\nwandb.init()  # {one} {other}.\n" for (one, _), (other, _) in pairwise(keys))
    shop = pushed(
        tmp_path,
        files(whole_report(answers=answers), {"src/shop/train.py": code, "Makefile": f"train:\n\techo {sentence}\n"}),
    )
    result = checked(shop)
    for name in FORMATS:
        told = writer(name)(result).decode("utf-8")
        assert "aB3dE5gHaB3d" not in told
        assert "0f3c9a7b0f3c" not in told
        for _, secret in keys:
            assert secret not in told
            assert html.escape(secret) not in told
