"""Tokens of an issuer: which are good, and all that is sent in place of a good one."""

import hashlib
import hmac
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from footnote.app.access.oidc.signing_keys import read_key_set
from footnote.app.access.oidc.verifier import Verifier
from footnote.app.access.types import READER_SCOPES, Caller, Grant
from footnote.app.core.errors import SettingsError, UnauthorizedError
from tests.issuer import AUDIENCE, Issuer, Pair, ec_pair, ed_pair, part, rsa_pair

Make = Callable[..., Verifier]
JANE = Caller("oidc:jane", (Grant(READER_SCOPES),))


def refused(verifier: Verifier, token: str, match: str = "the token") -> None:
    """Why a token is refused; nothing of it is repeated."""
    with pytest.raises(UnauthorizedError, match=match) as error:
        verifier.caller(token)
    said = str(error.value)
    assert "jane" not in said and "rsa-1" not in said and token not in said


def test_a_token_of_either_kind_is_its_owners(verifier: Verifier, issuer: Issuer, rsa_key: Pair, ec_key: Pair) -> None:
    assert verifier.caller(issuer.token(rsa_key)) == JANE
    assert verifier.caller(issuer.token(ec_key)) == JANE
    assert verifier.caller(issuer.token(rsa_key, aud=["other", AUDIENCE], typ="at+jwt")) == JANE
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


def test_other_algorithms_are_good_where_they_are_set(issuer: Issuer, make: Make, rsa_key: Pair) -> None:
    pss = Pair(rsa_key.private, "PS384", "pss")
    pairs = [pss, ec_pair("p384", ec.SECP384R1(), "ES384"), ec_pair("p521", ec.SECP521R1(), "ES512"), ed_pair("ed")]
    issuer.published = [pair.jwk for pair in pairs]
    for pair in pairs:
        assert make(algorithms=[pair.algorithm]).caller(issuer.token(pair)) == JANE
        refused(make(algorithms=["RS256"]), issuer.token(pair), "in a way that is not accepted")


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "another"}, "for another service"),
        ({"aud": ["another"]}, "for another service"),
        ({"aud": [AUDIENCE, 7]}, "for another service"),
        ({"aud": None}, "lacks one of the claims"),
        ({"iss": "https://evil.example.com"}, "of another issuer"),
        ({"iss": None}, "lacks one of the claims"),
        ({"exp": 1_000_000_000}, "has expired"),
        ({"exp": None}, "lacks one of the claims"),
        ({"exp": "soon"}, "malformed"),
        ({"exp": True}, "has expired"),
        ({"nbf": 99_999_999_999}, "not good yet"),
        ({"iat": 99_999_999_999}, "not good yet"),
        ({"sub": None}, "lacks one of the claims"),
        ({"sub": ""}, "does not name"),
        ({"sub": "two\nlines"}, "does not name"),
        ({"sub": "x" * 201}, "does not name"),
    ],
)
def test_a_token_for_others_or_another_time_is_refused(
    verifier: Verifier, issuer: Issuer, rsa_key: Pair, claims: dict[str, Any], reason: str
) -> None:
    refused(verifier, issuer.token(rsa_key, **claims), reason)


def test_clocks_may_differ_by_the_leeway(issuer: Issuer, make: Make, rsa_key: Pair) -> None:
    now = int(time.time())
    late, early = issuer.token(rsa_key, exp=now - 100), issuer.token(rsa_key, nbf=now + 100, iat=now + 100)
    lenient, strict = make(leeway_s=300), make(leeway_s=0)
    assert lenient.caller(late) == lenient.caller(early) == JANE
    refused(strict, late, "has expired")
    refused(strict, early, "not good yet")


def test_a_token_without_a_signature_is_refused(verifier: Verifier, issuer: Issuer, rsa_key: Pair) -> None:
    head, claims, signature = issuer.token(rsa_key).split(".")
    refused(verifier, f"{head}.{claims}.", "no key of the issuer")
    refused(verifier, f"{head}.{claims}", "no JWT")
    for name in ("none", "None", "NONE", "nOnE", ""):
        for end in ("", signature):
            forged = f"{part({'alg': name, 'typ': 'JWT', 'kid': 'rsa-1'})}.{claims}.{end}"
            refused(verifier, forged, "in a way that is not accepted")


def test_the_public_key_is_no_secret_to_sign_with(verifier: Verifier, issuer: Issuer, rsa_key: Pair) -> None:
    public = rsa_key.private.public_key()
    formats = serialization.PublicFormat
    secrets = [
        public.public_bytes(serialization.Encoding.PEM, formats.SubjectPublicKeyInfo),
        public.public_bytes(serialization.Encoding.DER, formats.SubjectPublicKeyInfo),
        public.public_bytes(serialization.Encoding.PEM, formats.PKCS1),
        json.dumps(rsa_key.jwk).encode(),
        rsa_key.jwk["n"].encode(),
        b"",
    ]
    for secret in secrets:
        for algorithm in ("HS256", "RS256"):  # the second one says what it is not
            signed = f"{part({'alg': algorithm, 'kid': 'rsa-1'})}.{part(issuer.claims())}"
            signature = part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())
            refused(verifier, f"{signed}.{signature}", "not accepted" if algorithm == "HS256" else "no key of")


def test_a_key_that_the_issuer_has_not_published_signs_nothing(
    verifier: Verifier, issuer: Issuer, rsa_key: Pair, other_rsa_key: Pair, ec_key: Pair
) -> None:
    refused(verifier, issuer.token(other_rsa_key), "no key of the issuer")  # under its own name
    refused(verifier, issuer.token(other_rsa_key, {"kid": "rsa-1"}), "no key of the issuer")
    refused(verifier, issuer.token(other_rsa_key, {"kid": None}), "no key of the issuer")
    refused(verifier, issuer.token(rsa_key, {"kid": "ec-1"}), "no key of the issuer")
    refused(verifier, issuer.token(ec_key, {"kid": "rsa-1"}), "no key of the issuer")


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c"])
def test_a_key_that_a_token_brings_along_is_none(
    verifier: Verifier, issuer: Issuer, other_rsa_key: Pair, name: str
) -> None:
    brought = {"jwk": other_rsa_key.jwk, "jku": issuer.url + "/evil", "x5u": issuer.url + "/evil", "x5c": ["MII"]}
    for kid in ("rsa-1", "rsa-2"):
        refused(verifier, issuer.token(other_rsa_key, {name: brought[name], "kid": kid}), "no key of the issuer")
    assert "/evil" not in issuer.asked


def test_a_token_that_was_altered_is_refused(verifier: Verifier, issuer: Issuer, rsa_key: Pair, ec_key: Pair) -> None:
    for pair in (rsa_key, ec_key):
        head, _, signature = issuer.token(pair).split(".")
        refused(verifier, f"{head}.{part(issuer.claims(sub='admin'))}.{signature}", "no key of the issuer")
    head, claims, _ = issuer.token(ec_key).split(".")
    refused(verifier, f"{head}.{claims}.{part(bytes(64))}", "no key of the issuer")  # r = s = 0
    refused(verifier, f"{head}.{claims}.{part(bytes(10_000))}", "no key of the issuer")


@pytest.mark.parametrize(
    "kid", ["../../../../dev/null", "' OR '1'='1", "rsa-1' UNION SELECT 'x", "http://127.0.0.1/keys", "x" * 5000, "\0"]
)
def test_the_name_of_a_key_is_only_compared(verifier: Verifier, issuer: Issuer, rsa_key: Pair, kid: str) -> None:
    refused(verifier, issuer.token(rsa_key, {"kid": kid}), "no key of the issuer")
    assert set(issuer.asked) == {"/.well-known/openid-configuration", "/keys"}


@pytest.mark.parametrize("kid", [1, True, [], {}, {"$ne": ""}])
def test_a_name_that_is_no_text_is_refused(verifier: Verifier, issuer: Issuer, kid: object) -> None:
    token = f"{part({'alg': 'RS256', 'kid': kid})}.{part(issuer.claims())}.{part(b'x' * 256)}"
    refused(verifier, token, "no JWT")
    assert issuer.asked == []


@pytest.mark.parametrize("head", [{"crit": ["exp"]}, {"crit": ["b64"], "b64": False}, {"b64": False}])
def test_what_asks_for_more_than_a_signature_is_refused(
    verifier: Verifier, issuer: Issuer, rsa_key: Pair, head: dict[str, Any]
) -> None:
    signed = f"{part({'alg': 'RS256', 'kid': 'rsa-1', **head})}.{part(issuer.claims())}"
    from jwt.algorithms import RSAAlgorithm

    signature = part(RSAAlgorithm(RSAAlgorithm.SHA256).sign(signed.encode(), rsa_key.private))
    refused(verifier, f"{signed}.{signature}")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "..",
        "a.b.c",
        "....",
        "ä.ö.ü",
        "\ud800.\ud800.\ud800",
        f"{part([])}.{part({})}.x",
        f"{part(b'[' * 9000)}.{part({})}.{part(b'x')}",
        f"{part({'alg': ['RS256']})}.{part({})}.{part(b'x')}",
        f"{part({'kid': 'rsa-1'})}.{part({})}.{part(b'x')}",
        f"{part({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.x.x.x.x",
        "x" * 16_385,
    ],
)
def test_what_is_no_token_is_refused_before_the_issuer_is_asked(verifier: Verifier, issuer: Issuer, token: str) -> None:
    with pytest.raises(UnauthorizedError):
        verifier.caller(token)
    assert issuer.asked == []


@pytest.mark.parametrize("claims", [b"[]", b"{", b'"x"', b"[" * 9000, b'{"exp": NaN}', b'{"exp": Infinity}'])
def test_claims_that_are_none_are_refused_though_the_issuer_signs_them(
    verifier: Verifier, rsa_key: Pair, claims: bytes
) -> None:
    token = jwt.PyJWS().encode(claims, rsa_key.private, "RS256", headers={"kid": "rsa-1"})
    refused(verifier, token)


def test_a_long_token_is_refused_unread(verifier: Verifier, issuer: Issuer, rsa_key: Pair) -> None:
    assert verifier.caller(issuer.token(rsa_key, groups=["g" * 30] * 300)) == JANE
    refused(verifier, issuer.token(rsa_key, groups=["g" * 30] * 500), "more than 16384 characters")


def test_two_keys_of_one_name_are_told_apart_by_their_kind(
    issuer: Issuer, make: Make, rsa_key: Pair, other_rsa_key: Pair
) -> None:
    same = [Pair(pair.private, pair.algorithm, "same") for pair in (rsa_key, ec_pair("same"), other_rsa_key)]
    symmetric = {"kty": "oct", "kid": "same", "k": part(b"secret" * 8), "alg": "RS256"}
    issuer.published = [symmetric, *(pair.jwk for pair in same)]
    verifier = make()
    assert [verifier.caller(issuer.token(pair)) for pair in same] == [JANE] * 3
    refused(verifier, issuer.token(Pair(ec_pair("x").private, "ES256", "same")), "no key of the issuer")


def test_a_token_that_names_no_key_is_of_the_only_one(issuer: Issuer, make: Make, rsa_key: Pair, ec_key: Pair) -> None:
    assert make().caller(issuer.token(rsa_key, {"kid": None})) == JANE
    issuer.published = [rsa_key.jwk, {**rsa_key.jwk, "kid": "rsa-2"}]
    refused(make(), issuer.token(rsa_key, {"kid": None}), "no key of the issuer")


@pytest.mark.parametrize(
    "change",
    [
        {"use": "enc"},
        {"key_ops": ["sign"]},
        {"key_ops": "verify"},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"alg": 7},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC"},
        {"kid": 7},
        {"n": "AQAB"},
        {"n": "!"},
        {"n": None},
        {"e": ""},
    ],
)
def test_a_key_that_is_not_for_this_is_not_used(
    issuer: Issuer, make: Make, rsa_key: Pair, ec_key: Pair, change: dict[str, Any]
) -> None:
    issuer.published = [{**rsa_key.jwk, **change}, ec_key.jwk]
    verifier = make()
    refused(verifier, issuer.token(rsa_key), "no key of the issuer")
    assert verifier.caller(issuer.token(ec_key)) == JANE


def test_a_key_of_one_curve_checks_nothing_of_another(ec_key: Pair) -> None:
    for name in ("ES384", "ES512", "EdDSA", "RS256"):
        assert read_key_set({"keys": [{**ec_key.jwk, "alg": name}]}, ["ES256", name]) == ()


def test_a_short_key_is_not_used_and_a_private_one_is_read_as_public(issuer: Issuer, make: Make, rsa_key: Pair) -> None:
    from jwt.algorithms import RSAAlgorithm

    short = rsa_pair("short", 1024)
    private = RSAAlgorithm.to_jwk(rsa_key.private, as_dict=True)
    issuer.published = [short.jwk, {**private, "kid": "rsa-1", "key_ops": ["verify"]}]
    verifier = make()
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        token = issuer.token(short)
    refused(verifier, token, "no key of the issuer")
    assert verifier.caller(issuer.token(rsa_key)) == JANE


def test_who_it_is_comes_from_the_claim_of_the_settings(issuer: Issuer, make: Make, rsa_key: Pair) -> None:
    verifier = make(name_claim="profile.email")
    token = issuer.token(rsa_key, profile={"email": " jane@example.com "})
    assert verifier.caller(token).id == "oidc:jane@example.com"
    with pytest.raises(UnauthorizedError, match="`name_claim`"):
        verifier.caller(issuer.token(rsa_key))


def test_a_grant_beyond_its_limits_is_refused_when_settings_are_read(make: Make) -> None:
    reading = {"claim": "a", "value": "b"}
    for grant, message in [
        ({"scopes": ["ingest"], "paths": ["a/"]}, "number 2: `ingest` sees every page"),
        ({"paths": ["!a"]}, "number 2: .* names no file"),
        ({"collections": [" "]}, "number 2: .* names no collection"),
    ]:
        with pytest.raises(SettingsError, match=message):
            make(grants=[reading, grant])


@pytest.mark.parametrize("missing", ["jwt", "cryptography"])
def test_without_the_extra_the_error_says_what_to_install(
    make: Make, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SettingsError, match=r"pip install -c constraints.txt -e '.\[oidc\]'"):
        make()
