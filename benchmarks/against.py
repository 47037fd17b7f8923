"""What this program costs against another installation of it, in pairs.

    python benchmarks/against.py OTHER_PYTHON REPOSITORY... [--runs 3]

OTHER_PYTHON is the interpreter of an environment in which the other one is installed. For each repository the two take turns,
each going first in every other turn: `audit`, and `check` where the repository is known from before. What is compared is
processor time (user and system, of all processes, start-up included), because it depends less than time on the wall on what
else the machine does; and each run only with its neighbour, because it depends on that too. Prints for each repository the
median ratio of its pairs, and over all of them the median, the least and the greatest, and the ratio of the sums. The users'
own cache is left alone (on Linux; elsewhere the programs' cache folder cannot be set from outside).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

COMMANDS = ("audit", "check")


def processor_seconds(python: str, command: str, repository: Path, cache: Path, apart: str) -> float:
    """What one run of `auditor COMMAND` costs. `apart` is a folder in which no module lies."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if python != sys.executable:
        environment.pop("PYTHONPATH", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [python, "-m", "auditor", command, str(repository)],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd=apart,
        env=environment | {"XDG_CACHE_HOME": str(cache)},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{python}: {command} {repository}: {done.stderr.decode(errors='replace').strip()}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pairs(other: str, repository: Path, runs: int) -> dict[str, list[tuple[float, float]]]:
    """By command the costs of the other and of this program, one pair a turn; a turn before them is not counted."""
    found: dict[str, list[tuple[float, float]]] = {command: [] for command in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        caches = {other: Path(folder) / "other", sys.executable: Path(folder) / "this"}
        for turn in range(runs + 1):
            for command in COMMANDS:
                order = (other, sys.executable) if turn % 2 else (sys.executable, other)
                costs = {one: processor_seconds(one, command, repository, caches[one], folder) for one in order}
                if turn:
                    found[command].append((costs[other], costs[sys.executable]))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other")
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    ratios: dict[str, list[float]] = {command: [] for command in COMMANDS}
    sums = {command: [0.0, 0.0] for command in COMMANDS}
    for number, repository in enumerate(args.repositories, 1):
        told = []
        for command, found in pairs(args.other, repository.resolve(), args.runs).items():
            ratio = statistics.median(mine / other for other, mine in found)
            ratios[command].append(ratio)
            for place, costs in enumerate(zip(*found, strict=True)):
                sums[command][place] += statistics.median(costs)
            told.append(f"{command} {ratio:.2f}")
        print(f"{number:3}  {'  '.join(told)}", flush=True)
    for command, all_of_it in ratios.items():
        other, mine = sums[command]
        print(
            f"{command}: median {statistics.median(all_of_it):.2f}, from {min(all_of_it):.2f} to {max(all_of_it):.2f}; "
            f"sums {other:.1f} s and {mine:.1f} s, ratio {mine / other:.2f}"
        )


if __name__ == "__main__":
    main()
