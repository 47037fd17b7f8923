"""What `auditor check` costs: the first time in a repository, and when it is known from before.

    python benchmarks/check_cost.py [REPOSITORY ...] [--runs 7]

Without REPOSITORY the sample groups are built and checked. Prints for each the medians of wall and processor time in seconds
(start-up included, user and system, of all processes): `audit`, which remembers nothing; `first`, with an empty memory;
`again`, with what the run before it left. The three take turns, so that a machine that slows down slows all of them. The
user's own cache is left alone (on Linux; elsewhere the programs' cache folder cannot be set from outside).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from auditor.samples import build_samples

Cost = tuple[float, float]
"""Wall and processor seconds."""


def run(command: str, repository: Path, cache: Path) -> Cost:
    """What one run of `auditor COMMAND` costs."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "auditor", command, str(repository)],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env=environment | {"XDG_CACHE_HOME": str(cache)},
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def costs(repository: Path, runs: int) -> dict[str, list[Cost]]:
    """The costs of each kind of run, taken in turn; the first turn is not counted."""
    found: dict[str, list[Cost]] = {"audit": [], "first": [], "again": []}
    for number in range(runs + 1):
        with tempfile.TemporaryDirectory() as folder:
            turn = [
                run("audit", repository, Path(folder)),
                run("check", repository, Path(folder)),
                run("check", repository, Path(folder)),
            ]
        if number:
            for kind, cost in zip(found, turn, strict=True):
                found[kind].append(cost)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for repository in args.repositories or build_samples(Path(folder)):
            print(f"{repository.name}")
            for kind, found in costs(repository, args.runs).items():
                wall, processor = (statistics.median(values) for values in zip(*found, strict=True))
                print(f"  {kind:6} {wall:6.2f} s wall {processor:6.2f} s processor")


if __name__ == "__main__":
    main()
