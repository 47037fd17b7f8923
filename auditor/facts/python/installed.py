"""Which packages the project installs, as far as a first look at its files of requirements tells."""

from __future__ import annotations

import re
from functools import cached_property

from auditor.repository.snapshot import Snapshot

MANIFESTS = tuple(
    """*requirements*.txt *requirements*.in pyproject.toml setup.py setup.cfg environment*.y*ml pipfile pixi.toml""".split()
)
MOST = 50
CHARACTERS = 200_000


class Installed:
    """Answers for one repository; what the files declare in full is the fact `Dependencies`, which knows the code already."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def has(self, name: str) -> bool:
        """Whether a line of a manifest begins with the package's name."""
        return name.lower().replace("_", "-") in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        found: set[str] = set()
        for path in self._snapshot.named(*MANIFESTS)[:MOST]:
            text = (self._snapshot.text(path) or "")[:CHARACTERS]
            words = re.findall(
                r"^[ \t\[,-]*[\"']?([A-Za-z][\w.-]*)[\"']?[ \t]*(?:[\[=<>~!;,\"']|$)", text, re.MULTILINE
            )
            found.update(word.lower().replace("_", "-").rstrip(".") for word in words)
        return frozenset(found)
