"""How fast this machine is at the moment, beside the one on which the limits of time were set.

A limit in seconds holds for one machine at one hour: a runner with two slow cores, or one that others share, took a third longer
for a case in which nothing was wrong. So the limits are multiplied by what a loop that never changes takes right before and after.
"""

from __future__ import annotations

import time

QUIET = 0.006
"""Seconds of the processor that `turns` took where the limits were set, nothing else running."""
TURNS = 25_000


def turns(count: int) -> int:
    """Some work of the kind that an audit does: calls, small numbers, texts and tables."""
    found = 0
    table: dict[str, int] = {}
    for number in range(count):
        key = f"{number & 1023}"
        found += len(key) + table.get(key, 0)
        table[key] = number & 7
    return found


def pace() -> float:
    """How many times slower than the quiet machine this one is now, by the processor's time; never below 1."""
    started = time.process_time()
    turns(TURNS)
    return max(1.0, (time.process_time() - started) / QUIET)
