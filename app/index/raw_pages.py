"""raw_pages: the bytes of every page of a generation, as they were read.

    <generation>/pages/<bucket>-of-<buckets>     a line of JSON, the length of each content by its sha256;
                                                 then the contents in that order, each compressed

A content falls into a bucket by its hash. No bucket is ever written again: one with the same contents as before is
shared with the generation before by a hard link, and what one generation alone names goes with it.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.files import share_file

# Of pages before compression; a round number. An ingest writes the buckets of changed pages anew.
_BYTES_A_BUCKET = 16_000_000


class _Bucket(NamedTuple):
    """One file, and where in it each content lies: its first byte and its length, by hash."""

    file: Path
    places: Mapping[str, tuple[int, int]]

    def read(self, sha256: str) -> bytes:
        start, length = self.places[sha256]
        with self.file.open("rb") as opened:
            opened.seek(start)
            return opened.read(length)


class RawPages:
    """The pages of one generation; `folder` is `pages` in its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        names = [file.name.partition("-of-") for file in folder.iterdir()] if folder.is_dir() else []
        self.bucket_count = max((int(count) for _, _, count in names if count.isdecimal()), default=0)
        self._buckets: dict[int, _Bucket] = {}

    def read(self, sha256: str) -> bytes:
        """The bytes of this hash.

        Raises:
            IndexDamagedError: they are not there, or others than were written.
        """
        with self._errors():
            raw = zlib.decompress(self.read_compressed(sha256))
            if hashlib.sha256(raw).hexdigest() != sha256:
                raise ValueError(f"the bytes of {sha256} are others")
            return raw

    def read_compressed(self, sha256: str) -> bytes:
        """The same as it is stored, unchecked."""
        with self._errors():
            return self._bucket(_bucket_of(sha256, self.bucket_count)).read(sha256)

    def holds_exactly(self, hashes: Sequence[str], bucket: int) -> bool:
        """Whether these, in order, are the contents of a bucket."""
        with self._errors():
            return list(self._bucket(bucket).places) == hashes

    def share(self, bucket: int, target: Path) -> None:
        """Put a bucket into another folder as well."""
        share_file(self._file(bucket), target / self._file(bucket).name)

    def _file(self, bucket: int) -> Path:
        return self.folder / _name(bucket, self.bucket_count)

    def _bucket(self, bucket: int) -> _Bucket:
        if bucket not in self._buckets:
            file = self._file(bucket)
            with file.open("rb") as opened:
                lengths: dict[str, int] = json.loads(opened.readline())
                starts = accumulate(lengths.values(), initial=opened.tell())
            places = dict(zip(lengths, zip(starts, lengths.values(), strict=False), strict=True))
            self._buckets[bucket] = _Bucket(file, places)
        return self._buckets[bucket]

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, zlib.error) as error:
            raise IndexDamagedError(
                f"the pages in {self.folder} cannot be read ({error!r}): run `footnote ingest --rebuild`"
            ) from error


def compressed(raw: bytes) -> bytes:
    """A content as it is stored."""
    return zlib.compress(raw)


def uncompressed(stored: bytes) -> bytes:
    """The content that is stored so."""
    return zlib.decompress(stored)


def write_raw_pages(
    folder: Path, sizes: Mapping[str, int], new: Mapping[str, bytes], base: RawPages | None = None
) -> None:
    """Write the contents of a generation into a new folder.

    Args:
        folder: is made.
        sizes: of each content before compression, by its hash.
        new: compressed contents by hash; the base has all others.
        base: the pages of the generation before.

    Raises:
        IndexDamagedError: a content is neither new nor in the base.
    """
    folder.mkdir()
    count = _bucket_count(sum(sizes.values()))
    if base and base.bucket_count > 0 and base.bucket_count in (count // 2, count * 2):
        count = base.bucket_count
    buckets: list[list[str]] = [[] for _ in range(count)]
    for sha256 in sorted(sizes):
        buckets[_bucket_of(sha256, count)].append(sha256)
    for bucket, hashes in enumerate(buckets):
        if base and base.bucket_count == count and base.holds_exactly(hashes, bucket):
            base.share(bucket, folder)
        else:
            contents = [new[sha256] if sha256 in new else _kept(base, sha256) for sha256 in hashes]
            _write_bucket(folder / _name(bucket, count), dict(zip(hashes, contents, strict=True)))


def _kept(base: RawPages | None, sha256: str) -> bytes:
    if base is None:
        raise IndexDamagedError(f"the bytes of {sha256} are not stored: run `footnote ingest --rebuild`")
    return base.read_compressed(sha256)


def _write_bucket(file: Path, contents: Mapping[str, bytes]) -> None:
    lengths = {sha256: len(content) for sha256, content in contents.items()}
    with file.open("wb") as written:
        written.write(json.dumps(lengths).encode() + b"\n")
        written.writelines(contents.values())


def _bucket_count(size_bytes: int) -> int:
    count = 1
    while count * _BYTES_A_BUCKET < size_bytes:
        count *= 2
    return count


def _bucket_of(sha256: str, count: int) -> int:
    return int(sha256[:8], 16) % count


def _name(bucket: int, count: int) -> str:
    return f"{bucket}-of-{count}"
