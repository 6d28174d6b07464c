"""addresses: the address and the key of a server as settings have them, checked before anything is sent.

What is wrong with one is said without repeating it: it may hold a password.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

POSTGRES_EXAMPLE = "postgres:postgresql://USER@HOST/DATABASE"


def web_address(url: str, prefix: str = "", example: str = "http://localhost:8080/v1") -> SplitResult:
    """The parts of an address on the web; `prefix` stands before it in the setting, of which `example` is one.

    Raises:
        ValueError: it is none.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is no address: a password in it has `/`, `#`, `?` and `@` as %2F, %23, %3F, %40") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"must begin with {prefix}http:// or {prefix}https:// and a host, such as {example}")
    return parts


def server_url(url: str, prefix: str = "", example: str = "http://localhost:8080/v1") -> str:
    """The base URL of an API, without space around it; `prefix` and `example` as of `web_address`.

    Raises:
        ValueError: it is none.
    """
    url = url.strip()
    parts = web_address(url, prefix, example)
    if not url.isprintable() or " " in url:
        raise ValueError("must hold no spaces")
    if parts.query or parts.fragment:
        raise ValueError(f"must end with its path, such as {example}: nothing can be sent behind `?` or `#`")
    return url


def is_loopback(host: str) -> bool:
    """Whether what is listened on under this name can be reached from this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def issuer_url(url: str) -> str:
    """The address of who issues tokens, or of their keys, exactly as it is written.

    Raises:
        ValueError: it is none, or could be read and altered on the way.
    """
    parts = web_address(url, example="https://login.example.com")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("must begin with https://: over http:// anybody on the way could give keys of their own")
    if parts.query or parts.fragment or "@" in parts.netloc or not url.isprintable() or " " in url:
        raise ValueError("must be an address with no login, spaces, `?` or `#`, such as https://login.example.com")
    return url


def web_origin(origin: str) -> str:
    """The origin of pages, as browsers send it.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?|https?://\[[0-9a-f:.]+\](:[0-9]+)?", origin):
        raise ValueError(
            f"{origin!r} is no origin: write scheme, host and port alone, such as https://docs.example.com"
        )
    return origin


def postgres_address(url: str) -> str:
    """The address of a database, which may name a user and, behind `?`, how the connection is secured.

    Raises:
        ValueError: it is none, or holds a password.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is no address: user and database are written with %2F for `/`, %40 for `@`") from None
    if parts.scheme not in ("postgresql", "postgres") or not host or parts.fragment:
        raise ValueError(f"must begin with postgres:postgresql:// and a host, such as {POSTGRES_EXAMPLE}")
    if not url.isprintable() or " " in url:
        raise ValueError("must hold no spaces")
    if parts.password is not None or "password" in parts.query:
        raise ValueError("must hold no password: put that into FOOTNOTE_STORE_TOKEN")
    return url


def sendable_key(key: SecretStr) -> SecretStr:
    """The key without space around it.

    Raises:
        ValueError: no header of a request can hold it.
    """
    value = key.get_secret_value().strip()
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("must be of visible ASCII characters, with no space")
    return SecretStr(value)
