"""issuer_keys: the keys of an issuer, kept, and fetched again when a token names one that is not known.

Whoever can send a request can make up names of keys, so the issuer is asked at most once in ten seconds, and by one
request of all that wait. While it is away, what is known goes on for a day.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from footnote.app.access.oidc.fetching import fetched_key_set
from footnote.app.access.oidc.signing_keys import SigningKey, read_key_set
from footnote.app.core.errors import IssuerUnreachableError
from footnote.app.core.oidc_settings import OidcSettings

log = logging.getLogger(__name__)

# Guesses, of the size that issuers state in their Cache-Control: a key that is withdrawn is refused after an hour.
FRESH_S = 3600.0
KNOWN_S = 86_400.0
PAUSE_S = 10.0


@dataclass(frozen=True, slots=True)
class _Known:
    keys: tuple[SigningKey, ...]
    fetched_s: float

    def fitting(self, kid: str | None, algorithm: str) -> tuple[SigningKey, ...]:
        """The keys of this name for the algorithm; without a name the only key for it."""
        able = [key for key in self.keys if algorithm in key.by_algorithm]
        if kid is None:
            return tuple(able) if len(able) == 1 else ()
        return tuple(key for key in able if key.kid == kid)


class IssuerKeys:
    """The keys of one issuer; safe to use from several threads."""

    def __init__(self, oidc: OidcSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._oidc = oidc
        self._clock = clock
        self._fetching = threading.Lock()
        self._known: _Known | None = None
        self._next_s = -PAUSE_S  # before then the issuer is not asked again

    def fitting(self, kid: str | None, algorithm: str) -> tuple[SigningKey, ...]:
        """The keys that can have signed a token of this header; none where the issuer has none such.

        Raises:
            IssuerUnreachableError: no keys are known, or those that are have not been confirmed for a day.
        """
        found = self._found(kid, algorithm)
        if not found:
            with self._fetching:
                # Who has waited finds what was fetched meanwhile.
                found = self._found(kid, algorithm) or self._fetched(kid, algorithm)
        elif self._is_older(FRESH_S) and self._fetching.acquire(blocking=False):  # all others go on with what is known
            try:
                found = self._fetched(kid, algorithm)
            finally:
                self._fetching.release()
        if self._known is None or self._is_older(KNOWN_S):
            raise IssuerUnreachableError(
                "tokens cannot be checked now, as the issuer's keys are not to be had; the service's log says why: "
                "try again later, or use a key of `footnote keys create`"
            )
        return found

    def _found(self, kid: str | None, algorithm: str) -> tuple[SigningKey, ...]:
        known = self._known
        return () if known is None or self._is_older(KNOWN_S) else known.fitting(kid, algorithm)

    def _fetched(self, kid: str | None, algorithm: str) -> tuple[SigningKey, ...]:
        """What is found after asking the issuer, unless it was asked just before; hold the lock."""
        if self._clock() >= self._next_s:
            try:
                keys = read_key_set(fetched_key_set(self._oidc), self._oidc.algorithms)
                self._known = _Known(keys, self._clock())
            except IssuerUnreachableError as error:
                log.warning("no keys of the issuer: %s", error)
            finally:
                self._next_s = self._clock() + PAUSE_S
        return self._found(kid, algorithm)

    def _is_older(self, age_s: float) -> bool:
        return self._known is not None and self._clock() - self._known.fetched_s >= age_s
