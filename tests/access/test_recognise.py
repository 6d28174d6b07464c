"""Who a request is from, by what it shows."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.recognise import ADMIN, Recogniser
from footnote.app.access.types import READER_SCOPES, Caller, Grant
from footnote.app.core.errors import KeyStoreError, SettingsError, UnauthorizedError
from footnote.app.core.settings import load_settings
from tests.issuer import AUDIENCE, Issuer, Pair, rsa_pair, running_issuer

Make = Callable[..., Recogniser]

ADMIN_KEY = "0123456789abcdef"
ADDRESS = "192.0.2.7"
ANYBODY = Caller(f"address:{ADDRESS}", (Grant(READER_SCOPES),))
ORIGIN = "https://docs.example.com"
NOT_GOOD = ["", "Bearer", "Bearer sk-dummy", "Bearer fn_unknown", "Bearer a.b.c", "Basic eDp5"]


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path)


@pytest.fixture
def make(tmp_path: Path, issuer: Issuer) -> Make:
    """What recognises who asks, with another `FOOTNOTE_AUTH`."""
    oidc = f"""
        [oidc]
        issuer = "{issuer.url}"
        audience = "{AUDIENCE}"
        [[oidc.grants]]
    """
    (tmp_path / "other.toml").write_text(oidc, "utf-8")
    config = tmp_path / "other.toml"

    def made(auth: str, admin_key: str | None = ADMIN_KEY) -> Recogniser:
        given = {"auth": auth, "admin_key": admin_key, "config": config, "index_dir": tmp_path}
        return Recogniser(load_settings(env_file=None, **given))

    return made


@pytest.fixture(scope="module")
def rsa_key() -> Pair:
    return rsa_pair("rsa-1")


@pytest.fixture(scope="module")
def issuer(rsa_key: Pair) -> Iterator[Issuer]:
    with running_issuer() as running:
        running.published = [rsa_key.jwk]
        yield running


@pytest.mark.parametrize("auth", ["auto", "none", "keys", "oidc"])
def test_the_key_of_the_settings_is_the_admins_everywhere(auth: str, make: Make) -> None:
    for header in (f"Bearer {ADMIN_KEY}", f"bearer   {ADMIN_KEY} "):
        assert make(auth).caller(header, None, None, ADDRESS) == ADMIN
    assert make(auth).caller("", ADMIN_KEY, None, ADDRESS) == ADMIN
    assert ADMIN.may("admin", "docs") and ADMIN.may("ask", "any")


def test_without_such_a_key_nothing_is_the_admins(make: Make) -> None:
    nobody = make("keys", None)
    for header in ("Bearer ", "Bearer None", "Bearer", "", f"Bearer {ADMIN_KEY}"):
        with pytest.raises(UnauthorizedError):
            nobody.caller(header, None, None, ADDRESS)


@pytest.mark.parametrize("auth", ["auto", "none", "keys", "oidc"])
def test_a_key_is_known_everywhere(auth: str, make: Make, keys: KeyStore) -> None:
    key, secret = keys.create(NewKey("ci", Grant(frozenset({"ingest"}))))
    expected = Caller(f"key:{key.id}", (Grant(frozenset({"ingest"})),))
    assert make(auth).caller(f"Bearer {secret}", None, ORIGIN, ADDRESS) == expected
    assert make(auth).caller("", secret, None, ADDRESS) == expected


@pytest.mark.parametrize("auth", ["auto", "none"])
@pytest.mark.parametrize("header", [*NOT_GOOD, "Bearer ä\udce4"])
def test_where_everybody_may_ask_nothing_shown_is_a_reason_to_refuse(auth: str, make: Make, header: str) -> None:
    assert make(auth).caller(header, None, None, ADDRESS) == ANYBODY


@pytest.mark.parametrize("header", NOT_GOOD)
def test_where_keys_are_asked_for_nothing_else_is_good(make: Make, header: str) -> None:
    with pytest.raises(UnauthorizedError, match="with a key of `footnote keys create`") as error:
        make("keys").caller(header, None, None, ADDRESS)
    assert "issuer" not in str(error.value) and "dummy" not in str(error.value)


def test_a_wrong_header_is_not_made_good_by_a_cookie(make: Make, keys: KeyStore) -> None:
    _, secret = keys.create(NewKey("ci"))
    for header in ("Bearer fn_wrong", "Bearer", "Bearer  "):
        with pytest.raises(UnauthorizedError):
            make("keys").caller(header, secret, None, ADDRESS)
    # A login that a proxy has asked for is none of ours.
    assert make("keys").caller("Basic eDp5", secret, None, ADDRESS).id.startswith("key:")


def test_a_key_for_pages_is_good_on_these_alone(make: Make, keys: KeyStore) -> None:
    _, secret = keys.create(NewKey("widget", origins=frozenset({ORIGIN})))
    asking = make("keys")
    assert asking.caller(f"Bearer {secret}", None, ORIGIN, ADDRESS).id.startswith("key:")
    for origin in (None, "https://evil.example.com"):
        with pytest.raises(UnauthorizedError):
            asking.caller(f"Bearer {secret}", None, origin, ADDRESS)
    assert asking.origins() == {ORIGIN}
    asking.close()


def test_tokens_count_where_the_settings_say_so(make: Make, issuer: Issuer, rsa_key: Pair) -> None:
    header = f"Bearer {issuer.token(rsa_key)}"
    expected = Caller("oidc:jane", (Grant(READER_SCOPES),))
    asking = make("oidc")
    assert asking.caller(header, None, None, ADDRESS) == expected
    with pytest.raises(UnauthorizedError, match="no key of the issuer"):
        asking.caller(header[:-20] + "AAAA" + header[-16:], None, None, ADDRESS)
    for other in (header, "", "Bearer sk-dummy", "Bearer fn_a.b.c"):
        with pytest.raises(UnauthorizedError):
            make("keys").caller(other, None, None, ADDRESS)
    assert make("none").caller(header, None, None, ADDRESS) == ANYBODY


def test_where_tokens_are_asked_for_nothing_else_is_good(make: Make) -> None:
    for header in ("", "Bearer sk-dummy", "Bearer fn_a.b.c", "Basic eDp5"):
        with pytest.raises(UnauthorizedError, match="a token of your issuer, or a key of"):
            make("oidc").caller(header, None, None, ADDRESS)


def test_keys_that_cannot_be_read_let_nobody_in(make: Make, tmp_path: Path) -> None:
    (tmp_path / "keys.sqlite3").write_bytes(b"x" * 5000)
    with pytest.raises(KeyStoreError):
        make("keys").caller("Bearer fn_" + "x" * 43, None, None, ADDRESS)


def test_tokens_need_to_be_told_whose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"section \[oidc\] in footnote.toml"):
        Recogniser(load_settings(env_file=None, index_dir=tmp_path, auth="oidc"))
