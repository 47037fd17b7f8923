"""Secrets that a group committed are never shown: whatever leaves an audit goes through here.

A result quotes lines of strangers' files. One that holds a key must not carry it into pages, sheets and e-mails. What is
masked are the forms that providers document for their keys, values that a name declares to be secret and that look drawn at
random, passwords in addresses, and the body of private keys. A mask keeps the first characters, by which the owner knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
      (?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16,}                                     # AWS: "IAM identifiers"
    | gh[pousr]_[A-Za-z0-9]{30,} | github_pat_[A-Za-z0-9_]{30,}                # GitHub: "About authentication", token formats
    | gl(?:pat|ptt|rt|dt)-[\w-]{16,}                                           # GitLab: "Token overview"
    | AIza[\w-]{30,} | ya29\.[\w-]{20,}(?:\.[\w-]{20,})* | GOCSPX-[\w-]{20,}                   # Google Cloud: API keys, access tokens, client secrets
    | hf_[A-Za-z0-9]{30,}                                                      # Hugging Face: "User access tokens"
    | (?P<short>sk-)(?:proj-|ant-|svcacct-)?[\w-]{20,}                         # OpenAI, Anthropic
    | xox[abeoprs]-[\w-]{10,} | hooks\.slack\.com/services/[\w/]{20,}         # Slack: "Token types", "Incoming webhooks"
    | discord(?:app)?\.com/api/webhooks/\d{10,25}/[\w-]{20,}                  # Discord: "Webhook resource"
    | (?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,} | sq0csp-[\w-]{40,}             # Stripe: "API keys"; Square
    | SG\.[\w-]{16,64}\.[\w-]{16,}                                            # SendGrid
    | npm_[A-Za-z0-9]{30,} | pypi-[\w-]{30,} | dop_v1_[a-f0-9]{40,}            # npm, PyPI, DigitalOcean
    | dckr_pat_[\w-]{20,}                                                      # Docker Hub: "Personal access tokens"
    | eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,}                        # JSON Web Token (RFC 7519)
    | gsk_[A-Za-z0-9]{40,} | r8_[A-Za-z0-9]{30,} | wandb_v1_[\w-]{20,}         # Groq, Replicate, Weights & Biases
    | \d{8,10}:AA[\w-]{32,}                                                   # Telegram: "Bot API"
    | [0-9a-f]{32}-us\d{1,2}(?!\w) | (?:AC|SK)[0-9a-f]{32,}                   # Mailchimp; Twilio
    | (?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{30,}={0,2}                  # Azure: connection strings
    """,
    re.VERBOSE,
)
"""Keys by the form that their provider gives them; the words in quotes are titles of the providers' documentation.

No form asks what stands before it or behind: a key is one between letters too, as in a text with escapes (`\\nghp_...`).
"""

HINTS = tuple(
    """AKIA ASIA AROA AIDA ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- glptt- glrt- gldt- AIza ya29. GOCSPX- hf_ sk- xox
    hooks.slack discord k_live_ k_test_ sq0csp- SG. npm_ pypi- dop_v1_ dckr_pat_ eyJ gsk_ r8_ wandb_v1_ :AA -us AC SK
    AccountKey SharedAccessKey""".split()
)
"""What stands in every such key: a text without any of them is not searched."""

BOT = pattern(r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,}")
"""A token of a bot on Discord ("Getting Started"), which has no word of its own in it."""

DECLARED = pattern(
    r"(?i:api[_-]?key|apikey|secret|token|passw(?:or)?d|pwd|access[_-]?key|private[_-]?key|credentials?|[a-z]\w{0,30}_key)"
    r"[\w-]{0,20}[\"']?[\])]{0,2}(?:\s{0,3}:\s{0,3}str\b)?\s{0,5}(?::=|=>|[:=,]|\s)\s{0,5}"
    r"(?:[\"']?value[\"']?\s{0,3}[:=]\s{0,3})?[\"']?(?P<value>[A-Za-z0-9+/=_-]{16,300})"
)
"""A value that its name declares to be secret: `WANDB_API_KEY=...`, `"password": "..."`, `--token ...`."""
WORD_BEFORE = pattern(r"(?:(?<!\\)\w|-)\Z")
"""A letter or hyphen that is no part of an escape (`\\n`)."""
REST = pattern(r"[A-Za-z0-9+/=_-]*")
"""The rest of a value that is longer."""
CODE = pattern(r"[\[(]|\.[A-Za-z_]")
"""Behind a name in code: it is called, or something of it is asked."""
NAME_PART = pattern(r"[A-Z]?[a-z]{2,}")
"""What names of code are made of (`AutoModelForSeq2SeqLM`)."""
UNNAMED = 0.4
"""Share of signs that stand in no such part, from which on a value is no name; of those drawn at random it is more than half."""
TURN = pattern(r"[A-Za-z](?=\d)|\d(?=[A-Za-z])")

HEX_KEY = pattern(r"(?<![0-9A-Za-z])[0-9a-fA-F]{40}(?![0-9A-Za-z])")
LOGIN = pattern(
    rf"""
      login\s{{0,3}}\([^)\n]{{0,200}}?["']{HEX_KEY.pattern}                      # wandb.login(key="...")
    | \bkey\s{{0,3}}=\s{{0,3}}["']{HEX_KEY.pattern}["']                            # the argument on a line of its own
    | wandb["',\s]{{1,5}}login["',\s]{{1,5}}(?:(?:--?\w|https?:)[^\s"',]{{0,100}}["',\s]{{1,5}}){{0,5}}["']?{HEX_KEY.pattern}
    | {HEX_KEY.pattern}["']?\s{{0,5}}\|\s{{0,5}}wandb\s{{1,5}}login                  # echo ... | wandb login
    """,
    re.VERBOSE,
)
"""A key of Weights & Biases ("wandb login", "wandb.login()"): forty hexadecimal digits, as commits have, so its place tells it."""

PASSWORD = pattern(r"(?<=://)(?P<user>[^\s/:@\"'<>]{0,100}):(?P<value>[^\s/@\"'<>]{3,200})(?=@[\w.\[{$-])")
"""A password in an address (RFC 3986, "User Information")."""
FILLED_IN = pattern(r"\$?\{[^{}]*\}|\$?\{\{[^{}]*\}\}|\$\w+|\$\([^()]*\)|%\w+%|%\(\w+\)s")
"""A password that is put in from elsewhere."""

KEY_BODY = pattern(
    r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{60,}={0,2}"
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
    found = KEY_BODY.sub(lambda hit: hit[0][:KEPT] + MASK, mask_keys(text))
    return text if found == text else found


def mask_keys(text: str) -> str:
    """`text` with what is surely a key or a password masked. Unlike `mask_text` it leaves what may be part of a private key."""
    if not LONG.search(text):
        return text
    found: list[str] = []
    done = 0
    for start, end, kept in sorted(secrets_of(text)):
        if start >= done:
            found += [text[done:start], text[start : start + kept], MASK]
        done = max(done, end)
    return "".join((*found, text[done:])) if found else text


def secrets_of(text: str) -> Iterator[tuple[int, int, int]]:
    """Beginning and end of each secret in `text`, and how many of its signs are shown; they may overlap."""
    if any(hint in text for hint in HINTS):
        yield from ((*hit.span(), KEPT) for hit in TOKENS.finditer(text) if not (hit["short"] and is_word(hit)))
    if "." in text:
        yield from ((*hit.span(), KEPT) for hit in BOT.finditer(text))
    yield from declared(text)
    if "login" in text or "key" in text:
        for login in LOGIN.finditer(text):
            yield from ((*hit.span(), KEPT) for hit in HEX_KEY.finditer(text, *login.span()))
    for hit in PASSWORD.finditer(text):
        if not FILLED_IN.fullmatch(hit["value"]):
            yield (*hit.span("value"), 0)


def is_word(hit: re.Match[str]) -> bool:
    """Whether `sk-...` is the end of a word with others after it (`task-...`), and no key."""
    if not WORD_BEFORE.search(hit.string, max(0, hit.start() - 2), hit.start()):
        return False
    longest = max(re.split(r"[_-]", hit[0]), key=len)
    return len(longest) < 12 or len(TURN.findall(longest)) < 2


def declared(text: str) -> Iterator[tuple[int, int, int]]:
    """As `secrets_of`, the values that a name declares to be secret. What follows a name may be a name itself."""
    start = 0
    while (hit := DECLARED.search(text, start)) is not None:
        start, end = hit.span("value")
        rest = REST.match(text, end)
        end = rest.end() if rest else end
        if drawn_at_random(hit["value"], code=CODE.match(text, end) is not None):
            yield start, end, KEPT


def drawn_at_random(value: str, *, code: bool) -> bool:
    """Whether a value looks so: letters and several digits, and no words joined by signs; in code they change places often.

    Few digits will do where capitals and small letters mix as they do in no name of code.
    """
    longest = max(re.split(r"[_/+=-]", value), key=len)
    if len(longest) < 12:
        return False
    if not longest.isupper() and len(NAME_PART.sub("", longest)) >= UNNAMED * max(len(longest), 20):
        return True
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    return digits >= 3 and letters >= 3 and (not code or len(TURN.findall(value)) >= 3)
