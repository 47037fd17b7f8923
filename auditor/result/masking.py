"""Secrets that a group committed are never shown: whatever leaves an audit goes through here.

A result quotes lines of strangers' files. One that holds a key must not carry it into pages, sheets and e-mails. What is
masked are the forms that providers document for their keys, values that a name declares to be secret and that look drawn at
random, passwords in addresses, and the body of private keys. A mask keeps the first characters, by which the owner knows it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, TypeVar

from auditor.patterns import pattern
from auditor.records import Record, field_names, replace

T = TypeVar("T")

MASK = "****"
KEPT = 4
"""Characters of a secret that stay."""

TOKENS = pattern(
    r"""
      \b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b                                  # AWS: "IAM identifiers"
    | \bgh[pousr]_[A-Za-z0-9]{30,255} | \bgithub_pat_[A-Za-z0-9_]{30,255}      # GitHub: "About authentication", token formats
    | \bgl(?:pat|ptt|rt|dt)-[\w-]{16,255}                                      # GitLab: "Token overview"
    | \bAIza[\w-]{30,40} | \bya29\.[\w.-]{20,300} | \bGOCSPX-[\w-]{20,40}      # Google Cloud: API keys, access tokens, client secrets
    | \bhf_[A-Za-z0-9]{30,60}                                                  # Hugging Face: "User access tokens"
    | (?<![\w-])sk-(?:proj-|ant-|svcacct-)?[\w-]{20,300}                               # OpenAI, Anthropic
    | \bxox[abeoprs]-[\w-]{10,255} | hooks\.slack\.com/services/[\w/]{20,80}   # Slack: "Token types", "Incoming webhooks"
    | discord(?:app)?\.com/api/webhooks/\d{10,25}/[\w-]{20,100}                # Discord: "Webhook resource"
    | \b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,255}                            # Stripe: "API keys"
    | \bSG\.[\w-]{16,64}\.[\w-]{16,64}                                         # SendGrid
    | \bnpm_[A-Za-z0-9]{30,60} | \bpypi-[\w-]{30,300} | \bdop_v1_[a-f0-9]{40,80}  # npm, PyPI, DigitalOcean
    | \bdckr_pat_[\w-]{20,60}                                                  # Docker Hub: "Personal access tokens"
    | \beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,2000}                   # JSON Web Token (RFC 7519)
    | \bgsk_[A-Za-z0-9]{40,80} | \br8_[A-Za-z0-9]{30,60} | \bwandb_v1_[\w-]{20,120}  # Groq, Replicate, Weights & Biases
    | \b\d{8,10}:AA[\w-]{32,36}                                                # Telegram: "Bot API"
    | (?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{30,100}={0,2}               # Azure: connection strings
    """,
    re.VERBOSE,
)
"""Keys by the form that their provider gives them; the words in quotes are titles of the providers' documentation."""

DECLARED = pattern(
    r"(?i:api[_-]?key|apikey|secret|token|passw(?:or)?d|pwd|access[_-]?key|private[_-]?key|credentials?|[a-z]\w{0,30}_key)"
    r"[\w-]{0,20}[\"']?[\])]{0,2}(?:\s{0,3}:\s{0,3}str\b)?\s{0,5}(?::=|=>|[:=,]|\s)\s{0,5}"
    r"(?:[\"']?value[\"']?\s{0,3}[:=]\s{0,3})?[\"']?(?P<value>[A-Za-z0-9+/=_-]{16,300})(?![\w(\[.])"
)
"""A value that its name declares to be secret: `WANDB_API_KEY=...`, `"password": "..."`, `--token ...`."""

HEX_KEY = pattern(r"(?<![0-9A-Za-z])[0-9a-fA-F]{40}(?![0-9A-Za-z])")
LOGIN = pattern(
    rf"""
      \blogin\s{{0,3}}\([^)\n]{{0,200}}?["']{HEX_KEY.pattern}                      # wandb.login(key="...")
    | \bkey\s{{0,3}}=\s{{0,3}}["']{HEX_KEY.pattern}["']                            # the argument on a line of its own
    | \bwandb["',\s]{{1,5}}login["',\s]{{1,5}}(?:(?:--?\w|https?:)[^\s"',]{{0,100}}["',\s]{{1,5}}){{0,5}}["']?{HEX_KEY.pattern}
    | {HEX_KEY.pattern}["']?\s{{0,5}}\|\s{{0,5}}wandb\s{{1,5}}login                  # echo ... | wandb login
    """,
    re.VERBOSE,
)
"""A key of Weights & Biases ("wandb login", "wandb.login()"): forty hexadecimal digits, as commits have, so its place tells it."""

PASSWORD = pattern(r"(?<=://)(?P<user>[^\s/:@\"'<>{}$]{0,100}):(?P<value>[^\s/@\"'<>{}$]{3,200})(?=@[\w.-])")
"""A password in an address (RFC 3986, "User Information")."""

KEY_BODY = pattern(
    r"(?<![\w+/])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{60,}={0,2}"
)
"""A line of a key in PEM form (RFC 7468): 64 characters of base64. Hashes are in one case and are no secrets."""


UNMASKED = frozenset({"path", "id", "module", "section", "title", "commit", "digest", "web"})

LONG = pattern(r"[A-Za-z0-9+/=_.-]{16}|://[^/\s]{0,300}@")
"""What every secret has: text without it is not searched further."""


def masked(thing: T) -> T:
    """`thing`, a result or a part of one, with every secret in its texts masked; itself where there is none."""
    found: T = walked(thing)
    return found


def walked(thing: Any) -> Any:
    """`masked` for whatever stands in a result."""
    if isinstance(thing, str):
        return mask_text(storable(thing))
    if isinstance(thing, tuple):
        found = tuple([walked(one) for one in thing])
        return thing if all(a is b for a, b in zip(found, thing, strict=True)) else found
    if isinstance(thing, Record):
        kind: Any = thing.__class__
        changed = {}
        for name, kept in names_of(kind):
            before = getattr(thing, name)
            after = storable(before) if kept and isinstance(before, str) else walked(before)
            if after is not before:
                changed[name] = after
        return replace(thing, **changed) if changed else thing
    return thing


@cache
def names_of(kind: type) -> tuple[tuple[str, bool], ...]:
    """Names of a record's fields, each with whether it must stay what it is (a path) and is no text of a file."""
    return tuple((name, name in UNMASKED) for name in field_names(kind))


def storable(text: str) -> str:
    """`text` as UTF-8 can hold it: `?` for what stands for a byte that is none, as in names of files; itself where all is well."""
    if text.isascii():
        return text
    found = text.encode("utf-8", "replace").decode("utf-8")
    return text if found == text else found


def mask_text(text: str) -> str:
    """`text` with its secrets masked; the same object where there is none."""
    if not LONG.search(text):
        return text
    found = KEY_BODY.sub(lambda hit: shown(hit[0]), mask_keys(text))
    return text if found == text else found


def mask_keys(text: str) -> str:
    """`text` with what is surely a key or a password masked. Unlike `mask_text` it leaves what may be part of a private key."""
    if not LONG.search(text):
        return text
    found = TOKENS.sub(lambda hit: shown(hit[0]), text)
    found = DECLARED.sub(declared, found)
    if "login" in found or "key" in found:
        found = LOGIN.sub(lambda login: HEX_KEY.sub(lambda hit: shown(hit[0]), login[0]), found)
    found = PASSWORD.sub(lambda hit: f"{hit['user']}:{MASK}", found)
    return text if found == text else found


def shown(secret: str) -> str:
    """What is shown of a secret."""
    return secret[:KEPT] + MASK


def declared(hit: re.Match[str]) -> str:
    """A declared value, masked where it looks drawn at random: letters and several digits, and no words joined by signs."""
    value = hit["value"]
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    longest = max(len(part) for part in re.split(r"[_/+=-]", value))
    if digits < 3 or letters < 3 or longest < 12:
        return hit[0]
    return hit[0][: hit.start("value") - hit.start()] + shown(value)
