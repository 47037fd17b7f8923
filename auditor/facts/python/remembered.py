"""What files said when they were read before. What a file says does not change while its text does not.

It depends on the text, on what the file is called and is in the repository, on what its imports mean among the project's
other files, and on the program that reads it. All of it is compared before a record is taken from memory. Records are
pickled; what unpickles them makes the types of a record and nothing else, whatever the bytes say ("Restricting Globals" in
Python's documentation of pickle).
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from typing import Any

from auditor import __version__
from auditor.facts.python import model
from auditor.facts.python.modules import Modules
from auditor.facts.python.questions import Answers
from auditor.facts.python.reading import Reading
from auditor.facts.python.record import Record
from auditor.limits import Limits
from auditor.memory import Memory

TYPES: tuple[type[Any], ...] = (
    Answers,
    Reading,
    Record,
    model.Assertion,
    model.Assignment,
    model.Call,
    model.Class,
    model.Function,
    model.Import,
    model.Loop,
    model.Parameter,
    model.Reference,
    model.Text,
    model.Value,
)
"""What a record consists of, plain values aside."""

KNOWN: dict[tuple[str, str], Any] = {
    **{(made.__module__, made.__name__): made for made in TYPES},
    (model.Role.__module__, "Role"): model.Role,
    (model.Unknown.__module__, "Unknown"): model.Unknown,
    ("builtins", "complex"): complex,
    ("builtins", "Ellipsis"): ...,
}
"""All that unpickling may make."""


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
        found = _unpickled(memory.load() or b"")
        if isinstance(found, dict):
            self._before = found

    def find(self, empty: Record, text: str) -> Reading | None:
        """What file `empty.path` with this text said, where that still holds."""
        key = self._key(empty, text)
        if key is None:
            return None
        try:
            known, data = self._before[empty.path]
            if known != key:
                return None
            reading = _unpickled(data)
            if not isinstance(reading, Reading) or not reading.answers.hold(empty.path, self._modules):
                return None
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        self._now[empty.path] = key, data
        return reading

    def add(self, reading: Reading, text: str) -> None:
        """Remember what was read. To be called before the record is linked, which changes it."""
        key = self._key(reading.record, text)
        if key is not None and reading.lasting and (data := pickled(reading)) is not None:
            self._now[reading.record.path] = key, data

    def save(self) -> None:
        """Keep all of it for the next run, where it is not what was kept before."""
        if self._ground is not None and self._now != self._before:
            self._memory.save(pickle.dumps(self._now, 5))

    def _key(self, record: Record, text: str) -> bytes | None:
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
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(f"{path.name}\n".encode())
        found.update(path.read_bytes())
    spec = find_spec("libcst")  # which does not import it
    for folder in sorted(spec.submodule_search_locations or ()) if spec else ():
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_file():
                    stat = entry.stat()
                    found.update(f"{entry.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return found.hexdigest()


def pickled(reading: Reading) -> bytes | None:
    """The reading as bytes; None where it holds something that cannot be pickled, or is nested too deeply for that."""
    file = BytesIO()
    pickler = pickle.Pickler(file, 5)
    pickler.dispatch_table = REDUCERS
    try:
        pickler.dump(reading)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
        return None
    return file.getvalue()


def _reducer(made: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[Any, ...]]]:
    values = attrgetter(*(field.name for field in fields(made)))
    return lambda thing: (made, values(thing))


REDUCERS = {made: _reducer(made) for made in TYPES}
"""How the types of a record are taken apart: less than half the time of what dataclasses with slots do by themselves."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        return KNOWN[module, name]


def _unpickled(data: bytes) -> object:
    """What was pickled; None where the bytes are nothing that this program writes."""
    try:
        return _Unpickler(BytesIO(data)).load()
    except Exception:  # unpickling what is damaged raises whatever the bytes lead to
        return None
