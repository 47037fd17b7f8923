"""Regular expressions that are compiled when they are first asked, and not again in the next run.

A module names dozens of them and one audit asks a part; compiling these took a fifth of an audit. What `re` compiles them to
can be kept as bytes (`learnt`) and given to a later run (`recall`), of the same Python only.
"""

from __future__ import annotations

import re
import sys
from array import array
from typing import TYPE_CHECKING, Any, AnyStr, cast

import msgspec

METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class LatePattern:
    """What `pattern` gives: it has the methods of `re.Pattern`, and their results."""

    __slots__ = ("flags", "pattern", *METHODS)

    if TYPE_CHECKING:
        pattern: str | bytes
        flags: int

    def __init__(self, text: str | bytes, flags: int = 0) -> None:
        self.pattern = text
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """The method `name` of the compiled pattern, which is asked for the first time. Raises `re.error`."""
        if name not in METHODS:
            raise AttributeError(name)
        compiled = compiled_pattern(cast("str", self.pattern), self.flags)
        for method in METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

    def __repr__(self) -> str:
        return f"pattern({self.pattern!r})"


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`text` as `re.compile(text, flags)` has it, compiled when it is first asked. To be used for names of modules."""
    return cast("re.Pattern[AnyStr]", LatePattern(text, flags))


def compiled_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile(text, flags)`, for a text that is the program's or the course's own, not an audited repository's.

    Raises `re.error`.
    """
    return re.compile(text, flags) if isinstance(text, bytes) else _KEPT.compiled(text, int(flags))


class Program(msgspec.Struct, frozen=True, array_like=True):
    """What `re` makes of one pattern: its machine's words, and what else a pattern object is made with."""

    flags: int
    words: bytes
    groups: int
    names: dict[str, int]


class Kept(msgspec.Struct, array_like=True):
    """Programs by flags and text, of one Python."""

    python: str
    programs: dict[str, Program]


class _Compiler:
    """Makes patterns of programs that are known, and knows those that it made."""

    def __init__(self) -> None:
        self.known: dict[str, Program] = {}
        self.new = False

    def compiled(self, text: str, flags: int) -> re.Pattern[str]:
        """As `re.compile(text, flags)`. Raises `re.error`."""
        key = f"{flags} {text}"
        try:
            known = self.known.get(key)
            if known is None:
                known = self.known[key] = programmed(text, flags)
                self.new = True
            return made(text, known)
        except re.error:
            raise
        except Exception:  # the parts of `re` that are used here are its own affair: another Python may have others
            self.known.pop(key, None)
            return re.compile(text, flags)


def programmed(text: str, flags: int) -> Program:
    """The program of a pattern, as `re.compile` makes it. Raises `re.error`, and anything where `re` is built otherwise."""
    from re import _compiler, _parser  # type: ignore[attr-defined]

    parsed = _parser.parse(text, flags)
    words = array("I", _compiler._code(parsed, flags))
    return Program(flags | parsed.state.flags, words.tobytes(), parsed.state.groups - 1, dict(parsed.state.groupdict))


def made(text: str, program: Program) -> re.Pattern[str]:
    """The pattern that a program is for. Raises RuntimeError where it is none that `re` could have made."""
    import _sre  # type: ignore[import-not-found]

    words = array("I", program.words).tolist()
    groups: list[str | None] = [None] * (program.groups + 1)
    for name, number in program.names.items():
        groups[number] = name
    found: re.Pattern[str] = _sre.compile(text, program.flags, words, program.groups, program.names, tuple(groups))
    return found


def recall(data: bytes) -> None:
    """Use what an earlier run has `learnt`; bytes that are nothing of the kind, or of another Python, are passed over."""
    try:
        kept = msgspec.msgpack.decode(data, type=Kept)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return
    if kept.python == sys.version:
        _KEPT.known = {**kept.programs, **_KEPT.known}


def learnt() -> bytes | None:
    """Every pattern that is known by now, for `recall`; None where nothing was added to what was recalled."""
    return msgspec.msgpack.encode(Kept(sys.version, _KEPT.known)) if _KEPT.new else None


_KEPT = _Compiler()
