"""recognise: who sent a request, by what it shows."""

import hmac

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.types import READER_SCOPES, Caller, Grant
from footnote.app.core.errors import UnauthorizedError
from footnote.app.core.settings import Settings

ADMIN = Caller("admin", (Grant(frozenset({"admin"})),))


class Recogniser:
    """Knows the keys."""

    def __init__(self, settings: Settings) -> None:
        self._admin_key = settings.service.admin_key
        self._asks = settings.access.auth not in ("auto", "none")
        self.keys = KeyStore(settings.folders.index_dir)

    def origins(self) -> frozenset[str]:
        return self.keys.origins()

    def caller(self, authorization: str, cookie: str | None, origin: str | None, address: str) -> Caller:
        scheme, _, key = authorization.partition(" ")
        key = key.strip() if scheme.lower() == "bearer" else cookie or ""
        if self._admin_key:
            expected = self._admin_key.get_secret_value()
            # Starlette decodes headers as Latin-1, so this gives back the bytes as they came.
            if hmac.compare_digest(key.encode("latin-1"), expected.encode("latin-1")):
                return ADMIN
        found = self.keys.caller(key, origin) if key else None
        if found:
            return found
        if self._asks:
            raise UnauthorizedError("send the header `Authorization: Bearer` with a key of `footnote keys create`")
        return Caller(f"address:{address}", (Grant(READER_SCOPES),))
