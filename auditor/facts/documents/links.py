"""Where a link of the report or a document leads: a path in the repository, or an address elsewhere."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from auditor.facts.history.hosting import Hosting
from auditor.patterns import pattern

_FILE_ON_HOST = pattern(r"^/([^/]+)/([^/]+)/(?:-/)?(?:blob|tree|raw)/([^/]+)/(.+)$")
"""Path of a link to a file on GitHub or GitLab: owner, name, branch or commit, path."""


_SCHEME = pattern(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""How an address begins (RFC 3986, "Scheme"). A single letter is a drive."""


def local(target: str) -> bool:
    """Whether a target is a path, not an address."""
    return bool(target) and not target.startswith(("#", "//")) and _SCHEME.match(target) is None


def local_path(document: str, target: str) -> str | None:
    """The path in the repository that a target in `document` means.

    None for addresses, places within the document, and what climbs out of the repository: on a hosting site `../../issues` is a
    page beside the files.
    """
    if not local(target):
        return None
    path = unquote(target.split("#")[0].split("?")[0]).strip()
    parts = [] if path.startswith("/") else document.split("/")[:-1]
    for part in path.split("/"):
        if part == ".." and not parts:
            return None
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def linked_path(target: str, report: str, hosting: Hosting) -> str | None:
    """The path in this repository that a link means: a relative one, or an address of a file on its host.

    A link to a commit (40 hexadecimal digits) may show what is gone since, and is left alone.
    """
    if local(target):
        return local_path(report, target)
    try:
        parts = urlsplit(target[:2000])
    except ValueError:  # no address at all, `http://[`
        return None
    match = _FILE_ON_HOST.match(unquote(parts.path))
    if match is None or not hosting.name:
        return None
    owner, name, revision, path = match.groups()
    same = (owner.lower(), name.lower()) == (hosting.owner.lower(), hosting.name.lower())
    if not same or re.fullmatch(r"[0-9a-f]{7,40}", revision):
        return None
    return path.strip("/") if revision in ("main", "master", "HEAD") else None
