#!/usr/bin/env python3
"""Write the fingerprints of the report template's lines, one file per edition: fingerprint_report.py report-2026.md ...

The edition is the first number of four digits in the file's name. Only hashes are written, never the template's text.
An edition that the output holds already is replaced, the others stay.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from auditor.report.template import fingerprints

OUTPUT = Path(__file__).resolve().parent.parent / "rules" / "report_fingerprints.json"


def edition(path: Path) -> str:
    """The year in a file's name. Raises SystemExit where there is none."""
    found = re.search(r"\d{4}", path.name)
    if found is None:
        raise SystemExit(f"{path}: the file's name must hold the edition's year")
    return found.group()


def main() -> int:
    """Read the templates, merge them into the output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("templates", nargs="+", type=Path, metavar="TEMPLATE.md")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    known: dict[str, list[str]] = {}
    if arguments.output.exists():
        known = json.loads(arguments.output.read_text(encoding="utf-8"))["template_lines"]
    editions: dict[str, set[str]] = {}
    for mark, years in known.items():
        for year in years:
            editions.setdefault(year, set()).add(mark)
    for path in arguments.templates:
        editions[edition(path)] = fingerprints(path.read_text(encoding="utf-8").splitlines())
    lines = {
        mark: sorted(y for y in editions if mark in editions[y]) for mark in sorted(set().union(*editions.values()))
    }
    rows = ",\n".join(f"  {json.dumps(mark)}: {json.dumps(years)}" for mark, years in lines.items())
    arguments.output.write_text('{"template_lines": {\n' + rows + "\n}}\n", encoding="utf-8")
    print(f"{len(lines)} lines of {len(editions)} editions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
