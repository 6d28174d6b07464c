"""recognise: who sent a request, by what it shows."""

import hmac

from footnote.app.access.types import READER_SCOPES, Caller, Grant
from footnote.app.core.settings import Settings

ADMIN = Caller("admin", (Grant(frozenset({"admin"})),))


class Recogniser:
    """Knows the keys."""

    def __init__(self, settings: Settings) -> None:
        self._admin_key = settings.service.admin_key

    def caller(self, authorization: str, cookie: str | None, origin: str | None, address: str) -> Caller:
        scheme, _, key = authorization.partition(" ")
        if self._admin_key and scheme.lower() == "bearer":
            expected = self._admin_key.get_secret_value()
            # Starlette decodes headers as Latin-1, so this gives back the bytes as they came.
            if hmac.compare_digest(key.strip().encode("latin-1"), expected.encode("latin-1")):
                return ADMIN
        return Caller(f"address:{address}", (Grant(READER_SCOPES),))
