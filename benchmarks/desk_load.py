"""What the desk costs under load: how long each page takes, and a thousand requests, twenty at a time.

    .venv/bin/python benchmarks/desk_load.py OUT [--groups 150]

OUT is a class run's folder; its groups are taken again and again until the class has as many as wanted. Nothing is written into OUT.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

from auditor.batch.class_folder import read_run
from auditor.batch.site import write_outputs
from auditor.records import replace
from auditor.result.class_run import GroupAudit

MOST_SECONDS = 0.2
"""What a page may take on an idle machine."""


def enlarged(out: Path, target: Path, number: int) -> list[str]:
    """A class of so many groups in the folder `target`, made of those in `out`; the names of its groups' pages."""
    groups = [
        replace(group, name=str(count), address=f"{group.address}/{count}")
        for count, group in enumerate(islice(cycle(read_run(out).groups), number), 1)
    ]
    write_outputs(target, "Load", None, lambda: iter(groups))
    return [f"group-{group.name}" for group in groups if isinstance(group, GroupAudit) and group.audit]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--groups", type=int, default=150)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pages = enlarged(given.out, Path(folder), given.groups)
        started = time.perf_counter()
        words = [sys.executable, "-m", "auditor", "serve", folder, "--no-browser", "--by", "load"]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            found = re.search(r":(\d+)/\?token=(\S+)", process.stdout.readline())
            assert found, "the desk did not start"
            print(f"{given.groups} groups, started in {time.perf_counter() - started:.1f} s")
            measure(int(found[1]), found[2], pages, given.requests, given.at_once)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(120)


def measure(port: int, token: str, pages: list[str], requests: int, at_once: int) -> None:
    """Each page by itself, then all of them at once."""
    local = threading.local()

    def ask(path: str) -> tuple[int, float]:
        connection = getattr(local, "connection", None)
        if connection is None:
            connection = local.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        start = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"auditor-desk-{port}={token}"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - start

    claims = ["M8.dvc", "M10.build", "M14.logging", "M17.matrix_cache", "M28.metrics", "X.diagram"]
    paths: dict[str, Callable[[], str]] = {
        "queue": lambda: "/",
        "queue, all": lambda: "/?state=all&order=group",
        "claim": lambda: f"/group/{random.choice(pages)}/claim/{random.choice(claims)}?order=claim",
        "group": lambda: f"/group/{random.choice(pages)}",
        "sheet": lambda: f"/group/{random.choice(pages)}/sheet",
        "feedback": lambda: f"/group/{random.choice(pages)}/feedback",
        "class": lambda: "/class",
    }
    for name, path in paths.items():
        ask(path())  # templates are compiled once
        times = [ask(path())[1] for _ in range(20)]
        slow = "" if max(times) <= MOST_SECONDS else "  <-- over 0.2 s"
        print(f"{name:12} median {statistics.median(times):.3f} s, longest {max(times):.3f} s{slow}")
    wanted = [random.choice(list(paths.values()))() for _ in range(requests)]
    start = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        answers = list(pool.map(ask, wanted))
    seconds = time.perf_counter() - start
    errors = [status for status, _ in answers if status >= 400]
    times = sorted(taken for _, taken in answers)
    print(
        f"{requests} requests, {at_once} at once: {seconds:.1f} s ({requests / seconds:.0f} a second), {len(errors)} errors, "
        f"median {statistics.median(times):.3f} s, 95 of 100 within {times[int(len(times) * 0.95)]:.3f} s"
    )
    raise SystemExit(1 if errors else 0)


if __name__ == "__main__":
    main()
