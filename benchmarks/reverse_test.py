"""The reverse test: without its evidence, a claim must no longer be supported.

    python benchmarks/reverse_test.py --corpus DIR --labels DIR [--most 150] [--seed 1] [--list]

DIR of --corpus holds checkouts, DIR of --labels a TSV file for each (columns: claim id, ticked, verdict, confidence, evidence,
note). For a claim labelled supported, the files that its label gives as evidence are deleted in a copy of the repository, the
deletion is committed, and the repository is audited again. Prints in how many of such cuts the claim is no longer
supported, and for the others what it is supported by instead: evidence that the label did not list.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from auditor import audit
from auditor.records import Record

_PATH = re.compile(r"([\w@.+ -]+(?:/[\w@.+ -]+)*/?)(?::\d+(?:-\d+)?)?")
NOT_FILES = ("M5.git", "M5.access", "X.revisit", "X.understanding", "X.uploaded")
"""Claims whose evidence is history, or the whole repository."""


class Cut(Record):
    """One claim of one repository and the files to delete."""

    repository: Path
    claim: str
    files: tuple[str, ...]


def cuts(corpus: Path, labels: Path) -> Iterator[Cut]:
    """Every claim labelled supported with the files of its evidence; the report is never cut."""
    for file in sorted(labels.glob("*.tsv")):
        repository = corpus / file.stem
        if not repository.exists():
            continue
        with file.open(newline="", encoding="utf-8") as lines:
            for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if len(row) < 5 or row[2] != "supported" or row[0] in NOT_FILES:
                    continue
                named = {match[1].strip() for part in row[4].split(";") for match in _PATH.finditer(part)}
                files = tuple(sorted(name for name in named if is_evidence(repository, name)))
                if files:
                    yield Cut(repository, row[0], files)


def is_evidence(repository: Path, name: str) -> bool:
    """Whether a word of a label's evidence is a tracked file, or a folder written with a slash; the report is neither."""
    if not name.strip("./") or name.startswith(("reports/README", "..")):
        return False
    path = repository / name
    return path.is_file() or (name.endswith("/") and path.is_dir())


def without(cut: Cut) -> tuple[Cut, str, str]:
    """The verdict on the claim, and what it rests on, after the cut."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "repository"
        shutil.copytree(cut.repository, copy, symlinks=True)
        git = [
            "git",
            "-C",
            str(copy),
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.org",
        ]
        subprocess.run([*git, "rm", "-r", "-q", "-f", "--", *cut.files], check=True, capture_output=True)
        # not `commit`, which asks for every object: a stored copy may lack its largest
        tree = said([*git, "write-tree", "--missing-ok"])
        subprocess.run(
            [*git, "update-ref", "HEAD", said([*git, "commit-tree", tree, "-p", "HEAD", "-m", "cut"])], check=True
        )
        claim = audit(copy, select=[cut.claim]).claim(cut.claim)
        places = [f"{place.path}:{place.line}" for part in claim.parts for place in part.evidence[:2]]
        return cut, str(claim.verdict), ", ".join(places)


def said(command: list[str]) -> str:
    """What a git command prints, in one line."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    """Make the cuts and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--most", type=int, default=150, help="cuts at most, chosen at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="list the cuts that did not change the verdict")
    args = parser.parse_args()
    chosen = list(cuts(args.corpus, args.labels))
    random.Random(args.seed).shuffle(chosen)
    chosen = chosen[: args.most]
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(without, chosen))
    still = [result for result in results if result[1] == "supported"]
    print(f"{len(results) - len(still)} of {len(results)} cuts leave the claim no longer supported")
    if args.list:
        for number, (cut, _, places) in enumerate(sorted(still, key=lambda result: result[0].claim), start=1):
            print(f"{number:3}  {cut.claim:22} cut: {', '.join(cut.files)[:90]}\n     rests on: {places[:160]}")


if __name__ == "__main__":
    main()
