"""object_target: an archive as objects, in a bucket or in a folder of another machine.

    KEY                         which parts the archive has, in order; written last
    KEY.parts/<number>-<hash>   the parts, each of which is a whole gzip stream, or a whole age file

A backup that broke off has left parts and no `KEY`, so it is none. Begun again it sends only the parts that are not
there: those of an unchanged generation are the same, byte for byte.
"""

import hashlib
import json
from collections.abc import Generator, Iterable
from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from footnote.app.backup.encryption import MAGIC, Identities, Recipients
from footnote.app.backup.pack import PART_BYTES
from footnote.app.core.errors import BackupError
from footnote.app.objects.checked import read_whole
from footnote.app.objects.protocol import Objects, checked_name

_FORMAT = 1
_MOST_LIST_BYTES = 32 * 2**20
_GZIP_MAGIC = b"\x1f\x8b"
# Of what cannot be made smaller gzip makes a little more, and age adds a header and 16 bytes for each 64 kB.
_MOST_PART_BYTES = PART_BYTES + PART_BYTES // 8 + 2**20


@dataclass(frozen=True, slots=True)
class _Part:
    """`sha256` is of the part as it was packed, before it was encrypted."""

    name: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class _Parts:
    footnote_backup: int
    encrypted: bool
    parts: tuple[_Part, ...]


_PARTS: TypeAdapter[_Parts] = TypeAdapter(_Parts)


class ObjectTarget:
    """An archive by its key in a store of objects.

    Raises:
        ObjectStoreError: the key is no name of an object.
    """

    def __init__(self, objects: Objects, key: str) -> None:
        self._objects = objects
        self._key = checked_name(key)
        self._folder = f"{key}.parts"
        self.address = f"{objects.address.rstrip('/')}/{key}"

    def is_there(self) -> bool:
        return self._objects.size(self._key) is not None

    def write(self, parts: Iterable[bytes], recipients: Recipients | None) -> int:
        """How many bytes the archive has, those that were there already among them.

        Raises:
            ObjectStoreError: it cannot be written.
        """
        there = {one.name: one.size_bytes for one in self._objects.found(self._folder)}
        written, size = [], 0
        for number, part in enumerate(parts, 1):
            sha256 = hashlib.sha256(part).hexdigest()
            # A part that is there may be for others to read, so who reads it is in its name.
            marked = hashlib.sha256("\n".join([sha256, *(recipients.names if recipients else ())]).encode()).hexdigest()
            name = f"{self._folder}/{number:06}-{marked}"
            if name not in there:
                content = recipients.encrypt(part) if recipients else part
                self._objects.write(name, content)
                there[name] = len(content)
            size += there[name]
            written.append(_Part(name, sha256))
        listed = asdict(_Parts(_FORMAT, recipients is not None, tuple(written)))
        self._objects.write(self._key, json.dumps(listed, indent=1).encode())
        self._objects.delete(there.keys() - {part.name for part in written})
        return size

    def read(self, identities: Identities | None) -> Generator[bytes]:
        """The archive's bytes, decrypted.

        Raises:
            BackupError: it is no archive or damaged, or a key is missing.
            ObjectStoreError: it cannot be read.
        """
        listed = self._listed()
        if listed.encrypted and identities is None:
            raise BackupError(f"{self.address} is encrypted: name the file of the private key with --identity")
        for part in listed.parts:
            content = read_whole(self._objects, part.name, _MOST_PART_BYTES)
            if listed.encrypted and identities:
                content = identities.decrypt(content)
            if hashlib.sha256(content).hexdigest() != part.sha256:
                raise BackupError(f"the backup is damaged: {part.name} has another hash than {self.address} says")
            yield content

    def _listed(self) -> _Parts:
        content = read_whole(self._objects, self._key, _MOST_LIST_BYTES)
        if content.startswith((_GZIP_MAGIC, MAGIC)):
            raise BackupError(
                f"{self.address} is a backup in one file, not in parts: copy it to this machine where it is not, and "
                "name it by its path"
            )
        try:
            listed = _PARTS.validate_json(content)
        except ValidationError as error:
            raise BackupError(
                f"{self.address} is no backup of Footnote ({error.error_count()} wrong fields)"
            ) from error
        if listed.footnote_backup != _FORMAT or not all(
            part.name.startswith(f"{self._folder}/") for part in listed.parts
        ):
            raise BackupError(f"{self.address} is no backup that this version of Footnote reads")
        return listed
