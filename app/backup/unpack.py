"""unpack: the members of an archive that anybody may have written.

Nothing of the tar is believed: the list at its beginning says what must come, and each header must be, byte for byte,
the one that Footnote writes before such a member. So there are no links, devices, other paths or other sizes to
refuse, and no more is unpacked than the list says.
"""

import hashlib
import tarfile
import zlib
from collections.abc import Iterable, Iterator

from footnote.app.backup.contents import LIST_NAME, MOST_LIST_BYTES, Contents, Member, from_json
from footnote.app.backup.pack import BLOCK, END, header_of, padding_of
from footnote.app.core.errors import BackupError

_GZIP = 31
_PIECE_BYTES = 2**20
_NO_BACKUP = "this is no backup of Footnote, or it is damaged"


class Archive:
    """An archive that is read once, from its beginning to its end; `contents` is what must come.

    Raises:
        BackupError: it does not begin as a backup does.
    """

    def __init__(self, compressed: Iterable[bytes]) -> None:
        self._pieces = _inflated(compressed)
        self._rest = b""
        header = self._take(BLOCK)
        try:
            size = tarfile.TarInfo.frombuf(header, "utf-8", "strict").size
        except (tarfile.HeaderError, UnicodeDecodeError) as error:
            raise BackupError(f"{_NO_BACKUP} ({error})") from error
        if not 0 <= size <= MOST_LIST_BYTES or header != header_of(LIST_NAME, size):
            raise BackupError(
                f"{_NO_BACKUP} (it does not begin with its list as Footnote writes it: what "
                "another program packed, also again from the files of a backup, is not read)"
            )
        self.contents: Contents = from_json(self._take(size))
        self._expect(padding_of(size), LIST_NAME)

    def members(self) -> Iterator[tuple[Member, Iterator[bytes]]]:
        """Each member with its bytes, in order; read them all before the next one is taken.

        Raises:
            BackupError: what comes is not what the list says, by size or by hash, or more comes. Raised also by the
                bytes of a member.
        """
        for member in self.contents.members:
            self._expect(header_of(member.name, member.size_bytes), member.name)
            yield member, self._bytes_of(member)
            self._expect(padding_of(member.size_bytes), member.name)
        self._expect(END, "its end")
        if self._rest or next(self._pieces, b""):
            raise BackupError(f"{_NO_BACKUP} (more comes after its end)")

    def _bytes_of(self, member: Member) -> Iterator[bytes]:
        digest, left = hashlib.sha256(), member.size_bytes
        while left:
            piece = self._some(left)
            digest.update(piece)
            left -= len(piece)
            yield piece
        if digest.hexdigest() != member.sha256:
            raise BackupError(f"the backup is damaged: {member.name} has another hash than its list says")

    def _expect(self, expected: bytes, where: str) -> None:
        if self._take(len(expected)) != expected:
            raise BackupError(f"the backup is damaged, or not written by Footnote: at {where} comes what is not listed")

    def _take(self, count: int) -> bytes:
        taken = []
        while count:
            piece = self._some(count)
            taken.append(piece)
            count -= len(piece)
        return b"".join(taken)

    def _some(self, most: int) -> bytes:
        """At least one byte."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                raise BackupError("the backup is cut off: its end is missing")
            self._rest = piece
        some, self._rest = self._rest[:most], self._rest[most:]
        return some


def _inflated(compressed: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of one or more gzip streams, a bounded piece at a time."""
    stream = None
    try:
        for data in compressed:
            while data:
                stream = stream or zlib.decompressobj(_GZIP)
                yield stream.decompress(data, _PIECE_BYTES)
                data = stream.unconsumed_tail
                if stream.eof:
                    data, stream = stream.unused_data, None
    except zlib.error as error:
        raise BackupError(f"{_NO_BACKUP} ({error})") from error
    if stream is not None:
        raise BackupError("the backup is cut off: its end is missing")
