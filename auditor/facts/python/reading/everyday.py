"""Words that say little about code, for everybody uses them."""

from __future__ import annotations

EVERYDAY = frozenset(
    """train test val valid validate validation eval evaluate predict main data model loss load""".split()
)
"""Words that strings hold for other reasons than naming a function."""
