"""What files said when they were read before. What a file says does not change while its text does not.

It depends on the text, on what the file is called and is in the repository, on what its imports mean among the project's
other files, and on the program that reads it. All of it is compared before a record is taken from memory.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from auditor.facts.python.modules import Modules
from auditor.facts.python.reading.record import RawFile
from auditor.facts.python.remembering.packing import packed, packed_files, unpacked, unpacked_files
from auditor.facts.python.remembering.reading import Reading
from auditor.limits import Limits
from auditor.repository.memory import Memory
from auditor.version import __version__


class Remembered:
    """Readings of an earlier run, and those of this one for the next."""

    def __init__(self, memory: Memory, limits: Limits, modules: Modules) -> None:
        self._memory = memory
        self._modules = modules
        self._before: dict[str, tuple[bytes, bytes]] = {}
        self._now: dict[str, tuple[bytes, bytes]] = {}
        if not memory.kept or limits.trial:
            self._ground = None
            return
        self._ground = repr((program(), limits.nesting, limits.python_bytes, limits.python_tokens)).encode()
        self._before = unpacked_files(memory.load() or b"")

    def find(self, empty: RawFile, text: str) -> Reading | None:
        """What file `empty.path` with this text said, where that still holds."""
        key = self._key(empty, text)
        known, data = self._before.get(empty.path, (b"", b""))
        if key is None or known != key:
            return None
        reading = unpacked(data)
        if reading is None or not reading.answers.hold(empty.path, self._modules):
            return None
        self._now[empty.path] = key, data
        return reading

    def add(self, reading: Reading, text: str) -> None:
        """Remember what was read. To be called before the record is linked, which changes it."""
        key = self._key(reading.record, text)
        if key is not None and reading.lasting and (data := packed(reading)) is not None:
            self._now[reading.record.path] = key, data

    def save(self) -> None:
        """Keep all of it for the next run, where it is not what was kept before."""
        if self._ground is not None and self._now != self._before:
            self._memory.save(packed_files(self._now))

    def _key(self, record: RawFile, text: str) -> bytes | None:
        if self._ground is None:
            return None
        found = hashlib.sha256(self._ground)
        found.update(repr((record.path, record.module, record.role.name)).encode())
        found.update(text.encode("utf-8", "surrogatepass"))
        return found.digest()


@cache
def program() -> str:
    """A digest of what reads Python here: this package, libcst as it is installed, and Python itself."""
    found = hashlib.sha256(f"{__version__} {sys.version}\n".encode())
    package = Path(__file__).parent.parent
    for path in sorted(package.rglob("*.py")):
        found.update(f"{path.relative_to(package).as_posix()}\n".encode())
        found.update(path.read_bytes())
    spec = find_spec("libcst")  # which does not import it
    for folder in sorted(spec.submodule_search_locations or ()) if spec else ():
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_file():
                    stat = entry.stat()
                    found.update(f"{entry.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
