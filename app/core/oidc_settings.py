"""The section `[oidc]` of `footnote.toml`: whose tokens are accepted, and what their claims allow."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from footnote.app.core.addresses import issuer_url
from footnote.app.core.scopes import READER_SCOPES, SCOPES, Scope

# With a public key alone: where the same secret signs and checks, whoever can check could sign.
Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
]  # fmt: skip
Name = Annotated[str, Field(min_length=1, max_length=1000)]
IssuerURL = Annotated[str, AfterValidator(issuer_url)]


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class OidcGrant(BaseModel):
    """What a token allows that carries a value in a claim; without a claim, what every token does."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    claim: Name | None = None
    value: Name | None = None
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, strict=False)] = tuple(
        scope for scope in SCOPES if scope in READER_SCOPES
    )
    collections: Annotated[tuple[Name, ...], Field(min_length=1, strict=False)] | None = None
    paths: Annotated[tuple[Name, ...], Field(min_length=1, strict=False)] | None = None

    @model_validator(mode="after")
    def _both(self) -> "OidcGrant":
        if (self.claim is None) != (self.value is None):
            raise ValueError("`claim` and `value` go together; without both it is for every token")
        return self


class OidcSettings(BaseModel):
    """An issuer, and what is granted to its tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    issuer: IssuerURL
    audience: Annotated[tuple[Name, ...], BeforeValidator(_as_tuple), Field(min_length=1, strict=False)]
    jwks_url: IssuerURL | None = None
    leeway_s: Annotated[float, Field(ge=0, le=600, strict=False)] = 60
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1, strict=False)] = ("RS256", "ES256")
    name_claim: Name = "sub"
    grants: Annotated[tuple[OidcGrant, ...], Field(min_length=1, strict=False)]
