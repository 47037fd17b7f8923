"""Take fingerprints of the lines of a course's report template, for one edition or several.

    python scripts/fingerprint_report.py report-2027.md... [--edition 2027] [--output rules/report_fingerprints.json]

The edition is the first number of four digits in the file's name; for a file without one, such as `reports/README.md` of the
course's repository, `--edition` says it. Only hashes are written, never the template's text. An edition that the output holds
already is replaced, the others stay. The output is made where it is missing; another course names its own.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from auditor.report.template import fingerprints

OUTPUT = Path(__file__).resolve().parent.parent / "rules" / "report_fingerprints.json"


class UnusableError(Exception):
    """A file that cannot be used, and why."""


def edition_of(path: Path, given: str | None) -> str:
    """The edition that is given, or the year in the file's name. Raises UnusableError where there is neither."""
    found = re.search(r"\d{4}", path.name)
    if given is None and found is None:
        raise UnusableError(f"{path}: the file's name holds no year; say it with --edition")
    return given or (found.group() if found else "")


def read_known(output: Path) -> dict[str, set[str]]:
    """The fingerprints that the output holds, by edition. Raises UnusableError where it holds something else."""
    if not output.exists():
        return {}
    editions: dict[str, set[str]] = {}
    try:
        for mark, years in json.loads(output.read_text(encoding="utf-8"))["template_lines"].items():
            for year in years:
                editions.setdefault(year, set()).add(mark)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise UnusableError(f"{output}: holds no fingerprints of a report") from None
    return editions


def as_text(editions: Mapping[str, set[str]]) -> str:
    """The output: each fingerprint with the editions that have it, sorted, a line each."""
    marks = sorted(set().union(*editions.values()))
    rows = (f"  {json.dumps(mark)}: {json.dumps(sorted(y for y in editions if mark in editions[y]))}" for mark in marks)
    return '{"template_lines": {\n' + ",\n".join(rows) + "\n}}\n"


def main() -> int:
    """Read the templates, merge them into the output. Exit status 2 where that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("templates", nargs="+", type=Path, metavar="TEMPLATE.md")
    parser.add_argument("--edition", metavar="YEAR", help="the edition, where the file's name does not say it")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    options = parser.parse_args()
    try:
        editions = read_known(options.output)
        new: dict[str, set[str]] = {}
        for path in options.templates:
            lines = path.read_text(encoding="utf-8").splitlines()
            new.setdefault(edition_of(path, options.edition), set()).update(fingerprints(lines))
        editions |= new
        options.output.write_text(as_text(editions), encoding="utf-8")
    except (UnusableError, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    for year, marks in sorted(new.items()):
        print(f"{year}: {len(marks)} lines")
    print(f"{options.output.name}: {len(set().union(*editions.values()))} lines of {len(editions)} editions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
