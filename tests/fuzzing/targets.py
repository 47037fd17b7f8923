"""All targets by name."""

from __future__ import annotations

from importlib import import_module

from fuzzing.registry import TARGETS, Target

MODULES = ("file_targets", "code_targets", "report_targets", "user_targets", "output_targets")


def all_targets() -> dict[str, Target]:
    """Every target, in the order of the modules."""
    for name in MODULES:
        import_module(f"fuzzing.{name}")
    return TARGETS
