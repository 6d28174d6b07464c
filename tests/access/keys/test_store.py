"""Keys: what is kept of them, who is recognised by one, and when that ends."""

import datetime
import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.access.keys.file import open_to_others
from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import READER_SCOPES, Caller, Grant
from footnote.app.core.errors import KeyStoreError, KeyUnknownError, SettingsError
from tests.clock import NOW, Clock

ORIGIN = "https://docs.example.com"
LIMITED = Grant(frozenset({"ask", "search"}), frozenset({"docs", "handbook"}), frozenset({"guides/", "*install*"}))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> KeyStore:
    return KeyStore(tmp_path, clock)


def content(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("keys.sqlite3*")))


def last_used(folder: Path) -> object:
    with closing(sqlite3.connect(folder / "keys.sqlite3")) as connection:
        return connection.execute("SELECT last_used FROM keys").fetchone()[0]


def write(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "keys.sqlite3", isolation_level=None)) as connection:
        connection.execute(statement)


def test_who_shows_a_key_is_known_with_what_it_allows(store: KeyStore) -> None:
    key, secret = store.create(NewKey("ci", LIMITED))
    assert store.caller(secret, None) == Caller(f"key:{key.id}", (LIMITED,))
    assert store.caller(secret, "https://anywhere.example.com") is not None
    assert len(key.id) == 8 and int(key.id, 16) >= 0
    assert (key.name, key.created_s, key.expires_s, key.origins) == ("ci", NOW, None, None)


def test_a_key_reads_and_asks_unless_more_is_said(store: KeyStore) -> None:
    _, secret = store.create(NewKey("reader"))
    caller = store.caller(secret, None)
    assert caller and caller.grants == (Grant(READER_SCOPES),)


def test_only_the_hash_and_the_ends_of_a_key_are_kept(store: KeyStore, tmp_path: Path) -> None:
    key, secret = store.create(NewKey("ci"))
    assert secret.startswith("fn_") and len(secret) == 46
    kept = content(tmp_path)
    assert hashlib.sha256(secret.encode()).hexdigest().encode() in kept
    assert key.shown == f"fn_{secret[3:7]}…{secret[-4:]}"
    assert not any(secret[start : start + 6].encode() in kept for start in range(3, len(secret) - 5))
    assert stat.S_IMODE((tmp_path / "keys.sqlite3").stat().st_mode) == 0o600


@pytest.mark.parametrize("shown", ["", "fn_", "fn_x", "fn_ä\ud800", "fn_" + "x" * 10_000, "sk-other"])
def test_no_other_text_is_a_key(store: KeyStore, shown: str) -> None:
    assert store.caller(shown, None) is None
    _, secret = store.create(NewKey("ci"))
    assert store.caller(shown, None) is None
    assert store.caller(secret[:-1], None) is None and store.caller(secret + "x", None) is None
    assert store.caller(secret.removeprefix("fn_"), None) is None


def test_the_hash_that_is_kept_is_no_key(store: KeyStore) -> None:
    _, secret = store.create(NewKey("ci"))
    digest = hashlib.sha256(secret.encode()).hexdigest()
    assert store.caller(digest, None) is None and store.caller(f"fn_{digest}", None) is None


def test_an_expired_key_is_refused_from_its_second_on(store: KeyStore, clock: Clock) -> None:
    key, secret = store.create(NewKey("ci", expires_s=NOW + 100))
    clock.now_s = NOW + 99
    assert store.caller(secret, None) and key.state(clock()) == "good"
    clock.now_s = NOW + 100
    assert store.caller(secret, None) is None and key.state(clock()) == "expired"


def test_a_revoked_key_is_refused_at_the_next_request_everywhere(store: KeyStore, tmp_path: Path, clock: Clock) -> None:
    key, secret = store.create(NewKey("ci"))
    others = [KeyStore(tmp_path, clock) for _ in range(2)]
    assert all(each.caller(secret, None) for each in (store, *others))
    revoked = others[0].revoke(key.id)
    assert [each.caller(secret, None) for each in (store, *others)] == [None] * 3
    assert store.all() == [revoked] and revoked.state(clock()) == "revoked"
    clock.now_s += 60
    assert store.revoke(key.id).revoked_s == NOW  # a second time changes nothing


def test_what_another_process_revokes_is_refused(store: KeyStore, tmp_path: Path) -> None:
    key, secret = store.create(NewKey("ci"))
    assert store.caller(secret, None)
    script = (
        "import sys; from pathlib import Path; from footnote.app.access.keys.store import KeyStore; "
        "KeyStore(Path(sys.argv[1])).revoke(sys.argv[2])"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path), key.id], check=True)
    assert store.caller(secret, None) is None


def test_a_write_is_seen_though_the_file_has_the_same_time_and_size(store: KeyStore, tmp_path: Path) -> None:
    key, secret = store.create(NewKey("ci"))
    store.caller(secret, None)
    status = (tmp_path / "keys.sqlite3").stat()
    write(tmp_path, "UPDATE keys SET revoked_s = 1")
    os.utime(tmp_path / "keys.sqlite3", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (tmp_path / "keys.sqlite3").stat().st_size == status.st_size
    assert store.caller(secret, None) is None
    assert store.revoke(key.id).revoked_s == 1


def test_another_file_in_its_place_is_read(store: KeyStore, tmp_path: Path, clock: Clock) -> None:
    _, old = store.create(NewKey("old"))
    assert store.caller(old, None)
    (tmp_path / "other").mkdir()
    _, new = KeyStore(tmp_path / "other", clock).create(NewKey("new"))
    (tmp_path / "other" / "keys.sqlite3").replace(tmp_path / "keys.sqlite3")
    assert store.caller(new, None) and store.caller(old, None) is None
    (tmp_path / "keys.sqlite3").unlink()
    assert store.caller(new, None) is None and store.all() == []


def test_an_unchanged_file_is_read_once(store: KeyStore, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from footnote.app.access.keys import current

    _, secret = store.create(NewKey("ci"))
    store.caller(secret, None)  # notes the day
    store.caller(secret, None)
    monkeypatch.setattr(current, "read_keys", None)
    assert store.caller(secret, None) and store.origins() == frozenset() and len(store.all()) == 1


def test_where_no_key_was_made_nobody_is_known_and_no_file_is_made(store: KeyStore, tmp_path: Path) -> None:
    assert store.caller("fn_" + "x" * 43, None) is None
    assert store.all() == [] and store.origins() == frozenset()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_made_with_the_first_key(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "new" / "index")
    assert store.caller(store.create(NewKey("first"))[1], None)


def test_a_key_for_pages_is_good_on_these_alone(store: KeyStore, clock: Clock) -> None:
    local = "http://127.0.0.1:8000"
    _, secret = store.create(NewKey("widget", origins=frozenset({ORIGIN, local}), expires_s=NOW + 10))
    assert store.caller(secret, ORIGIN) and store.caller(secret, local)
    for origin in (None, "", "null", "https://docs.example.com.evil.example", "http://docs.example.com", ORIGIN + "/"):
        assert store.caller(secret, origin) is None
    assert store.origins() == {ORIGIN, local}
    store.create(NewKey("other"))
    gone, _ = store.create(NewKey("gone", origins=frozenset({"https://gone.example.com"})))
    assert store.origins() == {ORIGIN, local, "https://gone.example.com"}
    store.revoke(gone.id)
    assert store.origins() == {ORIGIN, local}
    clock.now_s += 10
    assert store.origins() == frozenset()


def test_the_day_of_use_is_written_once_a_day(store: KeyStore, tmp_path: Path, clock: Clock) -> None:
    _, secret = store.create(NewKey("ci"))
    assert last_used(tmp_path) is None
    store.caller(secret, None)
    today = datetime.datetime.fromtimestamp(NOW, datetime.UTC).date()
    assert last_used(tmp_path) == today.isoformat() and store.all()[0].last_used == today
    before = content(tmp_path)
    for _ in range(5):
        assert store.caller(secret, None)
    assert content(tmp_path) == before
    clock.now_s += 86_400
    KeyStore(tmp_path, clock).caller(secret, None)
    assert last_used(tmp_path) == (today + datetime.timedelta(days=1)).isoformat()


def test_a_refused_key_counts_as_not_used(store: KeyStore, tmp_path: Path) -> None:
    _, secret = store.create(NewKey("widget", origins=frozenset({ORIGIN})))
    assert store.caller(secret, None) is None
    assert last_used(tmp_path) is None


def test_who_asks_is_known_where_nothing_can_be_written(store: KeyStore, tmp_path: Path, clock: Clock) -> None:
    _, secret = store.create(NewKey("ci"))
    with closing(sqlite3.connect(tmp_path / "keys.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # somebody else writes: nobody waits for that
        assert store.caller(secret, None)
    assert last_used(tmp_path) is None
    assert store.caller(secret, None) and last_used(tmp_path) is None  # and tries again after a while
    clock.now_s += 300
    assert store.caller(secret, None) and last_used(tmp_path) is not None


def test_a_read_only_file_does(store: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = store.create(NewKey("ci"))
    connect = sqlite3.connect

    # Rights do not hold root back, so sqlite is told itself.
    def read_only(address: str, **options: object) -> sqlite3.Connection:
        return connect(str(address).replace("mode=rw", "mode=ro"), **options)  # type: ignore[call-overload, no-any-return]

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", read_only)
        assert store.caller(secret, None) and store.caller(secret, None)
    assert last_used(tmp_path) is None


def test_keys_are_named_by_id_by_its_beginning_or_by_themselves(store: KeyStore, tmp_path: Path) -> None:
    first, secret = store.create(NewKey("a"))
    second, _ = store.create(NewKey("b"))
    write(tmp_path, f"UPDATE keys SET id = 'ab01cdef' WHERE id = '{first.id}'")
    write(tmp_path, f"UPDATE keys SET id = 'ab02cdef' WHERE id = '{second.id}'")
    with pytest.raises(KeyUnknownError, match=r"2 keys .*\(ab01cdef, ab02cdef\)"):
        store.revoke("ab")
    with pytest.raises(KeyUnknownError, match="footnote keys list"):
        store.revoke("b0")
    with pytest.raises(KeyUnknownError, match="footnote keys list") as error:
        store.revoke("fn_not-one-of-ours")
    assert "not-one" not in str(error.value)
    with pytest.raises(KeyUnknownError):
        store.revoke(" ")
    assert store.revoke(" AB02 ").name == "b"
    assert store.revoke(secret).name == "a"
    assert [key.revoked_s for key in store.all()] == [NOW, NOW]


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (NewKey(" "), "1 to 100 characters"),
        (NewKey("two\nlines"), "one line"),
        (NewKey("x" * 101), "1 to 100"),
        (NewKey("fn_abc"), "looks like a key"),
        (NewKey("x", expires_s=NOW), "expired already"),
        (NewKey("x", Grant(frozenset({"ask", "ingest"})), origins=frozenset({ORIGIN})), "may not hold `ingest`"),
        (NewKey("x", Grant(frozenset({"admin"})), origins=frozenset({ORIGIN})), "without origins"),
        (NewKey("x", Grant(frozenset({"ingest", "admin"}), paths=frozenset({"a/"}))), "`ingest` and `admin` sees"),
        (NewKey("x", Grant(READER_SCOPES, paths=frozenset({"!a"}))), "names no file"),
        (NewKey("x", Grant(READER_SCOPES, paths=frozenset({""}))), "names no file"),
        (NewKey("x", Grant(READER_SCOPES, paths=frozenset())), "no path at all"),
        (NewKey("x", Grant(READER_SCOPES, collections=frozenset())), "no collection at all"),
        (NewKey("x", Grant(READER_SCOPES, collections=frozenset({" docs"}))), "names no collection"),
        (NewKey("x", origins=frozenset()), "no origin at all"),
        (NewKey("x", origins=frozenset({"https://docs.example.com/"})), "scheme, host and port alone"),
        (NewKey("x", origins=frozenset({"*"})), "is no origin"),
    ],
)
def test_what_no_key_may_be_is_refused(store: KeyStore, tmp_path: Path, new: NewKey, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        store.create(new)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_none_refuses_everybody(store: KeyStore, tmp_path: Path) -> None:
    (tmp_path / "keys.sqlite3").write_bytes(b"not a database at all" * 100)
    for use in (store.all, store.origins, lambda: store.caller("fn_" + "x" * 43, None), lambda: store.revoke("ab")):
        with pytest.raises(KeyStoreError, match="is damaged .*restore it from a backup"):
            use()
    with pytest.raises(KeyStoreError, match="damaged"):
        store.create(NewKey("ci"))


@pytest.mark.parametrize(
    "change", ["scopes = 'ask rule'", "scopes = ''", "paths = '{}'", "collections = '[1]'", "last_used = 'x'"]
)
def test_a_damaged_limit_is_no_limit_less(store: KeyStore, tmp_path: Path, change: str) -> None:
    _, secret = store.create(NewKey("ci", LIMITED))
    write(tmp_path, f"UPDATE keys SET {change}")
    with pytest.raises(KeyStoreError, match="damaged"):
        store.caller(secret, None)


def test_a_file_of_another_version_is_left_alone(store: KeyStore, tmp_path: Path) -> None:
    _, secret = store.create(NewKey("ci"))
    write(tmp_path, "PRAGMA user_version = 2")
    with pytest.raises(KeyStoreError, match="another version"):
        store.caller(secret, None)
    with pytest.raises(KeyStoreError, match="another version"):
        store.create(NewKey("more"))


@pytest.mark.parametrize("version", [0, 1, 7])
def test_another_database_is_no_file_of_keys(store: KeyStore, tmp_path: Path, version: int) -> None:
    write(tmp_path, "CREATE TABLE orders (number INTEGER)")
    write(tmp_path, f"PRAGMA user_version = {version}")
    for use in (store.all, lambda: store.caller("fn_" + "x" * 43, None), lambda: store.create(NewKey("ci"))):
        with pytest.raises(
            KeyStoreError, match=r"is another SQLite database, with the tables orders: move it away, or"
        ):
            use()
    with closing(sqlite3.connect(tmp_path / "keys.sqlite3")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("orders",)]


def test_a_table_of_keys_that_is_not_ours_is_told(store: KeyStore, tmp_path: Path) -> None:
    write(tmp_path, "CREATE TABLE keys (door TEXT)")
    write(tmp_path, "PRAGMA user_version = 1")
    with pytest.raises(KeyStoreError, match=r"is no file of keys \(no such column: \w+\): move it away, or"):
        store.all()


def test_a_file_that_others_may_read_or_write_is_told(store: KeyStore, tmp_path: Path) -> None:
    file = tmp_path / "keys.sqlite3"
    assert open_to_others(tmp_path) is None
    store.create(NewKey("ci"))
    assert open_to_others(tmp_path) is None
    for mode in (0o644, 0o640, 0o602):
        file.chmod(mode)
        told = f"{file} is open to other users (mode {mode:o}): run `chmod 600 {file}`"
        assert open_to_others(tmp_path) == told


def test_a_file_that_is_mended_is_read_again(store: KeyStore, tmp_path: Path) -> None:
    _, secret = store.create(NewKey("ci"))
    write(tmp_path, "UPDATE keys SET scopes = 'x'")
    with pytest.raises(KeyStoreError):
        store.caller(secret, None)
    write(tmp_path, "UPDATE keys SET scopes = 'ask'")
    assert store.caller(secret, None)


def test_many_threads_make_and_show_keys_at_once(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    ready = threading.Barrier(8)

    def make(number: int) -> bool:
        ready.wait()
        key, secret = store.create(NewKey(f"key {number}"))
        caller = store.caller(secret, None)
        return caller is not None and caller.id == f"key:{key.id}"

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(make, range(8)))
    assert sorted(key.name for key in store.all()) == [f"key {number}" for number in range(8)]
