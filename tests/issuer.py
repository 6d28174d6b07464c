"""An OIDC issuer on loopback: discovery, keys that rotate, and tokens, right ones and others."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from footnote.app.core.oidc_settings import OidcSettings

AUDIENCE = "footnote"
JWKS = "/keys"
DISCOVERY = "/.well-known/openid-configuration"
_WRITERS = {"RS": RSAAlgorithm, "PS": RSAAlgorithm, "ES": ECAlgorithm, "Ed": OKPAlgorithm}


@dataclass(frozen=True)
class Pair:
    """A private key, and what is published of it."""

    private: Any
    algorithm: str
    kid: str

    @property
    def jwk(self) -> dict[str, Any]:
        written = _WRITERS[self.algorithm[:2]].to_jwk(self.private.public_key(), as_dict=True)
        return {**written, "kid": self.kid, "use": "sig", "alg": self.algorithm}


def rsa_pair(kid: str, bits: int = 2048, algorithm: str = "RS256") -> Pair:
    return Pair(rsa.generate_private_key(65537, bits), algorithm, kid)


def ec_pair(kid: str, curve: ec.EllipticCurve | None = None, algorithm: str = "ES256") -> Pair:
    return Pair(ec.generate_private_key(curve or ec.SECP256R1()), algorithm, kid)


def ed_pair(kid: str) -> Pair:
    return Pair(ed25519.Ed25519PrivateKey.generate(), "EdDSA", kid)


@dataclass
class Issuer:
    """The server. What is said in place of a document is in `instead`, by path: a status and a body."""

    url: str = ""
    published: list[dict[str, Any]] = field(default_factory=list)
    discovery: dict[str, Any] = field(default_factory=dict)
    instead: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    holds: Callable[[], object] = lambda: None

    def settings(self, **values: Any) -> OidcSettings:
        grants = [{"claim": "scope", "value": "docs:read"}]
        return OidcSettings.model_validate(
            {"issuer": self.url, "audience": AUDIENCE, "grants": grants, "algorithms": ["RS256", "ES256"], **values}
        )

    def claims(self, **values: Any) -> dict[str, Any]:
        """Those of a good token; a value of None leaves one out."""
        now = int(time.time())
        good = {"iss": self.url, "aud": AUDIENCE, "sub": "jane", "exp": now + 300, "iat": now, "scope": "docs:read x"}
        return {name: value for name, value in (good | values).items() if value is not None}

    def token(self, pair: Pair, header: dict[str, Any] | None = None, **claims: Any) -> str:
        fields = {"kid": pair.kid, **(header or {})}
        fields = {name: value for name, value in fields.items() if value is not None}
        return jwt.encode(self.claims(**claims), pair.private, pair.algorithm, headers=fields)

    def said(self, path: str) -> tuple[int, bytes]:
        if path in self.instead:
            return self.instead[path]
        documents = {
            DISCOVERY: {"issuer": self.url, "jwks_uri": self.url + JWKS, **self.discovery},
            JWKS: {"keys": self.published},
        }
        return (200, json.dumps(documents[path]).encode()) if path in documents else (404, b"")


def part(value: object) -> str:
    """A part of a token that was made by hand."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """An issuer that answers until the block ends."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            issuer.holds()
            status, body = issuer.said(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **issuer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
