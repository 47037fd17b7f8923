"""What a class run costs: cold, warm, and with fewer groups.

    python benchmarks/class_cost.py [REPOSITORY ...] [--groups 150] [--jobs 2]

Each REPOSITORY (a checkout or a bare repository) and each sample group is cloned as a bare repository, in turn, until there are
as many as asked for. The run fetches them from there, and another one reads them where they lie. Prints wall and CPU seconds (all processes of the run, git's included),
and the largest memory of the whole tree of processes and of the first process alone, in MiB.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from auditor.records import Record
from auditor.samples import build_samples


class Cost(Record):
    """Seconds of wall and CPU, and peak resident memory in MiB."""

    wall: float
    cpu: float
    tree: float
    first: float
    status: int


def origins(sources: list[Path], folder: Path, count: int) -> list[Path]:
    """`count` bare repositories in `folder`, made of `sources` in turn."""
    made = []
    for number, source in zip(range(count), itertools.cycle(sources)):
        target = folder / f"{number:03}.git"
        subprocess.run(["git", "clone", "--quiet", "--bare", str(source), str(target)], check=True)
        made.append(target)
    return made


def measured(command: list[str]) -> Cost:
    """What running `command` costs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    peaks = [0.0, 0.0]
    over = threading.Event()

    def watch() -> None:
        first = psutil.Process(process.pid)
        while not over.wait(0.1):
            try:
                sizes = [one.memory_info().rss for one in (first, *first.children(recursive=True))]
            except psutil.Error:
                continue
            peaks[0] = max(peaks[0], sum(sizes) / 2**20)
            peaks[1] = max(peaks[1], sizes[0] / 2**20)

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait()
    over.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.perf_counter() - start, cpu, peaks[0], peaks[1], status)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--groups", type=int, default=150)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sources = [*(path.absolute() for path in args.repositories), *build_samples(folder / "samples")]
        paths = origins(sources, folder, args.groups)
        print(f"{len(sources)} repositories, {args.jobs} jobs, {os.cpu_count()} processors")
        print("run             groups   wall s    CPU s  CPU/group  tree MiB  first MiB  status")
        for name, count, cache, prefix in (
            ("cold, a third", args.groups // 3, "third", "file://"),
            ("cold", args.groups, "all", "file://"),
            ("warm", args.groups, "all", "file://"),
            ("cold, in place", args.groups, "place", ""),
        ):
            (folder / "class.txt").write_text("".join(f"{prefix}{path}\n" for path in paths[:count]))
            cost = measured(
                [
                    *(sys.executable, "-m", "auditor", "batch", str(folder / "class.txt"), "--jobs", str(args.jobs)),
                    *("--out", str(folder / f"out-{cache}"), "--cache", str(folder / cache), "--progress", "quiet"),
                ]
            )
            print(
                f"{name:14}  {count:6}  {cost.wall:7.1f}  {cost.cpu:7.1f}  {cost.cpu / count:9.2f}  {cost.tree:8.0f}"
                f"  {cost.first:9.0f}  {cost.status:6}"
            )
        size = sum(path.stat().st_size for path in (folder / "out-all").iterdir())
        print(
            f"output {size / 2**20:.1f} MiB, index.html {(folder / 'out-all' / 'index.html').stat().st_size / 2**20:.2f} MiB"
        )


if __name__ == "__main__":
    main()
