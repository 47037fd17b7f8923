"""What a course's template looks like: digests of its lines and figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from auditor.errors import AuditError
from auditor.records import Record, field


class Fingerprints(Record, dict=True):
    """A template as hashes. Lines by role; figures as SHA-256 and by their name in git."""

    lines: Mapping[str, frozenset[str]] = field(default_factory=dict)
    figures: frozenset[str] = frozenset()

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Roles by the name of their file."""
        return self._by(file_name)

    @cached_property
    def by_kind(self) -> dict[str, tuple[str, ...]]:
        """Roles by the kind of their text."""
        return self._by(text_kind)

    def _by(self, key: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for role in self.lines:
            found[key(role)] = (*found.get(key(role), ()), role)
        return found


def file_name(path: str) -> str:
    """Name by which files are compared: lower case, `.yml` as `.yaml`."""
    name = path.rpartition("/")[2].lower()
    return name.removesuffix(".yml") + ".yaml" if name.endswith(".yml") else name


def text_kind(path: str) -> str:
    """Kind of text, which says what a comment is: `py`, `yaml`, `md`, `dockerfile`, ... (the suffix, or the name)."""
    name = file_name(path)
    if name.endswith("dockerfile") or name.startswith("dockerfile"):
        return "dockerfile"
    stem, dot, suffix = name.rpartition(".")
    return suffix if dot and stem else name


def load_fingerprints(path: Path) -> Fingerprints:
    """Fingerprints from what `scripts/fingerprint_template.py` wrote. Raises AuditError where a file is none such."""
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Fingerprints(
            lines={role: frozenset(known["lines"].split()) for role, known in stored["roles"].items()},
            figures=frozenset(stored["figures"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AuditError(
            f"{path}: no fingerprints of a template ({error}); make them with fingerprint_template"
        ) from None
