"""fetching: the documents of an issuer, of which neither size nor time is left to it."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from footnote.app.core.addresses import is_loopback, issuer_url
from footnote.app.core.errors import IssuerUnreachableError
from footnote.app.core.oidc_settings import OidcSettings

DISCOVERY = "/.well-known/openid-configuration"
# Unpacked, as a few bytes can be packed that fill the memory.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}
_TIMEOUT_S = 5.0  # for all of a document; a guess
_MOST_BYTES = 512_000  # a key takes some 500 bytes, or 3,000 with its certificates


def fetched_key_set(oidc: OidcSettings) -> object:
    """The issuer's key set, as it came; its address is the setting's, or what the issuer itself names.

    Raises:
        IssuerUnreachableError: it cannot be had, or is no JSON.
    """
    try:
        client = httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False, headers=_HEADERS)
    except (ImportError, ValueError) as error:  # a proxy of the environment that httpx cannot use
        raise IssuerUnreachableError(str(error)) from error
    with client:
        return _fetched(client, oidc.jwks_url or _discovered(client, oidc))


def _discovered(client: httpx.Client, oidc: OidcSettings) -> str:
    url = oidc.issuer.rstrip("/") + DISCOVERY
    document = _fetched(client, url)
    named = document if isinstance(document, dict) else {}
    if named.get("issuer") != oidc.issuer:
        raise IssuerUnreachableError(f"{url} is of another issuer than `issuer` in `[oidc]`: write it as it is there")
    address = named.get("jwks_uri")
    try:
        return _allowed(address if isinstance(address, str) else "", oidc.issuer)
    except ValueError as error:
        raise IssuerUnreachableError(f"{url} names no key set that may be fetched (`jwks_uri` {error})") from error


def _allowed(address: str, issuer: str) -> str:
    """The address of keys that a document names.

    Raises:
        ValueError: it is none, or leads to this machine, where the issuer is not.
    """
    host = urlsplit(issuer_url(address)).hostname or ""
    if is_loopback(host) and not is_loopback(urlsplit(issuer).hostname or ""):
        raise ValueError("leads to this machine, and the issuer is another one")
    return address


def _fetched(client: httpx.Client, url: str) -> Any:
    """A JSON document. Redirects are not followed: they could lead anywhere, and no issuer needs one.

    Raises:
        IssuerUnreachableError: it cannot be had, or is none.
    """
    said, began = b"", time.monotonic()
    try:
        with client.stream("GET", url) as response:
            if response.status_code != 200:
                raise IssuerUnreachableError(f"{url} answers with status {response.status_code}, not with a document")
            for part in response.iter_raw():
                said += part
                if len(said) > _MOST_BYTES:
                    raise IssuerUnreachableError(f"{url} has more than {_MOST_BYTES:,} bytes")
                if time.monotonic() - began > _TIMEOUT_S:
                    raise IssuerUnreachableError(f"{url} took more than {_TIMEOUT_S:g} seconds")
        return json.loads(said)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise IssuerUnreachableError(f"{url} cannot be fetched ({str(error) or type(error).__name__})") from error
    except (ValueError, RecursionError) as error:
        raise IssuerUnreachableError(f"{url} is no JSON") from error
