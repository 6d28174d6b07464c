"""recognise: what a request shows -> who is asking.

    key of the settings -> key of `footnote keys` -> token of the issuer -> nobody in particular

Where everybody may ask, a credential that is none of these is no reason to refuse: OpenAI's clients always send one.
"""

import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

from footnote.app.access.keys.store import KeyStore, keys_folder
from footnote.app.access.keys.types import PREFIX
from footnote.app.access.types import READER_SCOPES, Caller, Grant
from footnote.app.core.addresses import is_loopback
from footnote.app.core.errors import SettingsError, UnauthorizedError
from footnote.app.core.settings import Settings

if TYPE_CHECKING:
    from footnote.app.access.oidc.verifier import Verifier

ADMIN = Caller("admin", (Grant(frozenset({"admin"})),))
_READER = (Grant(READER_SCOPES),)
_HEADER = "send the header `Authorization: Bearer` with"
_NEEDED = {
    "keys": f"{_HEADER} a key of `footnote keys create` that is good here",
    "oidc": f"{_HEADER} a token of your issuer, or a key of `footnote keys create` that is good here",
}


class Recogniser:
    """Says who is asking; safe to use from several threads. It reads files, and may wait for the issuer.

    Args:
        settings: whether anything has to be shown, and what is good.
        public: names of the collections that may be read by who shows nothing.

    Raises:
        SettingsError: tokens are to be accepted, and `footnote.toml` does not say whose, or the extra is missing.
    """

    def __init__(self, settings: Settings, public: Callable[[], frozenset[str]] = frozenset) -> None:
        self._public = public
        key, auth = settings.service.admin_key, settings.access.auth
        self._admin_key = None if key is None else key.get_secret_value().encode()
        # Where nobody has said who may ask, others than this machine's own people need a key.
        asks = "keys" if auth == "auto" and not is_loopback(settings.service.host) else auth
        self._needed = _NEEDED.get(asks)
        self.keys = KeyStore(keys_folder(settings))
        self._verifier = _make_verifier(settings) if auth == "oidc" else None

    @property
    def asks(self) -> bool:
        """Whether somebody has to show who they are."""
        return self._needed is not None

    def caller(self, authorization: str, cookie: str | None, origin: str | None, address: str) -> Caller:
        """Who is asking.

        Args:
            authorization: the header as it came, empty without one; beside a bearer the cookie does not count.
            cookie: the credential that a cookie holds.
            origin: the header `Origin` as it came.
            address: of the client, which names whoever shows nothing.

        Raises:
            UnauthorizedError: who asks must show something, and did not, or it is not good here.
            KeyStoreError: the keys cannot be read.
            IssuerUnreachableError: a token cannot be checked now.
        """
        bearer = _bearer(authorization)
        shown = cookie if bearer is None else bearer
        caller = self._known(shown, origin) if shown else None
        if caller is not None:
            return caller
        if self._needed is None:
            return Caller(f"address:{address}", _READER)
        public = frozenset() if shown else self._public()
        if public:
            return Caller(f"address:{address}", (Grant(READER_SCOPES, public),))
        raise UnauthorizedError(self._needed)

    def origins(self) -> frozenset[str]:
        """The origins of pages that may ask with a key of theirs. Raises as `KeyStore.origins`."""
        return self.keys.origins()

    def close(self) -> None:
        """Close the file of keys."""
        self.keys.close()

    def _known(self, shown: str, origin: str | None) -> Caller | None:
        if self._admin_key is not None and hmac.compare_digest(_bytes(shown), self._admin_key):
            return ADMIN
        if shown.startswith(PREFIX):
            return self.keys.caller(shown, origin)
        if self._verifier is not None and shown.count(".") == 2:
            return self._verifier.caller(shown)
        return None


def _make_verifier(settings: Settings) -> "Verifier":
    from footnote.app.core.project_file import PROJECT_FILE, load_project

    file = settings.access.config
    oidc = load_project(file).oidc
    if oidc is None:
        raise SettingsError(
            f"FOOTNOTE_AUTH=oidc needs the section [oidc] in {file or PROJECT_FILE}: name there the issuer, the "
            "audience and what is granted, or set FOOTNOTE_AUTH=keys"
        )
    from footnote.app.access.oidc.verifier import Verifier

    return Verifier(oidc)


def _bearer(authorization: str) -> str | None:
    """The credential of the header; None where there is none, or of another scheme, which may be a proxy's."""
    scheme, _, credential = authorization.strip().partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else None


def _bytes(shown: str) -> bytes:
    return shown.encode("utf-8", "replace")
