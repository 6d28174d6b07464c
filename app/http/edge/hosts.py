"""hosts: under which names the service may be asked.

A web site can let its own name lead to an address on its visitor's machine or network, and then read with the visitor's
browser what answers there (DNS rebinding). It cannot choose the `Host` that the browser sends, which is that name.
"""

from urllib.parse import urlsplit

from footnote.app.core.addresses import is_loopback
from footnote.app.core.setting_groups import ServiceSettings

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
# Probes ask by an address that nobody can list; they learn that the service runs, and the number of a generation.
_PROBES = ("/health/live", "/health/ready")
_METRICS = "/metrics"


class Hosts:
    """The names that the settings allow."""

    def __init__(self, service: ServiceSettings) -> None:
        self._is_loopback = is_loopback(service.host)
        self._checks = self._is_loopback or bool(service.allowed_hosts)
        # Whose pages may ask is trusted with its name as well.
        origins = [urlsplit(origin).hostname or "" for origin in service.allowed_origins]
        named = [*service.allowed_hosts, *(f"[{host}]" if ":" in host else host for host in origins)]
        # No web site can make a browser send one of the loopback, wherever it leads.
        self._exact = {*LOOPBACK, *named, as_host(service.host)}
        self._below = tuple(name[1:] for name in service.allowed_hosts if name.startswith("*."))

    def allow(self, host: str | None, path: str) -> bool:
        """Whether a request with this `Host` header, None where there is none, may be answered."""
        if not self._checks or path in _PROBES:
            return True
        if path == _METRICS and not self._is_loopback:
            return True  # scraped by the address of a container, and kept by a key
        name = name_of(host or "")
        return name in self._exact or (bool(self._below) and name.endswith(self._below))


def name_of(host: str) -> str:
    """The name of a `Host` header: in lower case, without port and without the dot that ends a full name."""
    name, bracket, port = host.strip().lower().rpartition("]")
    if bracket:
        return f"{name}]" if not port or (port[0] == ":" and port[1:].isdigit()) else ""
    name, colon, port = host.strip().lower().partition(":")
    return name.removesuffix(".") if not colon or port.isdigit() else ""


def as_host(address: str) -> str:
    """An address as a `Host` header has it."""
    return f"[{address.lower()}]" if ":" in address else address.lower()
