"""What in a repository is somebody else's: installed packages, vendored code, what tools left behind."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.patterns import pattern

FOREIGN_FOLDERS = frozenset(
    """site-packages dist-packages node_modules .ipynb_checkpoints __pypackages__ .tox .nox third_party _vendor vendor
    vendored .git __pycache__ virtualenv .venv""".split()
)
"""Folders that hold what a tool put there, or what is declared to be others' work by its name."""

FOREIGN_PATH = pattern(
    r"(^|/)(lib/python3[^/]*|lib64/python3[^/]*|build/lib|wandb/(run|offline-run)-[^/]+|mlruns/[^/]+)/"
)
"""Installed packages, build output (setuptools), and the copies of code that experiment trackers make."""


def foreign_folders(paths: Iterable[str]) -> tuple[str, ...]:
    """Folders whose content came with a package: unpacked distributions. Virtual environments are not listed at all."""
    found = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name == "PKG-INFO" and not folder.endswith(".egg-info"):
            found.add(folder)
        elif name in ("METADATA", "RECORD") and folder.endswith(".dist-info"):
            found.add(folder.rpartition("/")[0])
    return tuple(f"{folder}/" for folder in sorted(found) if folder)


def is_vendored(path: str, foreign: tuple[str, ...] = ()) -> bool:
    """Whether a file is not the project's own, with the result of `foreign_folders`."""
    folders = path.lower().split("/")[:-1]
    return not FOREIGN_FOLDERS.isdisjoint(folders) or path.startswith(foreign) or bool(FOREIGN_PATH.search(path))
