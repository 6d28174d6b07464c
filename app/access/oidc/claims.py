"""claims: what a token says of whom it was issued to, and what that allows."""

from collections.abc import Mapping, Sequence
from typing import Any

from footnote.app.access.rules import require_possible
from footnote.app.access.types import Grant
from footnote.app.core.errors import SettingsError
from footnote.app.core.oidc_settings import OidcGrant, OidcSettings


def require_possible_grants(oidc: OidcSettings) -> None:
    """Refuse grants that go beyond their limits.

    Raises:
        SettingsError: one does.
    """
    for number, grant in enumerate(oidc.grants, 1):
        try:
            require_possible(grant.scopes, grant.collections, grant.paths)
        except SettingsError as error:
            raise SettingsError(f"[[oidc.grants]], number {number}: {error}") from error


def grants_of(claims: Mapping[str, Any], rules: Sequence[OidcGrant]) -> tuple[Grant, ...]:
    """What the claims allow, by each rule that fits; none where no rule does."""
    return tuple(
        Grant(
            frozenset(rule.scopes),
            None if rule.collections is None else frozenset(rule.collections),
            None if rule.paths is None else frozenset(rule.paths),
        )
        for rule in rules
        if rule.claim is None or holds(claim(claims, rule.claim), rule.value or "")
    )


def claim(claims: Mapping[str, Any], name: str) -> object:
    """The claim of this name, or what is nested where dots lead (`realm_access.roles`); None where there is none."""
    if name in claims:  # names with dots are common as well: `https://example.com/roles`
        return claims[name]
    value: object = claims
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def holds(value: object, wanted: str) -> bool:
    """Whether a claim is the value, or a list with it, or words of which one is it, as in `scope`."""
    if isinstance(value, list):
        return any(_is(one, wanted) for one in value)
    return _is(value, wanted) or (isinstance(value, str) and wanted in value.split())


def _is(value: object, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted == str(value).lower()
    return str(value) == wanted if isinstance(value, str | int) else False
