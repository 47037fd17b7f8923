"""How names of distributions are compared."""

from __future__ import annotations


def canonical_name(name: str) -> str:
    """A distribution's name as all spellings of it have it (PEP 503): `scikit-learn` for `Scikit_Learn`."""
    name = name.lower().replace("_", "-").replace(".", "-")
    while "--" in name:
        name = name.replace("--", "-")
    return name
