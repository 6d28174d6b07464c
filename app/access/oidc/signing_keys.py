"""signing_keys: which of the keys that an issuer names can check signatures, and of which algorithms each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from footnote.app.core.errors import IssuerUnreachableError

_MOST_KEYS = 100
_LEAST_RSA_BITS, _MOST_RSA_BITS = 2048, 8192  # RFC 7518, 3.3; beyond, each check takes long
_OF_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_OF_CURVE = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"}
# A private part, which some issuers publish by mistake, would make another kind of key.
_PUBLIC = {"RSA": ("kty", "n", "e"), "EC": ("kty", "crv", "x", "y"), "OKP": ("kty", "crv", "x")}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key, by algorithm as PyJWT takes it; only with these, whatever a token says."""

    kid: str | None
    by_algorithm: Mapping[str, Any]


def read_key_set(document: object, allowed: Collection[str]) -> tuple[SigningKey, ...]:
    """The keys with which a token may be signed; those of other kinds and uses, and malformed ones, are left out.

    Raises:
        IssuerUnreachableError: the document is no key set.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise IssuerUnreachableError("the issuer's key set is none: is `jwks_url` in `[oidc]` its address?")
    keys = (_signing_key(jwk, allowed) for jwk in listed[:_MOST_KEYS] if isinstance(jwk, dict))
    return tuple(key for key in keys if key is not None)


def _signing_key(jwk: dict[str, Any], allowed: Collection[str]) -> SigningKey | None:
    from jwt import PyJWK
    from jwt.exceptions import PyJWTError

    kid, operations = jwk.get("kid"), jwk.get("key_ops", ["verify"])
    if not isinstance(kid, str | None) or jwk.get("use", "sig") != "sig":
        return None
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    public = {name: jwk[name] for name in _PUBLIC.get(str(jwk.get("kty")), ()) if isinstance(jwk.get(name), str)}
    algorithms = _algorithms(public) if jwk.get("alg") is None else [jwk["alg"]]
    try:
        usable = [name for name in algorithms if name in allowed and name in _algorithms(public)]
        by_algorithm = {name: PyJWK.from_dict(public, name) for name in usable}
    except (PyJWTError, ValueError, TypeError, OverflowError):
        return None
    if not all(_has_good_size(key.key) for key in by_algorithm.values()):
        return None
    return SigningKey(kid, by_algorithm) if by_algorithm else None


def _algorithms(public: Mapping[str, str]) -> tuple[str, ...]:
    """Those that the kind of the key allows: a key of one kind never checks what says that it is of another."""
    kind = public.get("kty")
    if kind == "RSA":
        return _OF_RSA
    algorithm = _OF_CURVE.get(public.get("crv", ""))
    return (algorithm,) if algorithm and (kind == "OKP") == (algorithm == "EdDSA") else ()


def _has_good_size(key: Any) -> bool:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    return not isinstance(key, RSAPublicKey) or _LEAST_RSA_BITS <= key.key_size <= _MOST_RSA_BITS
