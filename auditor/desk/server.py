"""The desk's server: bound to this machine alone, ended by Ctrl-C without loss."""

from __future__ import annotations

import gc
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from auditor.batch.class_folder import ClassFolder, stamp
from auditor.batch.figures import Figures
from auditor.batch.site import INDEX
from auditor.desk.application import Desk, application
from auditor.desk.deciding import Decider
from auditor.desk.guard import Keys
from auditor.desk.highlighting import load_usual
from auditor.desk.writing import OutputWriter
from auditor.errors import AuditError

HOST = "127.0.0.1"


def serve(out: Path, *, by: str, cache: Path, port: int = 0, browser: bool = True) -> None:
    """Serve the class run in `out` until Ctrl-C. `port` 0 is any free one. Raises AuditError where nothing can be served."""
    folder = ClassFolder(out)
    load_usual()
    gc.collect()
    gc.freeze()  # a class is a million objects that stay: to look through them for garbage takes half a second each time
    taken = bound(port)
    keys = Keys(taken.getsockname()[1])
    writer = OutputWriter(out)
    desk = Desk(folder, Decider(folder, by), writer, keys, Figures(cache))
    if outputs_are_older(folder):
        writer.want()
    server = uvicorn.Server(
        uvicorn.Config(
            application(desk), log_level="error", access_log=False, server_header=False, timeout_graceful_shutdown=3
        )
    )
    address = f"{keys.address}?token={keys.token}"
    sys.stdout.write(f"{out} is served at {address}\nDecisions of {by} go to {folder.decisions}. Ctrl-C ends.\n")
    sys.stdout.flush()
    if browser:
        threading.Thread(target=opened, args=(server, address), daemon=True).start()
    try:
        server.run(sockets=[taken])
    except KeyboardInterrupt:  # uvicorn raises it again when everything is closed
        pass
    finally:
        taken.close()
        if writer.busy:
            sys.stderr.write("auditor: writing the pages and sheets of the class\n")
        writer.finish()


def bound(port: int) -> socket.socket:
    """A socket of this machine alone. Raises AuditError where the port is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two programs have the same port
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen(256)  # who comes before the server answers waits for it
    except OSError as error:
        made.close()
        raise AuditError(f"--port {port}: cannot be used: {error.strerror or error}") from None
    return made


def outputs_are_older(folder: ClassFolder) -> bool:
    """Whether something was decided after the pages were written: by `auditor decide`, or before the machine went down."""
    decided, pages = stamp(folder.decisions), stamp(folder.out / INDEX)
    return decided is not None and (pages is None or pages[0] < decided[0])


def opened(server: uvicorn.Server, address: str, browse: Callable[[str], bool] = webbrowser.open) -> None:
    """Open the user's browser once the server answers."""
    end = time.monotonic() + 10
    while not server.started and time.monotonic() < end:
        time.sleep(0.02)
    browse(address)
