"""verifier: a token -> whoever it was issued to.

The header of a token is nobody's word: it chooses among what the settings allow and the issuer has published, and
nothing else of it is looked at. Keys or addresses that it carries (`jwk`, `jku`, `x5u`) are none.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from footnote.app.access.oidc.claims import claim, grants_of, require_possible_grants
from footnote.app.access.oidc.extra import require_extra
from footnote.app.access.oidc.issuer_keys import IssuerKeys
from footnote.app.access.types import Caller
from footnote.app.core.errors import UnauthorizedError
from footnote.app.core.oidc_settings import OidcSettings

if TYPE_CHECKING:
    from jwt import PyJWK
    from jwt.types import Options

_MOST_TOKEN_CHARS = 16_384  # hundreds of groups; servers before this one take less
_MOST_NAME_CHARS = 200
_REQUIRED = ["exp", "iss", "aud", "sub"]


class Verifier:
    """Checks the tokens of one issuer; safe to use from several threads. A check may wait for the issuer.

    Raises:
        SettingsError: the extra is missing, or a grant goes beyond its limits.
    """

    def __init__(self, oidc: OidcSettings, clock: Callable[[], float] = time.monotonic) -> None:
        require_extra()
        require_possible_grants(oidc)
        self._oidc = oidc
        self._keys = IssuerKeys(oidc, clock)

    def caller(self, token: str) -> Caller:
        """Whom the token was issued to, with what the settings grant for its claims, which may be nothing.

        Raises:
            UnauthorizedError: it is no token that is good here; why is said, but nothing of it is repeated.
            IssuerUnreachableError: nobody can tell, as the issuer's keys are not to be had.
        """
        if len(token) > _MOST_TOKEN_CHARS:
            raise UnauthorizedError(f"the token has more than {_MOST_TOKEN_CHARS} characters: ask for fewer claims")
        claims = self._verified(token)
        name = claim(claims, self._oidc.name_claim)
        if not isinstance(name, str) or not name.isprintable() or not 0 < len(name.strip()) <= _MOST_NAME_CHARS:
            raise UnauthorizedError("the token does not name whom it was issued to: see `name_claim` in `[oidc]`")
        return Caller(f"oidc:{name.strip()}", grants_of(claims, self._oidc.grants))

    def _verified(self, token: str) -> dict[str, Any]:
        from jwt.exceptions import InvalidSignatureError

        for key in self._candidates(token):
            try:
                return self._checked(token, key)
            except InvalidSignatureError:
                continue
        raise UnauthorizedError("the token is signed with no key of the issuer")

    def _candidates(self, token: str) -> "list[PyJWK]":
        """The issuer's keys that can have signed it, by its header."""
        import jwt

        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise UnauthorizedError("the token is no JWT") from None
        algorithm, kid = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in self._oidc.algorithms:
            raise UnauthorizedError("the token is signed in a way that is not accepted: see `algorithms` in `[oidc]`")
        if "crit" in header or "b64" in header:
            raise UnauthorizedError("the token asks for more than a signature to be understood")
        return [key.by_algorithm[algorithm] for key in self._keys.fitting(kid, algorithm)]

    def _checked(self, token: str, key: "PyJWK") -> dict[str, Any]:
        """The claims.

        Raises:
            UnauthorizedError: they are not for this service, or not now.
            InvalidSignatureError: another key has signed it.
        """
        import jwt

        oidc = self._oidc
        options: Options = {"require": _REQUIRED, "enforce_minimum_key_length": True}
        try:
            return jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=oidc.audience,
                issuer=oidc.issuer,
                leeway=oidc.leeway_s,
                options=options,
            )
        except jwt.InvalidSignatureError:
            raise
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise UnauthorizedError(_reason(error)) from None


def _reason(error: Exception) -> str:
    """Why a token of the issuer is refused; the words of the library may repeat what is in it."""
    import jwt

    if isinstance(error, jwt.ExpiredSignatureError):
        return "the token has expired: get a new one"
    if isinstance(error, jwt.ImmatureSignatureError):
        return "the token is not good yet: get one later, or see whether the clocks agree"
    if isinstance(error, jwt.InvalidAudienceError):
        return "the token is for another service: ask for one for the `audience` in `[oidc]`"
    if isinstance(error, jwt.InvalidIssuerError):
        return "the token is of another issuer than the one in `[oidc]`"
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"the token lacks one of the claims {', '.join(_REQUIRED)}"
    return "the token is malformed"
