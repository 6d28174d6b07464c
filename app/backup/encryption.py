"""encryption: archives that only the holder of a key reads, in the format of age, through pyrage.

What is written is what `age -d` reads, so a backup can be opened without Footnote.
"""

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from footnote.app.core.errors import BackupError, SettingsError

MAGIC = b"age-encryption.org/v1"
_AHEAD = 8  # pieces that are decrypted before they are asked for
_MOST_KEY_BYTES = 2**20
_NEEDS_EXTRA = "encrypted backups need pyrage ({}): run `pip install -c constraints.txt -e '.[encryption]'`"


class Recipients:
    """Who may read: public keys of age (`age1...`) or of SSH (`ssh-ed25519 ...`, `ssh-rsa ...`).

    Raises:
        SettingsError: one is none, or pyrage is not installed.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._pyrage = _loaded()
        self.names = tuple(sorted(keys))
        self._keys = [self._key(key.strip()) for key in keys]

    def encrypt(self, content: bytes) -> bytes:
        return bytes(self._pyrage.encrypt(content, self._keys))

    def encrypt_into(self, pieces: Iterable[bytes], file: BinaryIO) -> None:
        """Write all pieces as one age file. What the pieces raise, it raises."""
        reader = _Reader(pieces)
        try:
            self._pyrage.encrypt_io(reader, file, self._keys)
        except Exception:
            if reader.error:  # which pyrage has made into one of its own
                raise reader.error from None
            raise
        if reader.error:
            raise reader.error

    def _key(self, key: str) -> Any:
        kind = self._pyrage.ssh if key.startswith("ssh-") else self._pyrage.x25519
        try:
            return kind.Recipient.from_str(key)
        except self._pyrage.RecipientError as error:
            # It is not repeated: it may be the private one.
            raise SettingsError(
                "a recipient is no public key: give what `age-keygen` names as such (age1...), or one of SSH"
            ) from error


class Identities:
    """The private keys of a file: of `age-keygen`, or one of SSH without a password.

    Raises:
        SettingsError: it cannot be read or holds none, or pyrage is not installed.
    """

    def __init__(self, file: Path) -> None:
        self._pyrage = _loaded()
        self._file = file
        try:
            with file.open("rb") as opened:
                text = opened.read(_MOST_KEY_BYTES)
            lines = [line for line in text.decode().split() if line.upper().startswith("AGE-SECRET-KEY-")]
            if text.startswith(b"-----BEGIN"):
                self._keys = [self._pyrage.ssh.Identity.from_buffer(text)]
            else:
                self._keys = [self._pyrage.x25519.Identity.from_str(line) for line in lines]
        except (OSError, UnicodeDecodeError, self._pyrage.IdentityError) as error:
            # The error's cause could repeat the key.
            reason = error.strerror if isinstance(error, OSError) else "it is damaged, or has a password"
            raise SettingsError(f"{file} holds no private key that can be used ({reason})") from None
        if not self._keys:
            raise SettingsError(f"{file} holds no private key: name the file that `age-keygen -o` wrote")

    def decrypted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The content of one age file, as it comes.

        Raises:
            BackupError: it is for others, or damaged. What the pieces raise, it raises as well.
        """
        # pyrage pushes what it has read, and whoever unpacks pulls: a thread stands between.
        ready: queue.Queue[bytes | BaseException | None] = queue.Queue(_AHEAD)
        reader, writer = _Reader(pieces), _Writer(ready)

        def work() -> None:
            end: BaseException | None = None
            try:
                self._pyrage.decrypt_io(reader, writer, self._keys)
            except Exception as error:
                end = reader.error or BackupError(
                    f"the backup cannot be decrypted with {self._file} ({error}): it is for another key, or damaged"
                )
            writer.put(end or reader.error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            while (piece := ready.get()) is not None:
                if isinstance(piece, BaseException):
                    raise piece
                yield piece
        finally:
            writer.is_unwanted.set()
            thread.join()

    def decrypt(self, content: bytes) -> bytes:
        """The content of one small age file. Raises as `decrypted`."""
        try:
            return bytes(self._pyrage.decrypt(content, self._keys))
        except self._pyrage.DecryptError as error:
            raise BackupError(
                f"the backup cannot be decrypted with {self._file} ({error}): it is for another key, or damaged"
            ) from error


class _Reader:
    """Pieces as a file to read; keeps what they raise."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")  # it is read in small pieces, and no slice of it may be a copy
        self.error: BaseException | None = None

    def read(self, count: int = -1) -> bytes:
        try:
            while not self._rest:
                piece = next(self._pieces, None)
                if piece is None:
                    return b""
                self._rest = memoryview(piece)
        except BaseException as error:
            self.error = error
            raise
        some, self._rest = self._rest[:count], self._rest[count:]
        return bytes(some)


class _Writer:
    """A file to write that hands on; it fails once nobody wants more."""

    def __init__(self, ready: "queue.Queue[bytes | BaseException | None]") -> None:
        self._ready = ready
        self.is_unwanted = threading.Event()

    def write(self, content: bytes) -> int:
        self.put(bytes(content))
        if self.is_unwanted.is_set():
            raise OSError("not wanted any more")
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def put(self, piece: bytes | BaseException | None) -> None:
        while not self.is_unwanted.is_set():
            try:
                self._ready.put(piece, timeout=0.1)
            except queue.Full:
                continue
            return


def _loaded() -> Any:
    try:
        import pyrage
    except ImportError as error:
        raise SettingsError(_NEEDS_EXTRA.format(error)) from error
    return pyrage
