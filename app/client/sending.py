"""sending: where the calls go, what they carry, and when one is sent again; the same for both clients."""

import json
import math
from collections.abc import Mapping

import httpx
from pydantic import SecretStr

from footnote.app.client.reading import JSON_TYPE, Call, Json, R
from footnote.app.core.addresses import sendable_key, server_url
from footnote.app.core.errors import ServiceError, ServiceUnreachableError, SettingsError
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.version import VERSION

STREAM_TYPE = "text/event-stream"
_CONNECT_S = 5.0
_LONGEST_WAIT_S = 30.0  # a service that wants to be left alone for longer is not asked again


class Sender:
    """Makes the requests to one service.

    Raises:
        SettingsError: the address or the key is none.
    """

    def __init__(self, base_url: str, key: str | None) -> None:
        try:
            self.base_url = server_url(base_url).rstrip("/")
        except ValueError as error:
            raise SettingsError(f"base_url {str(error).replace('/v1', '')}") from error
        self._headers = {"User-Agent": f"footnote/{VERSION}"}
        if key is not None:
            try:
                self._headers["Authorization"] = f"Bearer {sendable_key(SecretStr(key)).get_secret_value()}"
            except ValueError as error:
                raise SettingsError(f"key {error}") from error

    def request(
        self, http: httpx.Client | httpx.AsyncClient, call: Call[R], accept: str | None = None
    ) -> httpx.Request:
        """The request of a call."""
        headers = {**self._headers, "Accept": accept or call.accept}
        content = None
        if call.body is not None:
            # In ASCII, in which half a character can be written too; the service leaves it out.
            try:
                content = json.dumps(call.body)
            except TypeError as error:
                raise TypeError(f"{call.method} {call.path} cannot be sent: {error}") from None
            headers["Content-Type"] = JSON_TYPE
        return http.build_request(
            call.method, self.base_url + call.path, params=_sendable(call.query), content=content, headers=headers
        )

    def unreachable(self, error: Exception) -> ServiceUnreachableError:
        """What to say where no response came."""
        where = f"the service at {httpx.URL(self.base_url).copy_with(userinfo=b'')}"
        if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
            return ServiceUnreachableError(f"{where} said nothing for too long: give the client a longer `timeout_s`")
        how = str(error) or type(error).__name__
        return ServiceUnreachableError(
            f"{where} did not answer ({how}): start it with `footnote serve`, or correct the address"
        )


def timeout(timeout_s: float) -> httpx.Timeout:
    """How long to wait for the service to accept, and to say something.

    Raises:
        SettingsError: it is no time.
    """
    if not 0 < timeout_s < math.inf:
        raise SettingsError(f"timeout_s must be a number of seconds above 0, and is {timeout_s}")
    return httpx.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_S))


def wait_s(error: ServiceError, tries_left: int) -> float | None:
    """How long to wait before the call is sent again; None where that is of no use."""
    after = error.retry_after_s
    return after if tries_left and after is not None and after <= _LONGEST_WAIT_S else None


def _sendable(query: Mapping[str, Json]) -> dict[str, str | list[str]]:
    return {
        name: [without_surrogates(str(one)) for one in value]
        if isinstance(value, list)
        else without_surrogates(str(value))
        for name, value in query.items()
        if value is not None
    }
