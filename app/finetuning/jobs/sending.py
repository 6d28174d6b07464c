"""sending: requests to a provider, sent again where that is safe; what it refuses is an error that says what to do."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from footnote.app.core.errors import FineTuningError, FineTuningUnreachableError, SettingsError
from footnote.app.finetuning.jobs.account import Account

TRIES = 5
LONGEST_WAIT_S = 120.0  # a provider that wants to be left alone for longer is told about, not waited for
_FIRST_WAIT_S = 1.0
_TOO_MANY = 429

Sleep = Callable[[float], object]


class Sender:
    """Sends to one provider.

    Args:
        account: where requests go, and with which key.
        sleep: waits for so many seconds.

    Raises:
        SettingsError: the address cannot be used.
    """

    def __init__(self, account: Account, sleep: Sleep = time.sleep) -> None:
        self.account = account
        self._sleep = sleep
        timeout = httpx.Timeout(account.timeout_s, connect=min(10.0, account.timeout_s))
        try:
            self.http = httpx.Client(timeout=timeout, headers=account.headers, follow_redirects=False)
        except (ImportError, ValueError) as error:  # a proxy of the environment that httpx cannot use
            raise SettingsError(f"the proxy settings of the environment cannot be used: {error}") from error

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """What is there.

        Raises:
            FineTuningError, FineTuningUnreachableError: it was refused, or the provider cannot be reached.
        """
        return self.said(self.answered(lambda: self.http.get(self._url(path), params=query)))

    def post(self, path: str, body: Any = None) -> httpx.Response:
        """The response, whatever it says; nothing is sent again."""
        return self.http.post(self._url(path), json=body)

    def upload(self, path: str, fields: Mapping[str, str], files: Any) -> httpx.Response:
        """The same of a form with files."""
        return self.http.post(self._url(path), data=fields, files=files)

    def _url(self, path: str) -> str:
        return self.account.base_url.rstrip("/") + path

    def answered(self, send: Callable[[], httpx.Response], repeats: bool = True) -> httpx.Response:
        """The response, once it is none that says "later".

        Without `repeats` it is sent again only where the provider said that it did nothing.
        """
        for tried in range(1, TRIES + 1):
            try:
                response = send()
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if not repeats or tried == TRIES or isinstance(error, httpx.InvalidURL):
                    raise self._unreachable(error) from error
                self._sleep(_FIRST_WAIT_S * 2 ** (tried - 1))
                continue
            failed = response.status_code == httpx.codes.REQUEST_TIMEOUT or response.status_code >= 500
            later = response.status_code == _TOO_MANY or (failed and repeats)
            wait_s = _retry_after_s(response) if later else None
            if not later or _is_final(response) or tried == TRIES or (wait_s or 0) > LONGEST_WAIT_S:
                return response
            self._sleep(_FIRST_WAIT_S * 2 ** (tried - 1) if wait_s is None else wait_s)
        raise AssertionError("the last try returns or raises")

    def said(self, response: httpx.Response) -> Mapping[str, Any]:
        try:
            said = response.json()
        except ValueError:
            said = None
        if not response.is_success:
            raise self.refused(response, said)
        if not isinstance(said, Mapping):
            raise FineTuningError(
                f"what {self.account.name} answered is not of a fine-tuning API: is {self.account.url_setting} right? "
                "It often ends in /v1."
            )
        return said

    def refused(self, response: httpx.Response, said: Any) -> FineTuningError:
        error = said.get("error") if isinstance(said, Mapping) else None
        message = error.get("message") if isinstance(error, Mapping) else error
        detail = self.account.redacted(message if isinstance(message, str) else response.reason_phrase)
        fixes = {
            401: f"check the key in {self.account.key_setting}",
            403: "the key may not do this: OpenAI's fine-tuning takes no organisations that have not used it before",
            404: "check the id" if isinstance(error, Mapping) else f"is {self.account.url_setting} right?",
            429: f"try again {_when(response)}",
        }
        fix = fixes.get(response.status_code, "see what it says")
        if response.status_code >= 500:
            fix = "try again later"
        passes = response.status_code >= 500 or (response.status_code == _TOO_MANY and not _is_final(response))
        kind = FineTuningUnreachableError if passes else FineTuningError
        return kind(f"{self.account.name} refused ({response.status_code}: {detail}): {fix}")

    def _unreachable(self, error: Exception) -> FineTuningUnreachableError:
        how = self.account.redacted(str(error) or type(error).__name__)
        return FineTuningUnreachableError(
            f"{self.account.name} cannot be reached ({how}): try again, or check {self.account.url_setting}"
        )


def _is_final(response: httpx.Response) -> bool:
    """Whether a limit is one that no waiting mends, such as a spent budget."""
    try:
        error = response.json().get("error")
        return isinstance(error, Mapping) and error.get("code") == "insufficient_quota"
    except (ValueError, AttributeError):
        return False


def _retry_after_s(response: httpx.Response) -> float | None:
    """What the provider says how long to wait, in seconds or as a date; None where it does not."""
    said = response.headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _when(response: httpx.Response) -> str:
    wait_s = _retry_after_s(response)
    return "later" if wait_s is None else f"in {wait_s:.0f} seconds"
