"""The keys of an issuer: when they are fetched, how long they are good, and what no issuer may do to the service."""

import gzip
import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from footnote.app.access.oidc import fetching
from footnote.app.access.oidc.issuer_keys import FRESH_S, KNOWN_S, PAUSE_S, IssuerKeys
from footnote.app.access.oidc.verifier import Verifier
from footnote.app.core.errors import IssuerUnreachableError, UnauthorizedError
from tests.clock import Clock
from tests.issuer import DISCOVERY, JWKS, Issuer, Pair

BOTH = [DISCOVERY, JWKS]


@pytest.fixture
def keys(issuer: Issuer, clock: Clock) -> IssuerKeys:
    return IssuerKeys(issuer.settings(), clock)


def kids(keys: IssuerKeys, kid: str, algorithm: str = "RS256") -> list[str | None]:
    return [key.kid for key in keys.fitting(kid, algorithm)]


def test_keys_are_fetched_once_and_again_after_an_hour(keys: IssuerKeys, issuer: Issuer, clock: Clock) -> None:
    assert [kids(keys, "rsa-1") for _ in range(3)] == [["rsa-1"]] * 3
    clock.now_s += int(FRESH_S) - 1
    assert kids(keys, "rsa-1") == ["rsa-1"] and issuer.asked == BOTH
    issuer.published = issuer.published[1:]  # withdrawn
    clock.now_s += 1
    assert kids(keys, "rsa-1") == [] and issuer.asked == BOTH * 2


def test_a_new_key_is_fetched_when_a_token_names_it(
    verifier: Verifier, issuer: Issuer, clock: Clock, rsa_key: Pair, other_rsa_key: Pair
) -> None:
    assert verifier.caller(issuer.token(rsa_key)).id == "oidc:jane"
    issuer.published = [other_rsa_key.jwk]
    clock.now_s += int(PAUSE_S)
    assert verifier.caller(issuer.token(other_rsa_key)).id == "oidc:jane"
    with pytest.raises(UnauthorizedError):  # the old one was withdrawn with that
        verifier.caller(issuer.token(rsa_key))
    assert issuer.asked == BOTH * 2


def test_made_up_names_ask_the_issuer_once_in_ten_seconds(keys: IssuerKeys, issuer: Issuer, clock: Clock) -> None:
    for second in range(30):
        for name in range(20):
            assert kids(keys, f"made-up-{second}-{name}") == []
        assert kids(keys, "rsa-1") == ["rsa-1"]
        clock.now_s += 1
    assert issuer.asked == BOTH * 3


def test_requests_that_come_at_once_fetch_once(keys: IssuerKeys, issuer: Issuer) -> None:
    ready = threading.Barrier(16)
    issuer.holds = lambda: time.sleep(0.05)

    def ask(number: int) -> list[str | None]:
        ready.wait()
        return kids(keys, "rsa-1" if number % 2 else "made-up")

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(ask, range(16)))
    assert found == [[], ["rsa-1"]] * 8
    assert issuer.asked == BOTH


def test_who_has_a_known_key_waits_for_nobody_who_fetches(keys: IssuerKeys, issuer: Issuer, clock: Clock) -> None:
    assert kids(keys, "rsa-1") == ["rsa-1"]
    clock.now_s += int(FRESH_S)
    began, ends = threading.Event(), threading.Event()

    def hold() -> None:
        began.set()
        ends.wait(10)

    issuer.holds = hold
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(kids, keys, "rsa-1")
        assert began.wait(10)
        assert kids(keys, "rsa-1") == ["rsa-1"] and not slow.done()
        ends.set()
        assert slow.result() == ["rsa-1"]


def test_known_keys_go_on_for_a_day_while_the_issuer_is_away(
    keys: IssuerKeys, issuer: Issuer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    assert kids(keys, "rsa-1") == ["rsa-1"]
    issuer.instead = {DISCOVERY: (503, b"")}
    clock.now_s += int(KNOWN_S) - 1
    with caplog.at_level(logging.WARNING):
        assert kids(keys, "rsa-1") == ["rsa-1"]
    assert "answers with status 503" in caplog.text
    clock.now_s += 1
    with pytest.raises(IssuerUnreachableError, match="the service's log says why"):
        keys.fitting("rsa-1", "RS256")
    issuer.instead = {}
    clock.now_s += int(PAUSE_S)
    assert kids(keys, "rsa-1") == ["rsa-1"]


def test_without_keys_it_says_that_the_issuer_is_away_and_asks_again_after_a_pause(
    keys: IssuerKeys, issuer: Issuer, clock: Clock
) -> None:
    issuer.instead = {JWKS: (500, b"")}
    for _ in range(5):
        with pytest.raises(IssuerUnreachableError, match="try again later, or use a key"):
            keys.fitting("rsa-1", "RS256")
    assert issuer.asked == BOTH
    issuer.instead = {}
    clock.now_s += int(PAUSE_S)
    assert kids(keys, "rsa-1") == ["rsa-1"]


def test_an_issuer_that_is_not_there_is_unreachable(issuer: Issuer, clock: Clock) -> None:
    nobody = IssuerKeys(issuer.settings(issuer="http://127.0.0.1:9"), clock)
    with pytest.raises(IssuerUnreachableError):
        nobody.fitting("rsa-1", "RS256")


def test_the_address_of_keys_can_be_set(issuer: Issuer, clock: Clock) -> None:
    keys = IssuerKeys(issuer.settings(jwks_url=issuer.url + JWKS), clock)
    assert kids(keys, "rsa-1") == ["rsa-1"] and issuer.asked == [JWKS]


def test_an_issuer_whose_address_ends_with_a_slash_is_found(issuer: Issuer, clock: Clock) -> None:
    issuer.discovery = {"issuer": issuer.url + "/"}
    assert kids(IssuerKeys(issuer.settings(issuer=issuer.url + "/"), clock), "rsa-1") == ["rsa-1"]


def why(issuer: Issuer, **values: Any) -> str:
    with pytest.raises(IssuerUnreachableError) as error:
        fetching.fetched_key_set(issuer.settings(**values))
    return str(error.value)


@pytest.mark.parametrize("address", ["http://192.0.2.1/keys", "file:///etc/passwd", "ftp://127.0.0.1/x", "", None, 7])
def test_keys_are_not_fetched_from_just_anywhere(issuer: Issuer, address: object) -> None:
    issuer.discovery = {"jwks_uri": address}
    assert "names no key set that may be fetched" in why(issuer)
    assert issuer.asked == [DISCOVERY]


def test_no_issuer_leads_to_what_listens_on_this_machine() -> None:
    from footnote.app.access.oidc.fetching import _allowed

    for address in ("http://127.0.0.1:6379/", "https://localhost/keys", "https://[::1]/keys", "http://127.9.9.9/"):
        with pytest.raises(ValueError, match="this machine"):
            _allowed(address, "https://login.example.com")
        assert _allowed(address, "http://localhost:8080/realms/docs") == address


@pytest.mark.parametrize("document", [b"[]", b"null", b'{"issuer": "https://evil.example.com"}', b"{}"])
def test_a_document_of_another_issuer_is_refused(issuer: Issuer, document: bytes) -> None:
    issuer.instead = {DISCOVERY: (200, document)}
    assert "of another issuer" in why(issuer)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://127.0.0.1/", DISCOVERY])
def test_redirects_are_not_followed(issuer: Issuer, target: str) -> None:
    issuer.instead = {JWKS: (302, b"")}
    issuer.headers = {"Location": target}
    assert "answers with status 302" in why(issuer)
    assert issuer.asked == BOTH


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_refused(issuer: Issuer, body: bytes) -> None:
    issuer.instead = {JWKS: (200, body)}
    assert "is no JSON" in why(issuer)


def test_a_key_set_without_end_is_left(issuer: Issuer) -> None:
    issuer.instead = {JWKS: (200, b" " * 600_000)}
    assert "more than 512,000 bytes" in why(issuer)


def test_nothing_is_unpacked(issuer: Issuer) -> None:
    issuer.instead = {JWKS: (200, gzip.compress(b'{"keys": []}' + b" " * 10**6))}
    issuer.headers = {"Content-Encoding": "gzip"}
    assert "is no JSON" in why(issuer, jwks_url=issuer.url + JWKS)


def test_an_issuer_that_says_nothing_is_left(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = threading.Event()
    issuer.holds = lambda: ends.wait(10)
    monkeypatch.setattr(fetching, "_TIMEOUT_S", 0.1)
    assert "cannot be fetched" in why(issuer)
    ends.set()


@pytest.mark.parametrize("document", [[], {}, {"keys": {}}, {"keys": "x"}])
def test_what_is_no_key_set_replaces_no_keys(keys: IssuerKeys, issuer: Issuer, clock: Clock, document: object) -> None:
    assert kids(keys, "rsa-1") == ["rsa-1"]
    issuer.instead = {JWKS: (200, json.dumps(document).encode())}
    clock.now_s += int(FRESH_S)
    assert kids(keys, "rsa-1") == ["rsa-1"]


def test_of_endless_keys_the_first_hundred_are_read(issuer: Issuer, clock: Clock, rsa_key: Pair) -> None:
    issuer.published = [{**rsa_key.jwk, "kid": str(number)} for number in range(150)]
    keys = IssuerKeys(issuer.settings(), clock)
    assert kids(keys, "99") == ["99"] and kids(keys, "100") == []


def test_entries_that_are_no_keys_are_passed_over(issuer: Issuer, clock: Clock, rsa_key: Pair) -> None:
    junk: list[Any] = [None, 1, "x", [], {}, {"kty": "RSA"}, {"kty": {}}, {"kty": "EC", "crv": "P-256", "x": "!"}]
    issuer.published = [*junk, rsa_key.jwk]
    assert kids(IssuerKeys(issuer.settings(), clock), "rsa-1") == ["rsa-1"]


Make = Callable[..., Verifier]


def test_a_token_of_an_unreachable_issuer_is_neither_good_nor_bad(issuer: Issuer, make: Make, rsa_key: Pair) -> None:
    issuer.instead = {DISCOVERY: (500, b"")}
    with pytest.raises(IssuerUnreachableError):
        make().caller(issuer.token(rsa_key))
