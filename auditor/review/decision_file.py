"""Writing decisions into `auditor.toml`: one entry changes, everything else stays as it was, byte for byte."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import AuditError
from auditor.patterns import pattern
from auditor.records import replace
from auditor.result.audit import Verdict
from auditor.review.decisions import MAX_BYTES, Entry, entries_in, entry_of, one_line, parsed, read

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

LOCK_SECONDS = 10.0
"""How long a writer waits for another one; a write takes milliseconds."""

UNSEEN = Entry("", "", Verdict.SUPPORTED)
"""Given as what was seen where nobody looked: then whatever stands there is changed."""


class MeanwhileError(AuditError):
    """Somebody else decided on the claim since it was looked at. `entry` is what stands there now; None where it was taken back."""

    def __init__(self, message: str, entry: Entry | None) -> None:
        super().__init__(message)
        self.entry = entry


TABLE_HEADER = pattern(r"^[ \t]*\[.*\][ \t\r]*(?:#.*)?$", re.MULTILINE)
"""Where a table may begin; the same also occurs within multi-line strings and arrays."""


def decide(
    path: Path,
    *,
    group: str,
    claim: str,
    verdict: Verdict | str,
    note: str,
    by: str,
    at: datetime,
    commit: str | None,
    seen: Entry | None = UNSEEN,
) -> Entry:
    """Write a decision into the file `path`, which is made where it is missing.

    An entry on the same group and claim is changed where it stands, with its comments (of several the last, which is the
    one that counts); a new one goes to the end. Everything else stays as it was, byte for byte. A time without offset is
    one of this machine. Whether `claim` is in the catalogue is for the caller to ask. `seen` is the entry that the decision
    was made in sight of (None: that there was none). Comes back with the entry as it stands in the file. Raises MeanwhileError where
    another one stands there by now, AuditError as `load_decisions` does, and where the entry or the file would not be valid, or
    the file cannot be written.
    """
    moment = (at if at.tzinfo else at.astimezone()).replace(microsecond=0)
    values: dict[str, Any] = {
        "group": encodable(group).strip(),
        "claim": claim.strip(),
        "verdict": str(verdict),
        "note": encodable(note),
        "by": encodable(by).strip(),
        "at": moment,
        "commit": commit or None,
    }
    values = {key: value for key, value in values.items() if value is not None}
    wanted = entry_of(values, f"{path}: the new decision")
    with locked(path):
        document = DecisionFile.read(path)
        numbers = document.numbers(wanted.key)
        document.expect(seen, numbers)
        if numbers:
            del values["group"]  # as it is written there: it names the same group
            document.change(numbers[-1], values)
        else:
            document.append(values)
        document.write()
    return wanted


def remove(path: Path, group: str, claim: str, *, seen: Entry | None = UNSEEN) -> bool:
    """Take every decision on this group and claim out of the file `path`; whether there was one.

    Comments within an entry go with it; those before and after it stay. `seen` as for `decide`. Raises as `decide` does.
    """
    key = Entry(group, claim.strip(), Verdict.SUPPORTED).key
    if not path.exists():
        return False
    with locked(path):
        document = DecisionFile.read(path)
        numbers = document.numbers(key)
        document.expect(seen, numbers)
        for number in reversed(numbers):
            document.remove(number)
        if numbers:
            document.write()
    return bool(numbers)


@dataclass(slots=True)
class Block:
    """A stretch of the file that is whole by itself: a table with its header, or what stands before the first one.

    `values` ends with the last value, `rest` holds the blank lines and comments after it: they mostly belong to what follows.
    """

    values: str
    rest: str
    decision: bool


@dataclass(slots=True)
class DecisionFile:
    """The file as blocks of text, so that what is not changed stays as it was.

    tomlkit alone moves comments between tables where a table grows or goes, and puts tables that stand between decisions
    after them; it is given one table at a time.
    """

    path: Path
    blocks: list[Block]
    data: dict[str, Any]
    """What the file says, and shall say: kept in step with the blocks and compared with them before writing."""
    entries: tuple[Entry, ...]
    bom: bool = False
    crlf: bool = False

    @classmethod
    def read(cls, path: Path) -> DecisionFile:
        """The file at `path`; empty where there is none. Raises AuditError as `load_decisions` does."""
        text = (read(path) or b"").decode("utf-8")
        bom, text = text.startswith("\ufeff"), text.removeprefix("\ufeff")
        crlf = "\n" in text and text.count("\n") == text.count("\r\n")
        text = text.replace("\r\n", "\n") if crlf else text
        data = parsed(text, path)
        entries = entries_in(data, path)
        blocks = list(blocks_of(text))
        tables = sum(block.decision for block in blocks)
        if tables != len(entries) or (not tables and "decision" in data):
            raise AuditError(
                f"{path}: decisions must each stand under a line [[decision]] to be changed by the program"
            )
        return cls(path, blocks, data, entries, bom, crlf)

    def numbers(self, key: tuple[str, str]) -> list[int]:
        """Which entries speak of this group and claim."""
        return [number for number, entry in enumerate(self.entries) if entry.key == key]

    def expect(self, seen: Entry | None, numbers: list[int]) -> None:
        """Raises MeanwhileError where the entry that counts among these is not the one that was seen."""
        now = self.entries[numbers[-1]] if numbers else None
        if seen is UNSEEN or now == seen or (now and seen and replace(now, group=seen.group) == seen):
            return
        what = f"{now.by or 'somebody'} decided {now.verdict}" if now else "the decision was taken back"
        raise MeanwhileError(f"{self.path}: meanwhile {what}; look at it again", now)

    def change(self, number: int, values: Mapping[str, Any]) -> None:
        """Set the values of an entry; a key that is not among them keeps its value, `commit` goes."""
        block = self._decision(number)
        document = one_table(block.values, self.path)
        table: Any = document["decision"][0]
        entry = self.data["decision"][number]
        for key in [key for key in ("commit",) if key in table and key not in values]:
            del table[key], entry[key]
        for key, value in values.items():
            if entry.get(key) != value:
                table[key] = entry[key] = value
        block.values = document.as_string()

    def append(self, values: Mapping[str, Any]) -> None:
        """Add an entry after everything else."""
        import tomlkit

        table = tomlkit.table()
        table.update(values)
        tables = tomlkit.aot()
        tables.append(table)
        document = tomlkit.document()
        document.append("decision", tables)
        before = self._text()
        if before and not before.endswith("\n"):
            self.blocks[-1].rest += "\n"
        if before.strip():
            self.blocks[-1].rest += "\n"
        self.blocks.append(Block(document.as_string(), "", decision=True))
        self.data.setdefault("decision", []).append(dict(values))

    def remove(self, number: int) -> None:
        """Take an entry out."""
        block = self._decision(number)
        self.blocks[self.blocks.index(block)] = Block("", block.rest.removeprefix("\n"), decision=False)
        del self.data["decision"][number]
        if not self.data["decision"]:
            del self.data["decision"]

    def write(self) -> None:
        """Put the file in place at once. Raises AuditError where that fails, or where it would not say what it shall."""
        text = self._text()
        if parsed(text, self.path) != self.data:
            raise AuditError(f"{self.path}: cannot be changed without changing something else; edit it by hand")
        data = (("\ufeff" if self.bom else "") + (text.replace("\n", "\r\n") if self.crlf else text)).encode()
        if len(data) > MAX_BYTES:
            raise AuditError(f"{self.path}: would grow over {MAX_BYTES:,} bytes; shorten the notes")
        put_in_place(self.path, data)

    def _text(self) -> str:
        return "".join(block.values + block.rest for block in self.blocks)

    def _decision(self, number: int) -> Block:
        return [block for block in self.blocks if block.decision][number]


def blocks_of(text: str) -> Iterator[Block]:
    """The text of a valid TOML file, cut before every table's header.

    Cut anywhere else, within a string or an array, the piece before the cut would not be valid TOML.
    """
    start = 0
    for end in [*(match.start() for match in TABLE_HEADER.finditer(text)), len(text)]:
        piece = text[start:end]
        if not piece:
            continue
        try:
            said = tomllib.loads(piece)
        except ValueError:
            continue
        start = end
        values = up_to_last_value(piece, said)
        yield Block(
            values, piece[len(values) :], decision=list(said) == ["decision"] and piece.lstrip().startswith("[[")
        )


def up_to_last_value(text: str, said: Mapping[str, Any]) -> str:
    """The text, which says `said`, without the blank lines and comments at its end."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    for to in range(end, len(lines)):  # what looks like a comment may be the end of a multi-line string
        values = "".join(lines[:to])
        with suppress(ValueError):
            if tomllib.loads(values) == said:
                return values
    return text


def one_table(text: str, path: Path) -> TOMLDocument:
    """A block as a document. Raises AuditError where tomlkit reads less than the TOML parser did."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text)
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise AuditError(f"{path}: a decision cannot be changed by the program: {one_line(error)}") from None


def encodable(text: str) -> str:
    """Text that can be written as UTF-8: half a surrogate pair becomes a replacement character."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@contextmanager
def locked(path: Path, seconds: float | None = None) -> Iterator[None]:
    """Hold the right to change `path` against other processes and threads, by a lock on a file beside it.

    The system gives the lock back when its holder ends, however it ends. `seconds` is how long to wait for it. Raises AuditError where somebody holds it for too
    long, or the file cannot be made.
    """
    from filelock import FileLock, Timeout

    file = beside(path, ".lock")
    lock = FileLock(file.with_name(f".{file.name}"), timeout=LOCK_SECONDS if seconds is None else seconds)
    if not file.parent.is_dir():  # which the lock would make
        raise AuditError(f"{path}: cannot be written: there is no such folder")
    try:
        lock.acquire(poll_interval=0.01)
    except Timeout:
        raise AuditError(f"{path}: somebody else is writing it; try again") from None
    except OSError as error:
        raise AuditError(f"{path}: cannot be written: {error.strerror or error}") from None
    try:
        yield
    finally:
        lock.release()


def put_in_place(path: Path, data: bytes) -> None:
    """Write `data` so that a reader sees either the old file or the new one. Raises AuditError. Needs the lock."""
    target, new = path.resolve(), beside(path, ".new")
    try:
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, new)
        new.replace(target)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise AuditError(f"{path}: cannot be written: {error.strerror or error}") from None


def beside(path: Path, ending: str) -> Path:
    """The file that serves `path`, in the same folder; where `path` is a link, in the folder that it leads to."""
    target = path.resolve()
    return target.with_name(target.name + ending)
