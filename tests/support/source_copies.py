"""The program's own files as somebody gets them who uses it from a checkout, and what installs it without a network."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from support.checkout import ROOT

SHIPPED = (
    *("auditor", "rules", "fixtures/projects", "pyproject.toml", "constraints.txt", "README.md", "LICENSE"),
    *("action.yml", ".pre-commit-hooks.yaml"),
)
"""What a checkout needs for the action and the hook to work."""

SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
"""Where this environment has the dependencies, and hatchling, which builds the program."""

OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # an option that is off by being named is set by a false value (pip, "Configuration")
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_NO_WARN_SCRIPT_LOCATION": "0",
}
"""With these pip installs a checkout from what is here, or fails."""


def copy_sources(target: Path) -> Path:
    """A copy of the files that a checkout needs; returns `target`."""
    for name in SHIPPED:
        source, place = ROOT / name, target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place)
    return target


def python_that_shares(folder: Path) -> Path:
    """A `python` for `-m venv`: the environments that it makes find the packages of this one, but not its editable install."""
    lib = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    script = folder / "python"
    script.write_text(
        "#!/bin/sh\n"
        f'"{sys.executable}" "$@" || exit\n'
        "for last; do :; done\n"
        f'case " $* " in *" -m venv "*) echo "{SITE_PACKAGES}" >"$last/{lib}/shared.pth" ;; esac\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    return script
