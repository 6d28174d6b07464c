"""Claims: where they are found, when they fit, and what several of them allow together."""

from typing import Any

import pytest

from footnote.app.access.oidc.claims import claim, grants_of, holds
from footnote.app.access.types import READER_SCOPES, Grant
from footnote.app.core.oidc_settings import OidcGrant

CLAIMS: dict[str, Any] = {
    "scope": "openid docs:read",
    "groups": ["staff", "two words"],
    "realm_access": {"roles": ["admin"]},
    "https://example.com/roles": ["writer"],
    "email_verified": True,
    "level": 3,
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scope", "docs:read"),
        ("scope", "openid docs:read"),
        ("groups", "two words"),
        ("realm_access.roles", "admin"),
        ("https://example.com/roles", "writer"),
        ("email_verified", "true"),
        ("level", "3"),
    ],
)
def test_a_claim_holds_its_values(name: str, value: str) -> None:
    assert holds(claim(CLAIMS, name), value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scope", "docs"),
        ("scope", "docs:READ"),
        ("groups", "two"),
        ("groups", "sta"),
        ("realm_access", "roles"),
        ("realm_access.roles.admin", "admin"),
        ("realm_access.groups", "admin"),
        ("roles", "admin"),
        ("email_verified", "True"),
        ("email_verified", "1"),
        ("level", "3.0"),
        ("missing", "None"),
    ],
)
def test_a_claim_holds_nothing_else(name: str, value: str) -> None:
    assert not holds(claim(CLAIMS, name), value)


@pytest.mark.parametrize("value", [None, {}, [[]], [{"a": "admin"}], 1.5, [None]])
def test_values_of_other_kinds_hold_nothing(value: object) -> None:
    assert not any(holds(value, wanted) for wanted in ("admin", "None", "1.5", "", "a"))


def test_every_rule_that_fits_counts() -> None:
    rules = [
        OidcGrant(paths=("public/",), scopes=("search",)),
        OidcGrant(claim="groups", value="staff", collections=("docs", "handbook")),
        OidcGrant(claim="groups", value="board", scopes=("admin",)),
        OidcGrant(claim="realm_access.roles", value="admin", scopes=("ingest",)),
    ]
    assert grants_of(CLAIMS, rules) == (
        Grant(frozenset({"search"}), None, frozenset({"public/"})),
        Grant(READER_SCOPES, frozenset({"docs", "handbook"})),
        Grant(frozenset({"ingest"})),
    )
    assert grants_of({}, rules[1:]) == ()
