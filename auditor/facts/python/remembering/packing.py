"""Readings as bytes and back, for the next run: MessagePack, read by the types and as nothing else."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from auditor.facts.python.model import UNKNOWN
from auditor.facts.python.remembering.reading import Reading

T = TypeVar("T")

KEPT_APART: dict[int, Any] = {1: UNKNOWN, 2: ...}
"""Values of literals that MessagePack has no form for, by the number of their own form."""
COMPLEX = 3


def own_form(value: object) -> msgspec.msgpack.Ext:
    """The form of a value that MessagePack does not know. Raises NotImplementedError where there is none."""
    if isinstance(value, complex):
        return msgspec.msgpack.Ext(COMPLEX, repr(value).encode())
    for number, known in KEPT_APART.items():
        if value is known:
            return msgspec.msgpack.Ext(number, b"")
    raise NotImplementedError(type(value).__name__)


def from_own_form(number: int, data: memoryview) -> Any:
    """What `own_form` was given. Raises KeyError or ValueError for anything else."""
    return complex(bytes(data).decode()) if number == COMPLEX else KEPT_APART[number]


_ENCODER = msgspec.msgpack.Encoder(enc_hook=own_form)
_READINGS = msgspec.msgpack.Decoder(Reading, ext_hook=from_own_form)
_FILES = msgspec.msgpack.Decoder(dict[str, tuple[bytes, bytes]])


def packed(reading: Reading) -> bytes | None:
    """The reading as bytes; None where it holds something that has no form, or is nested too deeply for that."""
    try:
        return _ENCODER.encode(reading)
    except (NotImplementedError, TypeError, ValueError, OverflowError, RecursionError):
        return None


def unpacked(data: bytes) -> Reading | None:
    """What was packed; None where the bytes are nothing that this program writes."""
    return _decoded(_READINGS, data)


def packed_files(files: dict[str, tuple[bytes, bytes]]) -> bytes:
    """For each path what its record depends on, as a digest, and its packed reading."""
    return _ENCODER.encode(files)


def unpacked_files(data: bytes) -> dict[str, tuple[bytes, bytes]]:
    """What `packed_files` was given; nothing where the bytes are nothing that this program writes."""
    return _decoded(_FILES, data) or {}


def _decoded(decoder: msgspec.msgpack.Decoder[T], data: bytes) -> T | None:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, KeyError, ValueError, TypeError, RecursionError):
        return None
