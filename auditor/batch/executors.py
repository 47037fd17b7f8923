"""Where the work is done: in processes on this machine, or on a Dask cluster. Both are `concurrent.futures` executors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

from auditor.batch.supervision import kill_children
from auditor.errors import AuditError

CONNECT_SECONDS = 10


def default_jobs() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def local_executor(jobs: int) -> Iterator[Executor]:
    """An executor with `jobs` child processes, each kept by a thread that watches it; they end with it."""
    executor = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="group")
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    finally:
        kill_children()
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def cluster_executor(address: str) -> Iterator[Executor]:
    """An executor on the Dask cluster whose scheduler is at `address`. Raises AuditError where it cannot be reached."""
    try:
        import distributed
    except ImportError:
        raise AuditError("--scheduler needs Dask: install auditor[cluster]") from None
    connect: Any = distributed.Client  # it carries no types
    try:
        client = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise AuditError(f"--scheduler {address}: no Dask scheduler answers there ({type(error).__name__})") from None
    try:
        yield cast(Executor, client.get_executor(pure=False))
    finally:
        client.close()
