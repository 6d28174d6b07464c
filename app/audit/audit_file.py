"""audit_file: lines appended to one file by several processes, which begins anew when it is full.

    audit.jsonl -> audit.jsonl.1 -> audit.jsonl.2 -> ... -> gone

Each line is one write to a file opened for appending, so lines of several processes never mix. Whoever finds it full
renames it under a lock; the others see at their next line that the name leads to another file. A line that a full disk
cut is closed by an end of line, and reads as no JSON.
"""

import os
import threading
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

AUDIT_FILE = "audit.jsonl"
_LOCK = "audit.lock"
_LOCK_WAIT_S = 1.0  # a rename takes a millisecond; who waits longer goes on with the full file


class AuditFile:
    """The file of one index folder; safe to use from several threads and processes."""

    def __init__(self, index_dir: Path, most_bytes: int, older_files: int) -> None:
        self._file = index_dir / AUDIT_FILE
        self._most_bytes = most_bytes
        self._older_files = older_files
        self._lock = threading.Lock()
        self._descriptor: int | None = None
        self._is_cut = False

    def append(self, line: bytes) -> None:
        """Write a line, which has its end.

        Raises:
            OSError: it was not written.
        """
        with self._lock:
            descriptor = self._opened()
            if self._is_cut:
                line = b"\n" + line
            written = os.write(descriptor, line)
            self._is_cut = written < len(line) and (written > 0 or self._is_cut)
            if written < len(line):
                raise OSError(f"only {written} of {len(line)} bytes were written")
            if os.fstat(descriptor).st_size >= self._most_bytes:
                self._rotate()

    def check(self) -> None:
        """Be sure that the file is there and open.

        Raises:
            OSError: it cannot be opened.
        """
        with self._lock:
            self._opened()

    def close(self) -> None:
        """Close it; the next line opens it again."""
        with self._lock:
            self._close()

    def _opened(self) -> int:
        if self._descriptor is not None and not self._is_there(self._descriptor):
            self._close()
        if self._descriptor is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            self._descriptor = os.open(self._file, flags, 0o600)
        return self._descriptor

    def _is_there(self, descriptor: int) -> bool:
        """Whether the name still leads to this file."""
        try:
            return os.path.samestat(os.stat(self._file, follow_symlinks=False), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._is_cut = False

    def _rotate(self) -> None:
        """Begin anew, unless another process just did; where that is not possible, go on with the full file."""
        with suppress(OSError, Timeout), FileLock(self._file.with_name(_LOCK), timeout=_LOCK_WAIT_S, mode=0o600):
            if self._descriptor is None or not self._is_there(self._descriptor):
                return
            if self._older_files == 0:
                self._file.unlink()
            for number in range(self._older_files, 0, -1):
                older = self._numbered(number - 1)
                if older.exists():
                    older.replace(self._numbered(number))
        self._close()

    def _numbered(self, number: int) -> Path:
        return self._file.with_name(f"{AUDIT_FILE}.{number}") if number else self._file
