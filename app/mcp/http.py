"""http: the server over streamable HTTP, for the application that has the route."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from footnote.app.core.setting_groups import ServiceSettings
from footnote.app.mcp.door import Door
from footnote.app.mcp.server import make_server

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_EVERYWHERE = ("0.0.0.0", "::")  # addresses to listen on, and names of no host


def session_manager(door: Door, service: ServiceSettings) -> StreamableHTTPSessionManager:
    """What answers the requests while its `run()` is entered; no request depends on another one."""
    server = make_server(door)
    server.streamable_http_app(
        stateless_http=True,
        max_request_body_size=service.max_request_kb * 1000,
        transport_security=allowed(service),
    )
    return server.session_manager


def allowed(service: ServiceSettings) -> TransportSecuritySettings:
    """Under which names the service may be asked, and from which pages: a page of another site must not reach it.

    Its own names are those of the loopback, of the address that it listens on, those of
    FOOTNOTE_ALLOWED_HOSTS without a star, and of the origins that may ask.
    """
    own = () if service.host in _EVERYWHERE else (_as_host(service.host.lower()),)
    named = [host for host in service.allowed_hosts if not host.startswith("*.")]
    hosts = dict.fromkeys([*_LOOPBACK, *own, *named, *_hosts(service.allowed_origins)])
    origins = [f"{scheme}://{host}" for host in dict.fromkeys([*_LOOPBACK, *own]) for scheme in ("http", "https")]
    return TransportSecuritySettings(
        allowed_hosts=[*hosts, *(f"{host}:*" for host in hosts)],
        allowed_origins=[*origins, *(f"{origin}:*" for origin in origins), *service.allowed_origins],
    )


def _hosts(origins: Sequence[str]) -> list[str]:
    return [_as_host(urlsplit(origin).hostname or "") for origin in origins]


def _as_host(host: str) -> str:
    """As a `Host` header has it."""
    return f"[{host}]" if ":" in host else host
