"""store: the keys of one index folder, in one sqlite file of it; of a key, its hash alone.

A key has 256 random bits, so one SHA-256 without salt keeps it: there is nothing to be guessed. No ingest touches the
file. Who asks costs no write, but for one a day and key, which notes that it was used.
"""

import datetime
import hashlib
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from footnote.app.access.keys.current import CurrentKeys
from footnote.app.access.keys.file import INSERT, KEYS_FILE, TABLES, key_errors, require_keys, shown, to_row
from footnote.app.access.keys.types import PREFIX, Key, NewKey
from footnote.app.access.rules import require_possible
from footnote.app.access.types import Caller
from footnote.app.core.addresses import web_origin
from footnote.app.core.errors import KeyUnknownError, SettingsError
from footnote.app.core.settings import Settings
from footnote.app.core.sqlite_file import make_private, make_tables, opened

_SECRET_BYTES = 32
_ID_BYTES = 4
_MOST_NAME_CHARS = 100
_MOST_KEY_CHARS = 200  # one of ours has 46
_SHOWN_CHARS = 4
_RETRY_S = 300  # after a day of use that could not be noted


class KeyStore:
    """The keys of one index folder; safe to use from several threads and processes."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._file = folder / KEYS_FILE
        self._clock = clock
        self._current = CurrentKeys(self._file)
        self._retry_s: dict[str, float] = {}  # by id: before then no use is noted again

    def create(self, new: NewKey) -> tuple[Key, str]:
        """A new key, with the secret itself, which is nowhere else from now on.

        Raises:
            SettingsError: no key may be as asked for.
            KeyStoreError: it cannot be written.
        """
        _require_possible(new, self._clock())
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        with self._writing() as connection:
            taken = {row[0] for row in connection.execute("SELECT id FROM keys")}
            key_id = next(name for name in iter(lambda: secrets.token_hex(_ID_BYTES), "") if name not in taken)
            key = Key(
                key_id,
                new.name.strip(),
                _sha256(PREFIX + secret),
                shown(secret[:_SHOWN_CHARS], secret[-_SHOWN_CHARS:]),
                new.grant,
                new.origins,
                int(self._clock()),
                new.expires_s,
            )
            connection.execute(INSERT, to_row(key))
        return key, PREFIX + secret

    def all(self) -> list[Key]:
        """Every key, those that are no good any more as well, oldest first.

        Raises:
            KeyStoreError: the file cannot be read.
        """
        return list(self._current.by_hash().values())

    def revoke(self, name: str) -> Key:
        """Refuse a key from the next request on: the one of this id, or of this beginning of one, or the key itself.

        Raises:
            KeyUnknownError: there is none, or there are several of this beginning.
            KeyStoreError: it cannot be written.
        """
        key = self._named(name.strip())
        if key.revoked_s is not None:
            return key
        now_s = int(self._clock())
        with self._writing() as connection:
            connection.execute("UPDATE keys SET revoked_s = ? WHERE id = ? AND revoked_s IS NULL", [now_s, key.id])
        return replace(key, revoked_s=now_s)

    def caller(self, key: str, origin: str | None) -> Caller | None:
        """Who shows this key; None where it is unknown, expired or revoked, or not for pages of this origin.

        Args:
            key: as it was sent.
            origin: the request's `Origin` header, None without one.

        Raises:
            KeyStoreError: the file cannot be read.
        """
        if not key.startswith(PREFIX) or len(key) > _MOST_KEY_CHARS:
            return None
        # By its hash: how long the search takes tells nothing about any key.
        found = self._current.by_hash().get(_sha256(key))
        now_s = self._clock()
        if found is None or found.state(now_s) != "good":
            return None
        if found.origins is not None and origin not in found.origins:
            return None
        self._note_use(found, now_s)
        return Caller(f"key:{found.id}", (found.grant,), is_shared=found.origins is not None)

    def origins(self) -> frozenset[str]:
        """The origins of pages that may ask with a key; for the answer to a browser that wants to know before.

        Raises:
            KeyStoreError: the file cannot be read.
        """
        now_s = self._clock()
        keys = self._current.by_hash().values()
        return frozenset().union(*(key.origins for key in keys if key.origins and key.state(now_s) == "good"))

    def close(self) -> None:
        """Close the file; it is opened again where it is needed."""
        self._current.close()

    def _named(self, name: str) -> Key:
        keys = self.all()
        if name.startswith(PREFIX):
            found = [key for key in keys if key.sha256 == _sha256(name)]
        else:
            found = [key for key in keys if name and key.id.startswith(name.lower())]
        if not found:  # what was given is not repeated: it may be a key
            raise KeyUnknownError("there is no such key: `footnote keys list` shows the id of each")
        if len(found) > 1:
            ids = ", ".join(key.id for key in found)
            raise KeyUnknownError(f"{len(found)} keys have ids that begin so ({ids}): give more of the one you mean")
        return found[0]

    def _note_use(self, key: Key, now_s: float) -> None:
        """Write the day on which the key was used; whoever asks gets an answer even where that fails."""
        today = datetime.datetime.fromtimestamp(now_s, datetime.UTC).date()
        if (key.last_used and key.last_used >= today) or self._retry_s.get(key.id, 0.0) > now_s:
            return
        self._retry_s[key.id] = now_s + _RETRY_S
        with suppress(sqlite3.Error, OSError), opened(self._file, busy_s=0) as connection:
            day = today.isoformat()
            unwritten = "id = ? AND (last_used IS NULL OR last_used < ?)"
            connection.execute(f"UPDATE keys SET last_used = ? WHERE {unwritten}", [day, key.id, day])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in one transaction; the folder is made where there is none yet."""
        with key_errors(self._file):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            make_private(self._file)
            with opened(self._file) as connection:
                require_keys(connection, self._file)
                connection.execute("BEGIN IMMEDIATE")
                make_tables(connection, TABLES)
                yield connection
                connection.execute("COMMIT")


def keys_folder(settings: Settings) -> Path:
    """Where the keys lie: in the index folder, unless the settings name another place."""
    return settings.access.keys_dir or settings.folders.index_dir


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _require_possible(new: NewKey, now_s: float) -> None:
    name = new.name.strip()
    if not name or len(name) > _MOST_NAME_CHARS or not name.isprintable():
        raise SettingsError(
            f"a key's name has 1 to {_MOST_NAME_CHARS} characters on one line: name who or what it is for, "
            "such as `docs-widget`"
        )
    if name.startswith(PREFIX):
        raise SettingsError(f"a name that begins with {PREFIX} looks like a key: give another one")
    if new.expires_s is not None and new.expires_s <= now_s:
        raise SettingsError("the key would have expired already: give a later date, or a number of days such as 90d")
    require_possible(new.grant.scopes, new.grant.collections, new.grant.paths, new.origins)
    for origin in new.origins or ():
        try:
            web_origin(origin)
        except ValueError as error:
            raise SettingsError(str(error)) from error
    for limit, option in ((new.grant.collections, "collection"), (new.grant.paths, "path"), (new.origins, "origin")):
        if limit is not None and not limit:
            raise SettingsError(f"a key for no {option} at all is good for nothing: name one, or leave the limit out")
