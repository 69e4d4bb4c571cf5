"""Durable state: one SQLite database in WAL mode and a folder of blobs named by their digest.

What is committed here survives a SIGKILL of the emulator. Knows tables, but not what a status means.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, key_hash TEXT NOT NULL, filename TEXT NOT NULL,
    purpose TEXT NOT NULL, size_bytes INTEGER NOT NULL, created_at REAL NOT NULL, expires_at REAL, blob TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, provider TEXT NOT NULL, key_hash TEXT NOT NULL,
    spec TEXT NOT NULL, cancel_at REAL, n_polls INTEGER NOT NULL DEFAULT 0, settlement TEXT,
    deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at REAL NOT NULL, provider TEXT, job_id TEXT,
    custom_id TEXT, payload TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS journal_by_kind ON journal (kind, provider, custom_id);
CREATE TABLE IF NOT EXISTS faults (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, provider TEXT, times INTEGER, skip INTEGER NOT NULL,
    n_used INTEGER NOT NULL DEFAULT 0, options TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bodies (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, provider TEXT NOT NULL, method TEXT NOT NULL,
    path TEXT NOT NULL, blob TEXT NOT NULL);
"""

# Sequence numbers go on counting after a reset, so that an id is never given twice.
_RESETTABLE = ("files", "jobs", "journal", "faults", "bodies")


class Store:
    """The emulator's memory. Safe to use from several threads; one transaction at a time."""

    def __init__(self, state_dir: Path) -> None:
        (state_dir / "blobs").mkdir(parents=True, exist_ok=True)
        self._blobs = state_dir / "blobs"
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(state_dir / "emulator.sqlite", isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside atomic; nested uses join the outermost."""
        with self._lock:
            outermost = self._depth == 0
            self._depth += 1
            try:
                if outermost:
                    self._db.execute("BEGIN IMMEDIATE")
                yield
                if outermost:
                    self._db.execute("COMMIT")
            except BaseException:
                if outermost and self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def change(self, sql: str, *values: object) -> int:
        """Run one changing statement and return the last row id."""
        with self.transaction():
            return int(self._db.execute(sql, values).lastrowid or 0)

    def change_many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run one changing statement for many rows."""
        with self.transaction():
            self._db.executemany(sql, rows)

    def meta(self, name: str) -> str | None:
        """Return a named value, or None."""
        found = self.rows("SELECT value FROM meta WHERE name = ?", name)
        return str(found[0]["value"]) if found else None

    def set_meta(self, name: str, value: str | None) -> None:
        """Set or (with None) forget a named value."""
        if value is None:
            self.change("DELETE FROM meta WHERE name = ?", name)
        else:
            self.change(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value
            )

    def next_number(self, table: str) -> int:
        """Return the number the next row of a table will get."""
        found = self.rows("SELECT seq FROM sqlite_sequence WHERE name = ?", table)
        return int(found[0]["seq"]) + 1 if found else 1

    def reset(self) -> None:
        """Forget files, jobs, faults, journal and bodies; keep the clock and the numbering."""
        with self.transaction():
            for table in _RESETTABLE:
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the constant above

    def keep_blob(self, content: bytes | BinaryIO) -> tuple[str, int]:
        """Write content to a blob, safe from a SIGKILL once this returns, and return its digest and size."""
        partial = self._blobs / f"partial-{threading.get_ident()}"
        sha, size = hashlib.sha256(), 0
        with partial.open("wb") as target:
            for chunk in _chunks(content):
                sha.update(chunk)
                size += target.write(chunk)
        partial.replace(self.blob_path(sha.hexdigest()))
        return sha.hexdigest(), size

    def keep_lines(self, lines: Iterable[bytes]) -> tuple[str, int]:
        """Write lines (without line ends) to a blob, each ended by a newline."""
        return self.keep_blob(b"".join(line + b"\n" for line in lines))

    def blob_path(self, name: str) -> Path:
        """Return where a blob lies."""
        return self._blobs / name

    def blob_lines(self, name: str) -> Iterator[bytes]:
        """Yield a blob's lines, split on newline bytes only."""
        with self.blob_path(name).open("rb") as source:
            for line in source:
                yield line.removesuffix(b"\n")

    def blob_bytes(self, name: str) -> bytes:
        """Return a blob's whole content."""
        return self.blob_path(name).read_bytes()


def _chunks(content: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(_CHUNK):
        yield chunk
