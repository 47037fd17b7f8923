"""Readings as bytes and back, for the next run.

What unpickles them makes the types of a record and nothing else, whatever the bytes say ("Restricting Globals" in Python's
documentation of pickle).
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from io import BytesIO
from operator import attrgetter
from typing import Any

from auditor.facts.python import model
from auditor.facts.python.reading.questions import Answers
from auditor.facts.python.reading.record import RawFile
from auditor.facts.python.remembering.reading import Reading
from auditor.records import field_names

TYPES: tuple[type[Any], ...] = (
    Answers,
    Reading,
    RawFile,
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


def names_of(made: type[Any]) -> tuple[str, ...]:
    """The names of a type's fields, whether it is a record or is filled while a file is read."""
    return field_names(made) or tuple(getattr(made, "__dataclass_fields__", ()))


def _reducer(made: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[Any, ...]]]:
    values = attrgetter(*names_of(made))
    return lambda thing: (made, values(thing))


REDUCERS = {made: _reducer(made) for made in TYPES}
"""How the types of a record are taken apart: less than half the time of what dataclasses with slots do by themselves."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        return KNOWN[module, name]


def unpickled(data: bytes) -> object:
    """What was pickled; None where the bytes are nothing that this program writes."""
    try:
        return _Unpickler(BytesIO(data)).load()
    except Exception:  # unpickling what is damaged raises whatever the bytes lead to
        return None
