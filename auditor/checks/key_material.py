"""Keys, tokens and private keys in text files, by the forms that their providers give them.

Passwords in addresses and private keys are looked at here; for the other forms our own masking is asked, and the plugins of detect-secrets
that know a provider's form (its plugins that guess by entropy or by a variable's name would accuse many an honest line). Both see only the words
of a line that could be a key at all, and nothing is verified, which would need the network.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from itertools import islice
from types import ModuleType

from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot
from auditor.result.masking import KEPT, MASK, mask_keys, mask_text

LONGEST_LINE = 2_000
"""A longer line is data, or minified."""
SHORTEST = 8
"""Characters of the shortest line that can hold one."""
MOST_BYTES = 1_000_000
"""A larger file is no text that anybody wrote."""
MOST = 50
"""Places that are told."""
FOREIGN = pattern(
    r"(?:^|/)(?:site-packages|node_modules|vendor|third_party|\.?venv|\.git|__pycache__)/"
    r"|(?:^|/)(?:uv|poetry|pdm|Pipfile|pixi|conda-lock|package-lock|yarn|pnpm-lock|bun)[\w-]*\.(?:lock|json|ya?ml)$"
    r"|\.secrets\.baseline$|\.(?:example|sample|template|dist)$|\.(?:svg|csv|tsv|ipynb_checkpoints|map|min\.js|min\.css)$"
)
"""Files whose hashes and data look like keys, or that others wrote."""
CANDIDATE = pattern(r"[A-Za-z0-9+/=_-]{16,2000}")
"""What stands in a line with a key: a long run of signs."""
BODY = pattern(r"[A-Za-z0-9+/=]{20,100}")
"""A line of a private key (RFC 7468)."""
HASH = pattern(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
"""Hashes and identifiers (RFC 9562), which are no keys by themselves."""
PIECES = pattern(r"[+/=_-]+")
PIECE = 12
"""Letters and digits in a row, of both kinds, from which on a word may be drawn at random."""
NAMED = pattern(r"api[_-]?key|wandb|passw|kaggle|secret[_-]?(?:access[_-]?)?key\b", re.IGNORECASE)
"""Words beside which a hash may be a key after all."""
HASHED = pattern(
    r"hash|sha\d|md5|commit|rev(?:ision)?\b|digest|checksum|etag|uuid|recv-keys|fingerprint|(?:_|key|\b)id\b",
    re.IGNORECASE,
)
"""Words beside which it is none."""
ADDRESS = pattern(r"://(?P<user>[^\s/:@\"']{0,100}):(?P<secret>[^\s/@\"']{1,200})@(?P<host>[\w.\[\]-]{0,200})")
"""A user and a password in an address (RFC 3986, "User Information")."""
USUAL = frozenset(
    "password passwd pass pw secret changeme admin administrator root guest user username test anonymous postgres mysql redis rabbitmq airflow "
    "minioadmin minio mlflow grafana mongo example".split()
)
"""Passwords that services publish as their first ones, and those that documents write."""
KEY_FILES = pattern(r"\.(?:pem|key|p8|json|env)$|(?:^|/)\.env[^/]*$|(?:^|/)id_(?:rsa|ed25519|ecdsa)$", re.IGNORECASE)
"""Files in which the head of a private key is one; in code and prose it may be looked for, or spoken of."""
EXAMPLE = pattern(
    r"example|placeholder|changeme|your[_-]|<[\w -]+>|xxxx|\*\*\*\*|1234567|abcdef|\.\.\.|dummy|sample|redacted|\$\{|\{\{|%\(|fake|test[_-]?key",
    re.IGNORECASE,
)
"""Lines that show how a key looks."""
PLUGINS = tuple(
    """artifactory.ArtifactoryDetector aws.AWSKeyDetector azure_storage_key.AzureStorageKeyDetector
    cloudant.CloudantDetector discord.DiscordBotTokenDetector github_token.GitHubTokenDetector
    gitlab_token.GitLabTokenDetector ibm_cloud_iam.IbmCloudIamDetector ibm_cos_hmac.IbmCosHmacDetector
    jwt.JwtTokenDetector mailchimp.MailchimpDetector npm.NpmDetector openai.OpenAIDetector pypi_token.PypiTokenDetector
    sendgrid.SendGridDetector slack.SlackDetector softlayer.SoftlayerDetector square_oauth.SquareOAuthDetector
    stripe.StripeDetector telegram_token.TelegramBotTokenDetector twilio.TwilioKeyDetector""".split()
)
"""The plugins of detect-secrets that know a form. Left out: entropy, keywords, public addresses, and what is looked at above."""


class Secret(Record):
    """Something that has the form of a secret; `shown` is its line with the secret masked."""

    path: str
    line: int
    kind: str
    shown: str


class KeyMaterial(Record):
    """What was found, by path and line; the first `MOST`."""

    places: tuple[Secret, ...] = ()


@fact
def find_keys(snapshot: Snapshot) -> KeyMaterial:
    """Every text file of the repository, line by line."""
    texts = (
        path
        for path in snapshot.paths
        if not FOREIGN.search(path) and (snapshot.size(path) or 0) <= MOST_BYTES and looks_like_text(path)
    )
    found = each_file(snapshot, texts, lambda s, path: secrets_in(path, s.text(path) or ""))
    return KeyMaterial(tuple(islice(found, MOST)))


TEXTS = pattern(
    r"(?:^|/)(?:[^./]+|\.[^/]*|(?:dockerfile|docker|env)\.[^/]*|[^/]*\.(?:py|ipynb|md|rst|txt|ya?ml|toml|json|jsonl|cfg|ini|conf|env|sh|bash|zsh|fish"
    r"|ps1|bat|tf|tfvars|tfstate|hcl|js|jsx|ts|tsx|html|dockerfile|mk|pem|key|p8|properties|xml|http|r|jl|sql|log|out|err|slurm|lsf|pbs|job"
    r"|qmd|rmd|markdown|local))$",
    re.IGNORECASE,
)
"""Names of text files, those without an ending and those that begin with a dot among them."""


def looks_like_text(path: str) -> bool:
    """Whether a file is text by its name."""
    return TEXTS.search(path) is not None


def secrets_in(path: str, text: str) -> Iterator[Secret]:
    """What in `text` has the form of a secret, one for a line."""
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not SHORTEST <= len(line) <= LONGEST_LINE:
            continue
        if "PRIVATE KEY-----" in line and "BEGIN" in line and holds_key(path, line, lines[number : number + 1]):
            head = f"{line.partition('KEY-----')[0].strip()[-60:]}KEY-----"
            yield Secret(path, number, "a private key", f"{mask_text(head)} {MASK}")
            continue
        found = list(secrets_of(line))
        if found:
            shown = mask_text(line)
            for _, secret in found:
                shown = shown.replace(secret, secret[:KEPT] + MASK)
            yield Secret(path, number, found[0][0], shown.strip())


def holds_key(path: str, line: str, following: list[str]) -> bool:
    """Whether a line with the head of a private key begins one: in a file for keys, or with the key's body after it."""
    body = following[0].strip(" \"',\\n") if following else ""
    return (
        bool(KEY_FILES.search(path))
        or BODY.fullmatch(body) is not None
        or len(line.partition("-----\\n")[2]) > SHORTEST
    )


def secrets_of(line: str) -> Iterator[tuple[str, str]]:
    """Kind and text of what has the form of a secret in a line; what stands beside it as an example is none."""
    for address in ADDRESS.finditer(line):
        if not published(address):
            yield "a password in an address", address["secret"]
    kept = CANDIDATE.sub(
        lambda word: word[0] if suspicious(word[0], line) else " " * len(word[0]), ADDRESS.sub("://", line)
    )
    if not CANDIDATE.search(kept):
        return
    masked = mask_keys(kept)
    if masked is not kept and MASK in masked:
        yield "a key by its form", first_masked(kept, masked)
    for kind, secret in asked(kept):
        if not EXAMPLE.search(secret):
            yield kind, secret


def first_masked(line: str, masked: str) -> str:
    """The first word of `line` that is another in `masked`."""
    return next((word for word, other in zip(line.split(), masked.split(), strict=False) if word != other), line)


def published(address: re.Match[str]) -> bool:
    """Whether a password in an address is none.

    It is filled in when the code runs, everybody's first one, or of a service that only this machine or its containers reach.
    """
    secret, host = address["secret"], address["host"].lower()
    if re.search(r"[{}$<>%]|\*\*", address[0]) or secret == address["user"] or secret.lower() in USUAL:
        return True
    return (
        EXAMPLE.search(address[0]) is not None
        or "." not in host
        or host.endswith(("localhost", ".local"))
        or host.startswith("127.")
    )


def suspicious(word: str, line: str) -> bool:
    """Whether a run of signs in a line may be a secret: no example, no hash without a telling word beside it, no words alone."""
    if EXAMPLE.search(word):
        return False
    hashes = NAMED.search(line) is not None and HASHED.search(line) is None
    return any(
        hashes if HASH.fullmatch(piece) else len(piece) >= PIECE and not piece.isalpha() and not piece.isdigit()
        for piece in ([word] if HASH.fullmatch(word) else PIECES.split(word))
    )


def asked(line: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each secret that a plugin sees in a line."""
    for kind, analyse in plugins():
        for secret in analyse(line):
            if isinstance(secret, str) and secret:
                yield kind, secret


@cache
def plugins() -> tuple[tuple[str, Callable[[str], Iterator[str]]], ...]:
    """The plugins by what they find; imported when the first line needs them."""
    found = []
    with no_network_library():
        for name in PLUGINS:
            module, _, cls = name.partition(".")
            plugin = getattr(import_module(f"detect_secrets.plugins.{module}"), cls)()
            found.append((str(plugin.secret_type), plugin.analyze_string))
    return tuple(found)


@contextmanager
def no_network_library() -> Iterator[None]:
    """Let plugins be imported with nothing in the place of `requests`, which they have to try a key out and we never do.

    An audit uses no network, and `requests` opens a socket by being imported.
    """
    if "requests" in sys.modules:
        yield
        return
    nothing = ModuleType("requests")
    vars(nothing)["Response"] = object  # named in annotations
    sys.modules["requests"] = nothing
    try:
        yield
    finally:
        del sys.modules["requests"]
