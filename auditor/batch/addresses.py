"""Where a group's repository is: the many ways in which people write it, made one form.

Forms are those of git-clone, "GIT URLS", and of the pages of hosting sites as they are copied from a browser. Transports that
run a command (`ext::`, gitremote-helpers) and anything that git could take for an option are refused here, before git sees it.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from auditor.errors import AuditError
from auditor.patterns import pattern
from auditor.records import Record

SCHEMES = frozenset({"https", "http", "ssh", "git", "file"})
SCHEME = pattern(r"^([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
HELPER = pattern(r"^[a-z0-9+.-]+::", re.IGNORECASE)
"""`transport::address` (gitremote-helpers, "INVOCATION")."""
SCP = pattern(r"^(?:([\w.+-]+)@)?([a-z0-9][\w.-]*\.[a-z]{2,}|localhost):(?!//)([^\\]+)$", re.IGNORECASE)
"""`[user@]host:path`; a single letter before the colon is a drive of Windows."""
BARE = pattern(r"^(?:www\.)?[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}/[^/]+/[^/]+", re.IGNORECASE)
"""`host/owner/name`, as a browser shows it."""
HOST = pattern(r"^[a-z0-9\[][\w.:\[\]-]*$", re.IGNORECASE)
USER = pattern(r"^[\w.+][\w.+-]*@$")
"""What ssh is given before the host; git decodes what is percent-encoded."""
PAGES = frozenset("tree blob src commit commits raw issues pull pulls actions wiki releases branches".split())
"""First parts of a page's path after owner and name, on GitHub, Gitea and Bitbucket."""
FLAT = ("github.com", "bitbucket.org", "codeberg.org")
"""Hosts on which a repository is always `owner/name`; elsewhere (GitLab) it may lie in folders of folders."""
TREES = frozenset({"tree", "blob", "src"})


class Address(Record):
    """A repository: `url` is what git fetches from (no credentials), None for one that is read where it lies on this machine.

    `shown` is what people see, `web` its page (None where there is none), `ref` what an address of a page names after
    `/tree/`: a branch, perhaps followed by a folder. `key` is the same however the address was written.
    """

    shown: str
    key: str
    url: str | None = None
    path: Path | None = None
    web: str | None = None
    ref: str = ""

    @property
    def slug(self) -> str:
        """A file name for it: readable, and different for different repositories."""
        readable = re.sub(r"[^a-z0-9]+", "-", self.key.lower()).strip("-")[-60:].strip("-")
        return f"{readable}-{hashlib.sha256(self.key.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"


def parse_address(text: str, base: Path) -> Address:
    """The address that `text` gives; a path is relative to `base`. Raises AuditError where it is none, or not a safe one."""
    text = text.strip().strip("<>\"'` ").strip()
    if not text:
        raise AuditError("no repository is given")
    if not text.isprintable() or len(text) > 2000:
        raise AuditError("the repository's address holds control characters, or is too long")
    if text.startswith("-"):
        raise AuditError(f"{text}: an address cannot begin with a hyphen")
    if HELPER.match(text):
        raise AuditError(f"{text}: addresses of this kind run a command; give an https or ssh address")
    scheme = SCHEME.match(text)
    if scheme:
        return from_url(text, scheme[1].lower())
    with suppress(RuntimeError, OSError, ValueError):  # nobody's home, or nothing that a path can be
        local = base / Path(text).expanduser()
        if local.exists():
            return from_path(local)
    scp = SCP.match(text)
    if scp:
        user = f"{scp[1]}@" if scp[1] else ""
        return from_url(f"ssh://{user}{scp[2]}/{scp[3].lstrip('/')}", "ssh")
    if BARE.match(text):
        return from_url(f"https://{text}", "https")
    raise AuditError(f"{text}: neither an address (https://host/owner/name) nor a folder on this machine")


def from_path(path: Path) -> Address:
    """A repository on this machine, read where it lies."""
    full = Path(os.path.normpath(path.absolute()))
    return Address(shown=str(full), key=str(full), path=full)


def from_url(text: str, scheme: str) -> Address:
    """A repository to be fetched. Raises AuditError."""
    if scheme not in SCHEMES:
        raise AuditError(f"{text}: git does not fetch from {scheme}; give an https or ssh address")
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise AuditError(f"{text}: not an address that can be read") from None
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    if scheme == "file":
        if host not in ("", "localhost"):
            raise AuditError(f"{text}: a file address names no host; give file:///path")
        if len(path) < 2:
            raise AuditError(f"{text}: names no repository")
        return Address(shown=f"file://{path}", key=f"file://{path}", url=f"file://{path}")
    if not HOST.match(host) or path.startswith("/-"):
        raise AuditError(f"{text}: not an address of a repository")
    if scheme in ("https", "http"):
        host = host.removeprefix("www.")
    names, ref = split_page(host, [part for part in path.split("/") if part])
    if not names or (len(names) < 2 and scheme in ("https", "http")):
        raise AuditError(f"{text}: names no repository; give https://{host or 'host'}/owner/name")
    names[-1] = names[-1].removesuffix(".git") or names[-1]
    place = host + (f":{port}" if port else "")
    full = "/".join(names)
    user = f"{parts.username}@" if scheme == "ssh" and parts.username else ""
    if user and not USER.match(user):
        raise AuditError(f"{text}: not an address of a repository")
    known = host in FLAT
    web = f"https://{host}/{full}" if "." in host and len(names) >= 2 and (port is None or scheme == "https") else None
    if web and port and scheme == "https":
        web = f"https://{place}/{full}"
    suffix = ".git" if known else ".git" if path.endswith(".git") else ""
    url = f"{scheme}://{user}{place}/{full}{suffix}"
    return Address(
        shown=web or url,
        key=f"{place}/{full.lower() if known else full}",
        url=url,
        web=web,
        ref=unquote(ref),
    )


def split_page(host: str, parts: list[str]) -> tuple[list[str], str]:
    """The names of a repository and the branch (with folder) of a page's path."""
    if "-" in parts:  # GitLab puts a hyphen between the repository and its pages
        cut = parts.index("-")
        names, page = parts[:cut], parts[cut + 1 :]
    elif host in FLAT:
        names, page = parts[:2], parts[2:]
    else:
        cut = next((n for n, part in enumerate(parts) if n >= 2 and part in PAGES), len(parts))
        names, page = parts[:cut], parts[cut:]
    if len(page) > 1 and page[0] in TREES:
        rest = page[2:] if page[0] == "src" and page[1] == "branch" else page[1:]
        return names, "/".join(rest)
    return names, ""
