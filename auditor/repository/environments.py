"""Virtual environments that lie in a repository: their packages are nobody's work there, whatever the folder is called."""

from __future__ import annotations

from collections.abc import Iterable

MARK = "pyvenv.cfg"
"""What makes a folder a virtual environment (Python documentation, "venv"; PEP 405)."""
INSIDE = ("bin", "Scripts", "lib", "lib64", "Lib", "include", "Include", "share", "etc", "man")
"""Folders that `python -m venv` and what is installed into it make there, on POSIX and on Windows."""
AT_ROOT = ("lib/python3", "lib64/python3", "Lib/site-packages/", "Scripts/")
"""The same where the repository itself was made an environment: `bin` and `share` may be the project's own."""


def virtual_environments(paths: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Each folder that is a virtual environment (the root as the empty string), with how the paths of its content begin."""
    folders = sorted(path[: -len(MARK)].rstrip("/") for path in paths if path == MARK or path.endswith("/" + MARK))
    return [(f, tuple(f"{f}/{name}/" for name in INSIDE) if f else AT_ROOT) for f in folders]
