"""Where a link of the report or a document leads: a path in the repository, or an address elsewhere."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from auditor.facts.hosting import Hosting
from auditor.report.descriptions import beside

_FILE_ON_HOST = re.compile(r"^/([^/]+)/([^/]+)/(?:-/)?(?:blob|tree|raw)/([^/]+)/(.+)$")
"""Path of a link to a file on GitHub or GitLab: owner, name, branch or commit, path."""


def local(target: str) -> bool:
    """Whether a target is a path, not an address."""
    return bool(target) and "://" not in target and not target.startswith(("#", "data:", "mailto:", "//"))


def linked_path(target: str, report: str, hosting: Hosting) -> str | None:
    """The path in this repository that a link means: a relative one, or an address of a file on its host.

    A link to a commit (40 hexadecimal digits) may show what is gone since, and is left alone.
    """
    if local(target):
        return unquote(beside(report, target))
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
