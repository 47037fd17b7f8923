"""What this program costs against another installation of it, in pairs, in the four situations in which it is run.

    python benchmarks/against.py OTHER_PYTHON REPOSITORY... [--runs 3]

OTHER_PYTHON is the interpreter of an environment in which the other one is installed. A copy of each repository is made, at
rest for some seconds, and the two take turns, each going first in every other turn:

- `audit, new`: a repository that it has never seen, by a program that has run before on this machine;
- `audit, again` and `check, again`: nothing has changed since;
- `check, changed`: one Python file of the repository was changed since.

What is compared is processor time (user and system, of all processes, start-up included), because it depends less than time on
the wall on what else the machine does; and each run only with its neighbour, because it depends on that too. Prints for each
repository the median ratio of its pairs, and over all of them the median, the least and the greatest, and the ratio of the
sums. The user's own cache is left alone (on Linux; elsewhere the programs' cache folder cannot be set from outside).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SITUATIONS = ("audit, new", "audit, again", "check, again", "check, changed")
REST = 2.5
"""Seconds without a change before a repository is audited: what changed just now is not believed to be the same later."""


def processor_seconds(python: str, command: str, repository: Path, cache: Path, apart: Path) -> float:
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


class Turns:
    """The two programs on one copy of a repository."""

    def __init__(self, other: str, repository: Path, folder: Path) -> None:
        self.other = other
        self.copy = folder / "repository"
        shutil.copytree(repository, self.copy, symlinks=True)
        found = (path.relative_to(self.copy) for path in sorted(self.copy.rglob("*.py")) if ".venv" not in path.parts)
        self.changed = next(found, None)
        self.apart = folder / "apart"
        self.apart.mkdir()
        self.caches = {other: folder / "other", sys.executable: folder / "this"}
        self.turn = 0
        sample = folder / "sample"
        sample.mkdir()
        (sample / "reports").mkdir()
        (sample / "reports" / "README.md").write_text("- [x] Create a git repository\n")
        for command in ("init -q", "add -A", "-c user.name=Ada -c user.email=ada@example.org commit -qm first"):
            subprocess.run(["git", *command.split()], cwd=sample, check=True)
        for python, cache in self.caches.items():
            processor_seconds(python, "audit", sample, cache, self.apart)

    def pairs(self, runs: int) -> dict[str, list[tuple[float, float]]]:
        """By situation the costs of the other and of this program, one pair a turn."""
        found: dict[str, list[tuple[float, float]]] = {situation: [] for situation in SITUATIONS}
        for _ in range(runs):
            for situation, costs in self._turn():
                found[situation].append((costs[self.other], costs[sys.executable]))
        return found

    def _turn(self) -> Iterator[tuple[str, dict[str, float]]]:
        self.turn += 1
        moved = self.copy.with_name(f"repository-{self.turn}")
        self.copy = self.copy.rename(moved)  # under another name it is one that nobody has seen
        time.sleep(REST)
        for situation in SITUATIONS:
            command = situation.partition(",")[0]
            if situation == "check, again":
                self._both(command)
            if situation == "check, changed" and self.changed is not None:
                with (self.copy / self.changed).open("ab") as file:
                    file.write(b"# changed\n")
                time.sleep(REST)
            yield situation, self._both(command)

    def _both(self, command: str) -> dict[str, float]:
        order = (self.other, sys.executable) if self.turn % 2 else (sys.executable, self.other)
        return {one: processor_seconds(one, command, self.copy, self.caches[one], self.apart) for one in order}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other")
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    ratios: dict[str, list[float]] = {situation: [] for situation in SITUATIONS}
    sums = {situation: [0.0, 0.0] for situation in SITUATIONS}
    for number, repository in enumerate(args.repositories, 1):
        told = []
        with tempfile.TemporaryDirectory() as folder:
            measured = Turns(args.other, repository.resolve(), Path(folder)).pairs(args.runs)
        for situation, found in measured.items():
            ratio = statistics.median(mine / other for other, mine in found)
            ratios[situation].append(ratio)
            for place, costs in enumerate(zip(*found, strict=True)):
                sums[situation][place] += statistics.median(costs)
            told.append(f"{situation} {ratio:.2f}")
        print(f"{number:3}  {'   '.join(told)}", flush=True)
    for situation, all_of_it in ratios.items():
        other, mine = sums[situation]
        print(
            f"{situation}: median {statistics.median(all_of_it):.2f}, from {min(all_of_it):.2f} to {max(all_of_it):.2f}; "
            f"sums {other:.1f} s and {mine:.1f} s, ratio {mine / other:.2f}"
        )


if __name__ == "__main__":
    main()
