"""What was audited before: one SQLite file in the cache, so that a stopped run goes on where it was.

A result is kept by repository, commit and the rules it was made with. Every result is written in a transaction of its own
(SQLite, "Atomic Commit"), so that a killed run loses at most what was not finished; several runs may write at once.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.errors import AuditError

NAME = "audits-1.sqlite3"
"""The number is that of the tables: another program version with other tables has another file."""
BUSY_SECONDS = 60.0
KEPT = 4
"""States of one repository that are kept; older ones are dropped when a new one comes."""
MOST_BYTES = 100_000_000
"""A result; those of twenty thousand places have some megabytes."""
TABLE = """
create table if not exists audits (
    repository text not null,
    state text not null,
    rules text not null,
    result blob not null,
    number integer primary key autoincrement,
    unique (repository, state, rules)
)
"""


class Store:
    """Results by repository, state (commit and folder) and rules. Safe under several threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Open or make the file in `folder`. Raises AuditError where it cannot be used."""
        self.path = folder / NAME
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("pragma journal_mode=wal")
            self._connection.execute("pragma synchronous=normal")
            self._connection.execute(TABLE)
        except (sqlite3.Error, OSError) as error:
            raise AuditError(
                f"{self.path}: cannot be used ({error}); delete it, or name another folder with --cache"
            ) from None

    def states(self, repository: str, rules: str) -> list[str]:
        """The states of a repository for which there is a result, newest first."""
        with self._told() as connection:
            rows = connection.execute(
                "select state from audits where repository = ? and rules = ? order by number desc", (repository, rules)
            )
            return [state for (state,) in rows if isinstance(state, str)]

    def load(self, repository: str, state: str, rules: str) -> bytes | None:
        """A result as it was stored; None where there is none, or it is damaged."""
        with self._told() as connection:
            row = connection.execute(
                "select result from audits where repository = ? and state = ? and rules = ?", (repository, state, rules)
            ).fetchone()
        reader = zlib.decompressobj()
        try:
            found = b"" if row is None else reader.decompress(row[0], MOST_BYTES)
        except (zlib.error, TypeError):  # TypeError: SQLite keeps anything in a column, whatever its type
            return None
        return found if reader.eof else None

    def save(self, repository: str, state: str, rules: str, result: bytes) -> None:
        """Keep a result; the repository's oldest ones make room. On return it is safe."""
        packed = zlib.compress(result, 1)
        with self._told() as connection:
            connection.execute("begin immediate")
            try:
                connection.execute(
                    "insert or replace into audits (repository, state, rules, result) values (?, ?, ?, ?)",
                    (repository, state, rules, packed),
                )
                connection.execute(
                    "delete from audits where repository = ?1 and number not in "
                    "(select number from audits where repository = ?1 order by number desc limit ?2)",
                    (repository, KEPT),
                )
                connection.execute("commit")
            except BaseException:
                connection.execute("rollback")
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[sqlite3.Connection]:
        """The connection for one thread at a time; SQLite's errors as one line."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise AuditError(
                    f"{self.path}: cannot be used ({error}); delete it, or name another folder with --cache"
                ) from None
