"""Loaded by every Python process that has this folder on its path: writes down what a class run may not do."""

# Little is loaded before the program itself.
# ruff: noqa: PTH115, PTH118, PTH119

from __future__ import annotations

import os
import sys
from typing import Any

LOG = os.environ.get("HOSTILE_LOG", "")
WRITABLE = tuple(place for place in os.environ.get("HOSTILE_WRITABLE", "").split(os.pathsep) if place)
FORBIDDEN = tuple(place for place in os.environ.get("HOSTILE_FORBIDDEN", "").split(os.pathsep) if place)


def place(name: Any, *more: Any) -> str:
    """The whole path of a name that may be relative to an open folder."""
    folders = [fd for fd in more if isinstance(fd, int) and fd > 2]
    base = os.readlink(f"/proc/self/fd/{folders[0]}") if folders else ""
    return os.path.realpath(os.path.join(base, os.fsdecode(name)))


def judged(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether an event must not happen."""
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        name = os.path.realpath(os.fsdecode(arguments[0]))
        writes = isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        return name.startswith(FORBIDDEN) or bool(writes and name != os.devnull and not name.startswith(WRITABLE))
    if event == "subprocess.Popen":
        words = [os.fsdecode(word) for word in arguments[1]]
        return os.path.basename(words[0]) != "git" and words[:2] != [sys.executable, "-P"]
    if event in ("os.remove", "os.rmdir"):
        return not place(*arguments).startswith(WRITABLE)
    if event in ("os.rename", "os.mkdir", "os.symlink", "os.link", "os.chmod"):
        return not place(arguments[0]).startswith(WRITABLE)
    return event in ("os.system", "os.exec", "socket.connect", "socket.bind", "pty.spawn", "os.posix_spawn")


if LOG:
    log = os.open(LOG, os.O_WRONLY | os.O_APPEND)
    busy = False

    def record(event: str, arguments: tuple[Any, ...]) -> None:
        """Write an event down."""
        global busy
        if busy:
            return
        busy = True
        try:
            if judged(event, arguments):
                os.write(log, f"{event} {arguments!r}"[:600].encode("utf-8", "backslashreplace") + b"\n")
        finally:
            busy = False

    sys.addaudithook(record)
    os.write(log, b"recording\n")
