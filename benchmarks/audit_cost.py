"""What one audit costs, as a ratio to parsing the repository's Python files with libcst once.

    python benchmarks/audit_cost.py [REPOSITORY] [--runs 5]

Without REPOSITORY a sample group is built and audited. Prints medians in seconds: the whole command (start-up included),
start-up alone, parsing alone, and the ratio of the first to the last. A ratio holds on any machine; seconds do not.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import libcst

from auditor.repository.opening import open_snapshot
from auditor.samples import build_samples


def median(action: Callable[[], object], runs: int) -> float:
    """Median seconds of `action`, after one run that is not counted."""
    times = []
    for number in range(runs + 1):
        start = time.perf_counter()
        action()
        if number:
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def command(*words: str) -> Callable[[], object]:
    """A run of the program as a user starts it."""
    return lambda: subprocess.run(
        [sys.executable, "-m", "auditor", *words], check=False, capture_output=True, stdin=subprocess.DEVNULL
    )


def sources(repository: Path) -> list[str]:
    """Text of the repository's Python files."""
    with open_snapshot(repository) as snapshot:
        return [snapshot.text(path) or "" for path in snapshot.find("*.py")]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", nargs="?", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repository = args.repository or build_samples(Path(folder))[-1]
        texts = sources(repository)
        lines = sum(text.count("\n") for text in texts)
        whole = median(command("audit", str(repository), "--format", "json"), args.runs)
        start = median(command("--version"), args.runs)
        parse = median(lambda: [libcst.parse_module(text) for text in texts], args.runs)
    print(f"{len(texts)} Python files, {lines:,} lines")
    print(f"whole audit   {whole:6.2f} s")
    print(f"start-up      {start:6.2f} s")
    print(f"libcst parse  {parse:6.2f} s")
    print(f"ratio         {whole / parse:6.1f}")


if __name__ == "__main__":
    main()
