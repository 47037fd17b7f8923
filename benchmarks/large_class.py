"""The largest class of all, on a Dask cluster of two workers of which one is killed in between.

    python benchmarks/large_class.py [REPOSITORY ...] [--groups 1000]

Each REPOSITORY and each sample group is cloned as a bare repository, in turn, until there are as many as asked for. The run starts a
scheduler and two workers on this machine, kills one worker with all that it started after a third of the groups, and prints for each
tenth of the run the memory of the run's own process, of the scheduler and of the workers with their children, in MiB. At its end every
group must have a result: the exit status is 1 where one is lost.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from class_cost import origins

from auditor.samples import build_samples

DASK = str(Path(sys.executable).with_name("dask"))


def memory(processes: Sequence[subprocess.Popen[str]]) -> float:
    """Resident memory of processes and of all below them."""
    size = 0
    for process in processes:
        try:
            first = psutil.Process(process.pid)
            size += sum(one.memory_info().rss for one in (first, *first.children(recursive=True)))
        except psutil.Error:
            continue
    return size / 2**20


def ended(process: subprocess.Popen[str]) -> None:
    """End a process with all that it started."""
    try:
        below = psutil.Process(process.pid).children(recursive=True)
    except psutil.Error:
        below = []
    for one in below:
        try:
            one.kill()
        except psutil.Error:
            continue
    process.send_signal(signal.SIGKILL)
    process.wait()


def main() -> int:
    """Run, measure, and see that nothing is lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--groups", type=int, default=1000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sources = [*(path.absolute() for path in args.repositories), *build_samples(folder / "samples")]
        paths = origins(sources, folder, args.groups)
        (folder / "class.txt").write_text("".join(f"file://{path}\n" for path in paths))
        address = folder / "scheduler.json"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        scheduler = started(
            [DASK, "scheduler", "--scheduler-file", str(address), "--no-dashboard", "--port", "0"], folder, quiet
        )
        while not address.exists():
            time.sleep(0.1)
        worker = [
            DASK,
            "worker",
            "--scheduler-file",
            str(address),
            "--nworkers",
            "1",
            "--nthreads",
            "1",
            "--no-dashboard",
        ]
        workers = [started(worker, folder, quiet) for _ in range(2)]
        at = json.loads(address.read_text())["address"]
        begun = time.perf_counter()
        run = subprocess.Popen(
            [
                *(sys.executable, "-m", "auditor", "batch", str(folder / "class.txt"), "--scheduler", at),
                *("--out", str(folder / "out"), "--cache", str(folder / "cache"), "--progress", "log"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        step = max(1, args.groups // 10)
        print("groups  wall s  run MiB  scheduler MiB  workers MiB")
        assert run.stderr is not None
        for done, _ in enumerate(run.stderr, start=1):  # a line for each group
            if done == args.groups // 3:
                ended(workers.pop())
                print(f"{done:6}  one worker is killed")
            if done % step == 0:
                sizes = memory([run]), memory([scheduler]), memory(workers)
                print(
                    f"{done:6}  {time.perf_counter() - begun:6.0f}  {sizes[0]:7.0f}  {sizes[1]:13.0f}  {sizes[2]:11.0f}"
                )
        status = run.wait()
        for process in (*workers, scheduler):
            ended(process)
        groups = json.loads((folder / "out" / "results.json").read_text())["groups"]
        lost = [group["group"] for group in groups if not group["audit"]]
        print(f"{len(groups)} groups, {len(lost)} without a result; exit status {status}")
    return 0 if status in (0, 1) and len(groups) == args.groups and not lost else 1


def started(command: list[str], folder: Path, streams: dict[str, int]) -> subprocess.Popen[str]:
    """A process of the cluster."""
    return subprocess.Popen(command, cwd=folder, stdout=streams["stdout"], stderr=streams["stderr"], text=True)


if __name__ == "__main__":
    sys.exit(main())
