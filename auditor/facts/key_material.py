"""Keys, tokens and private keys in text files, by the forms that their providers give them.

Two sources are asked: our own masking, and the plugins of detect-secrets that know a provider's form (its plugins that guess by
entropy or by a variable's name would accuse many an honest line). Plugins are only asked for lines with something in them that could be
a key at all, and nothing is verified, which would need the network.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import ModuleType

from auditor.frozen import dataclass
from auditor.injection import fact
from auditor.masking import MASK, mask_keys, mask_text
from auditor.snapshot import Snapshot

LONGEST_LINE = 2_000
"""A longer line is data, or minified."""
SHORTEST = 8
"""Characters of the shortest line that can hold one."""
MOST_BYTES = 1_000_000
"""A larger file is no text that anybody wrote."""
MOST = 50
"""Places that are told."""
FOREIGN = re.compile(
    r"(?:^|/)(?:site-packages|node_modules|vendor|third_party|\.?venv|\.git|__pycache__)/"
    r"|(?:^|/)(?:uv|poetry|pdm|Pipfile|pixi|conda-lock|package-lock|yarn|pnpm-lock|bun)[\w-]*\.(?:lock|json|ya?ml)$"
    r"|\.(?:svg|csv|tsv|ipynb_checkpoints|map|min\.js|min\.css)$"
)
"""Files whose hashes and data look like keys, or that others wrote."""
CANDIDATE = re.compile(r"[A-Za-z0-9+/=_-]{16,2000}|://[^/\s]{1,300}@|PRIVATE KEY")
"""What stands in a line with a key: a long run of signs, a user in an address, or the head of a private key."""
HASH = re.compile(
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE
)
"""Hashes and identifiers (RFC 9562), which are no keys by themselves."""
PIECES = re.compile(r"[+/=_-]+")
PIECE = 12
"""Letters and digits in a row, of both kinds, from which on a word may be drawn at random."""
NAMED = re.compile(r"key|token|secret|login|passw", re.IGNORECASE)
"""Words beside which a hash may be a key after all."""
EXAMPLE = re.compile(
    r"example|placeholder|changeme|your[_-]|<[\w -]+>|xxxx|\*\*\*\*|1234567|abcdef|\.\.\.|dummy|sample|redacted|\$\{|\{\{|%\(|fake|test[_-]?key",
    re.IGNORECASE,
)
"""Lines that show how a key looks."""
PLUGINS = (
    "artifactory.ArtifactoryDetector",
    "aws.AWSKeyDetector",
    "azure_storage_key.AzureStorageKeyDetector",
    "basic_auth.BasicAuthDetector",
    "cloudant.CloudantDetector",
    "discord.DiscordBotTokenDetector",
    "github_token.GitHubTokenDetector",
    "gitlab_token.GitLabTokenDetector",
    "ibm_cloud_iam.IbmCloudIamDetector",
    "ibm_cos_hmac.IbmCosHmacDetector",
    "jwt.JwtTokenDetector",
    "mailchimp.MailchimpDetector",
    "npm.NpmDetector",
    "openai.OpenAIDetector",
    "private_key.PrivateKeyDetector",
    "pypi_token.PypiTokenDetector",
    "sendgrid.SendGridDetector",
    "slack.SlackDetector",
    "softlayer.SoftlayerDetector",
    "square_oauth.SquareOAuthDetector",
    "stripe.StripeDetector",
    "telegram_token.TelegramBotTokenDetector",
    "twilio.TwilioKeyDetector",
)
"""The plugins of detect-secrets that know a form. Left out: entropy, keywords, and public addresses."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that has the form of a secret; `shown` is its line with the secret masked."""

    path: str
    line: int
    kind: str
    shown: str


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """What was found, by path and line; the first `MOST`."""

    places: tuple[Secret, ...] = ()


@fact
def find_keys(snapshot: Snapshot) -> KeyMaterial:
    """Every text file of the repository, line by line."""
    found: list[Secret] = []
    for path in snapshot.paths:
        if FOREIGN.search(path) or (snapshot.size(path) or 0) > MOST_BYTES or not looks_like_text(path):
            continue
        found += secrets_in(path, snapshot.text(path) or "")
        if len(found) >= MOST:
            break
    return KeyMaterial(tuple(found[:MOST]))


TEXTS = re.compile(
    r"(?:^|/)(?:[^./]+|\.[^/]*|[^/]*\.(?:py|ipynb|md|rst|txt|ya?ml|toml|json|cfg|ini|conf|env|sh|bash|zsh|ps1|bat|tf|tfvars|hcl|js|jsx|ts|tsx"
    r"|html|dockerfile|mk|pem|key|crt|properties|xml|http|r|jl|sql))$",
    re.IGNORECASE,
)
"""Names of text files, those without an ending and those that begin with a dot among them."""


def looks_like_text(path: str) -> bool:
    """Whether a file is text by its name."""
    return TEXTS.search(path) is not None


def secrets_in(path: str, text: str) -> Iterator[Secret]:
    """What in `text` has the form of a secret, one for a line."""
    for number, line in candidates(text):
        masked = mask_keys(line)
        if masked is not line and MASK in masked:
            yield Secret(path, number, "a key by its form", mask_text(masked).strip())
            continue
        for kind, secret in asked(line):
            shown = mask_text(line.replace(secret, secret[:4] + MASK)).strip()
            yield Secret(path, number, kind, shown)
            break


def candidates(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of the lines that could hold a secret."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not SHORTEST <= len(line) <= LONGEST_LINE or EXAMPLE.search(line):
            continue
        if any(suspicious(found[0], line) for found in CANDIDATE.finditer(line)):
            yield number, line


def suspicious(word: str, line: str) -> bool:
    """Whether a run of signs in a line may be a secret: neither a hash without a telling word beside it, nor words alone."""
    if word.startswith("://") or word == "PRIVATE KEY":
        return True
    if HASH.fullmatch(word):
        return NAMED.search(line) is not None
    return any(len(piece) >= PIECE and not piece.isalpha() and not piece.isdigit() for piece in PIECES.split(word))


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
