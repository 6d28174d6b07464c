"""Objects in a bucket of S3 or of what speaks like it, through obstore.

Where the bucket is and which keys open it, obstore reads from the standard variables: AWS_ENDPOINT_URL, AWS_REGION,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, and those of roles. It is the one place where anything but
the settings reads the environment: who runs other tools beside Footnote has them set, and clouds set them themselves.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from typing import Any

from footnote.app.core.errors import ObjectMissingError, ObjectStoreError, SettingsError
from footnote.app.objects.aws import fix_of, require_endpoint, short
from footnote.app.objects.protocol import PIECE_BYTES, Found, checked_name

# obstore tries again by itself, with jitter: what breaks off on the way, and what the server answers with 5xx. Round
# numbers: a server that is gone is given up after some ten seconds, and whoever waits is told.
_RETRY: Any = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=60),
    "backoff": {"init_backoff": timedelta(milliseconds=250), "max_backoff": timedelta(seconds=5)},
}
# Of a request, which carries one piece at the most.
_CLIENT: Any = {"timeout": timedelta(seconds=120), "connect_timeout": timedelta(seconds=5), "allow_http": True}
_UPLOADS_AT_ONCE = 2  # each holds a piece
_LISTED_AT_ONCE = 1000
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PANIC = "PanicException"  # of obstore's Rust; no Exception, and importable from nowhere


class S3:
    """A bucket, below a prefix.

    Raises:
        SettingsError: obstore is not installed, or the variables are wrong or contradict each other.
    """

    def __init__(self, bucket: str, prefix: str, address: str) -> None:
        if not _BUCKET.fullmatch(bucket):
            raise SettingsError(f"{address}: {bucket!r} is no name of a bucket; write s3://bucket/prefix")
        require_endpoint()
        try:
            import obstore
            from obstore.exceptions import BaseError
            from obstore.store import S3Store
        except ImportError as error:
            raise SettingsError(
                f"{address} needs obstore ({error}): run `pip install -c constraints.txt -e '.[s3]'`"
            ) from error
        self._obstore: Any = obstore
        self._failures: tuple[type[Exception], ...] = (BaseError, FileNotFoundError, PermissionError)
        self._address = address
        try:
            # Plain HTTP only where AWS_ENDPOINT_URL says so.
            self._store: Any = S3Store(
                bucket, prefix=checked_name(prefix) if prefix else None, client_options=_CLIENT, retry_config=_RETRY
            )
        except BaseException as error:
            if not isinstance(error, (*self._failures, ValueError)) and type(error).__name__ != _PANIC:
                raise
            raise SettingsError(
                f"{address} cannot be opened ({short(error)}): check AWS_ENDPOINT_URL, AWS_REGION, "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ) from error

    @property
    def address(self) -> str:
        return self._address

    def read(self, name: str) -> Iterator[bytes]:
        path = checked_name(name)
        start, size, version = 0, 1, None
        while start < size:
            options = {"range": (start, start + PIECE_BYTES), "if_match": version}
            piece, meta = self._piece(path, {key: value for key, value in options.items() if value is not None})
            size, version, start = meta["size"], meta["e_tag"], start + len(piece)
            if piece:
                yield piece
            elif start < size:
                raise ObjectStoreError(f"{self._address} gave nothing of {name} after {start} bytes: try again")

    def write(self, name: str, content: bytes | Iterable[bytes]) -> None:
        path = checked_name(name)
        whole, pieces = _whole_or_pieces(content)
        with self._errors(name):
            if whole is not None:
                self._obstore.put(self._store, path, whole, use_multipart=False)
            else:
                self._obstore.put(self._store, path, pieces, chunk_size=PIECE_BYTES, max_concurrency=_UPLOADS_AT_ONCE)

    def size(self, name: str) -> int | None:
        try:
            with self._errors(name):
                return int(self._obstore.head(self._store, checked_name(name))["size"])
        except ObjectMissingError:
            return None

    def found(self, folder: str = "") -> Iterator[Found]:
        prefix = checked_name(folder) if folder else None
        with self._errors(folder):
            for page in self._obstore.list(self._store, prefix=prefix, chunk_size=_LISTED_AT_ONCE):
                for one in page:
                    yield Found(one["path"], one["size"], one["last_modified"].timestamp())

    def delete(self, names: Iterable[str]) -> None:
        paths = [checked_name(name) for name in names]
        for start in range(0, len(paths), _LISTED_AT_ONCE):
            with self._errors("objects"):
                self._obstore.delete(self._store, paths[start : start + _LISTED_AT_ONCE])

    def prefetch(self, names: Collection[str]) -> None:
        pass

    def flush(self) -> None:
        pass

    def _piece(self, path: str, options: dict[str, Any]) -> tuple[bytes, Any]:
        with self._errors(path):
            try:
                result = self._obstore.get(self._store, path, options=options)
                return bytes(result.bytes()), result.meta
            except self._failures as error:
                if options["range"][0] == 0 and "416 Range Not Satisfiable" in str(error):
                    return b"", self._obstore.head(self._store, path)  # an empty object has no ranges
                raise

    @contextmanager
    def _errors(self, name: str) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            if "NoSuchBucket" in str(error):
                raise ObjectStoreError(f"{self._address}: there is no such bucket; make it first") from error
            if isinstance(error, FileNotFoundError):
                raise ObjectMissingError(f"{self._address} has no {name}") from error
            replaced = type(error).__name__ == "PreconditionError"
            fix = f"{name} was replaced while it was read; try again" if replaced else fix_of(error)
            raise ObjectStoreError(f"{self._address} failed ({short(error)}): {fix}") from error


def _whole_or_pieces(content: bytes | Iterable[bytes]) -> tuple[bytes | None, Iterator[bytes]]:
    """The content where it is one piece, which takes one request; else its pieces."""
    if isinstance(content, bytes):
        return (content, iter(())) if len(content) <= PIECE_BYTES else (None, iter([content]))
    pieces = iter(content)
    held: list[bytes] = []
    held_bytes = 0
    for piece in pieces:
        held.append(piece)
        held_bytes += len(piece)
        if held_bytes > PIECE_BYTES:
            return None, chain(held, pieces)
    return b"".join(held), iter(())
