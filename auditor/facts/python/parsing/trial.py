"""Python files parsed on trial, in a process of their own: which of them would take the parser's process with them.

The guard refuses what is known to overflow or stall the native parser. Where an audit was lost all the same, it is made again
with every file on trial first (`Limits.trial`); one that ends the process, or takes too long, is left out.
"""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

PROGRAM = """
import ast, base64, sys, warnings
import libcst
warnings.simplefilter("ignore")
for line in sys.stdin.buffer:
    code = base64.b64decode(line).decode("utf-8", "replace")
    for parse in (libcst.parse_module, ast.parse):
        try:
            parse(code)
        except Exception:
            pass
    sys.stdout.write("\\n")
    sys.stdout.flush()
"""
"""Parses one file a line and answers each with a line; only whether it lives on is of interest."""


def killers(codes: Sequence[str], seconds: float) -> frozenset[int]:
    """Numbers of those `codes` on which a parser dies, or takes longer than `seconds`."""
    found: set[int] = set()
    start = 0
    while start < len(codes):
        start += survived(codes[start:], seconds)
        if start < len(codes):
            found.add(start)
            start += 1
    return frozenset(found)


def survived(codes: Sequence[str], seconds: float) -> int:
    """How many of `codes`, in their order, one process parses before it dies or stalls."""
    with subprocess.Popen(
        [sys.executable, "-P", "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        count = 0
        try:
            for code in codes:
                watch = threading.Timer(seconds, process.kill)
                watch.start()
                try:
                    process.stdin.write(base64.b64encode(code.encode("utf-8", "replace")) + b"\n")
                    process.stdin.flush()
                    answer = process.stdout.readline()
                finally:
                    watch.cancel()
                if not answer:
                    break
                count += 1
        except OSError:
            pass
        finally:
            process.kill()
            with suppress(OSError):
                process.stdin.close()
        return count
