"""Where a repository is hosted: owner and name, from the address of its remote."""

from __future__ import annotations

import re

from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

_ADDRESS = pattern(
    r"^(?:[a-z+]+://)?(?:[^@/\s]+@)?([\w.-]+\.[a-z]{2,})(?::\d+)?[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?$", re.IGNORECASE
)
"""`https://host/owner/name.git`, `git@host:owner/name.git`, `ssh://git@host/owner/name` (git-clone, "GIT URLS")."""


class Hosting(Record):
    """Host, owner and name; empty where the clone has no remote, or one on this machine."""

    host: str = ""
    owner: str = ""
    name: str = ""


@fact
def read_hosting(snapshot: Snapshot) -> Hosting:
    """Where `origin` is."""
    address = snapshot.git.origin.url if snapshot.git else ""
    found = _ADDRESS.match(address.strip()[:500])
    return Hosting(*found.groups()) if found else Hosting()
