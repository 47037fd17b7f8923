"""Known vulnerabilities of the pinned dependencies, by pip-audit.

    python scripts/vulnerabilities.py [constraints.txt]

Installs pip-audit into a temporary environment and asks it about every pin. Exit status 1 where one is known to be vulnerable; 0
where none is, or where the package index does not offer the advisories, which is said in a line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

SECONDS = 300
"""Longest time for pip, and for pip-audit."""


def report(pins: Path) -> dict[str, Any]:
    """What pip-audit says of the pins, as its JSON ("pip-audit", README). Raises OSError or ValueError where it says nothing."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        run = [str(python), "-m"]
        subprocess.run(
            [*run, "pip", "install", "-q", "pip-audit>=2.9,<3"], check=True, timeout=SECONDS, capture_output=True
        )
        asked = subprocess.run(
            [
                *(*run, "pip_audit", "-r", str(pins), "--no-deps", "--disable-pip"),
                *("--timeout", "10", "--progress-spinner", "off", "--format", "json"),
            ],
            check=False,
            timeout=SECONDS,
            capture_output=True,
            text=True,
        )
        found: dict[str, Any] = json.loads(asked.stdout)
        return found


def main() -> int:
    """Ask, and print a line for each vulnerability and one in sum."""
    pins = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "constraints.txt"
    try:
        packages = report(pins)["dependencies"]
    except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
        print(f"vulnerabilities: could not be asked for ({type(error).__name__})")
        return 0
    skipped = [one for one in packages if "skip_reason" in one]
    hit = [one for one in packages if one.get("vulns")]
    for one in hit:
        for known in one["vulns"]:
            mended = ", ".join(known["fix_versions"]) or "no version"
            print(f"{one['name']} {one['version']}: {known['id']}, mended in {mended}")
    print(
        f"vulnerabilities: {len(hit)} of {len(packages) - len(skipped)} pins; {len(skipped)} not known to the index here"
    )
    return 1 if hit else 0


if __name__ == "__main__":
    sys.exit(main())
