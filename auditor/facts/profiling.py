"""What profiling leaves behind: output that was committed, and profilers that configuration files switch on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.evidence import Evidence
from auditor.facts.configs import Configs
from auditor.injection import fact
from auditor.snapshot import Snapshot

OUTPUTS = (
    "*.prof", "*.pstat", "*.pstats", "*.cprof", "*.lprof", "*.pt.trace.json", "*.pt.trace.json.gz", "*.speedscope.json",
    "*profil*.json", "*profil*.json.gz", "*trace*.json", "*profil*.txt", "*profil*.html", "*profil*.svg", "*profil*.csv", "*flamegraph*.svg",
    "mprofile_*.dat", "*memray*.bin", "*.nsys-rep", "*profil*.out", "*profil*.stats", "*profil*.log", "*.profile", "*cprofile*",
)  # fmt: skip
"""Names that profilers give their output (documentation of cProfile, torch.profiler, line_profiler, py-spy, memray)."""

TABLE = re.compile(
    r"function calls .{0,40}in .{0,20}seconds|ncalls\s+tottime|Self CPU %|CPU total %|Profiler Report|Line #\s+Hits\s+Time"
    r"|Mem usage\s+Increment|\"traceEvents\"|\"ph\":|cumulative\s+percall"
)
"""Headings of profilers' tables and traces."""

HEAD = 20_000
"""Characters of an output that are looked at."""

OFF = frozenset({"", "null", "none", "false", "no", "off", "0", "~"})
"""Values that switch a profiler off."""

PYTHON = (".py", ".ipynb", ".md", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Profiling:
    """Traces of profiling outside of code."""

    outputs: tuple[Evidence, ...] = ()
    settings: tuple[Evidence, ...] = ()
    """Profilers that a configuration file switches on, where something reads the file."""


@fact
def read_profiling(snapshot: Snapshot, configs: Configs) -> Profiling:
    """Committed output and settings."""
    return Profiling(tuple(outputs(snapshot)), tuple(settings(configs)))


def outputs(snapshot: Snapshot) -> Iterator[Evidence]:
    """Files that a profiler wrote: by an ending that only profilers use, else by name and content."""
    for path in snapshot.named(*OUTPUTS):
        name = path.rpartition("/")[2].lower()
        if name.endswith(PYTHON):
            continue
        if name.endswith((".prof", ".pstat", ".pstats", ".lprof", ".cprof", ".nsys-rep")):
            data = snapshot.read(path)
            if data:
                yield Evidence(path, None, f"profile output, {len(data):,} bytes")
        elif name.endswith((".txt", ".json", ".csv", ".log", ".out", ".html", ".svg", ".stats", ".profile")):
            found = TABLE.search((snapshot.text(path) or "")[:HEAD])
            if found:
                line = (snapshot.text(path) or "").count("\n", 0, found.start()) + 1
                yield Evidence(path, line, snapshot.lines(path)[line - 1])
            elif name.endswith((".svg", ".html")) and "flame" in (snapshot.text(path) or "")[:HEAD].lower():
                yield Evidence(path, None, "flame graph")


def settings(configs: Configs) -> Iterator[Evidence]:
    """Keys named `profiler`, or `profiling` with `enabled`, that switch one on, in configuration that something reads."""
    for config in configs.files:
        for key in config.keys:
            parts = key.name.lower().split(".")
            names = parts[-1] in ("profiler", "profile", "profiling") or (
                parts[-1] in ("enabled", "name", "_target_", "use") and any("profil" in part for part in parts[:-1])
            )
            if names and key.value.strip().lower() not in OFF and configs.readers(config):
                yield Evidence(config.path, key.line, f"{key.name}: {key.value}")
