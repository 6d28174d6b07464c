"""The settings of who may ask, how often, and what is kept of it."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from footnote.app.core.rates import rates_of
from footnote.app.core.setting_groups.group import Group


class AccessSettings(Group):
    """Who is asking, and how often they may."""

    auth: Literal["auto", "none", "keys", "oidc"] = Field(
        "auto",
        description="Who may ask: everybody (`none`); who has a key of `footnote keys` (`keys`); they, and who has a "
        "token of the issuer in `footnote.toml` (`oidc`). `auto` is `none` on a loopback address, and on another one "
        "the service refuses to start.",
    )
    keys_dir: Path | None = Field(
        None,
        description="The folder that holds the keys of `footnote keys`, so that several services have the same; unset: "
        "the index folder.",
    )
    config: Path | None = Field(
        None,
        description="The file with what a variable cannot hold, such as the issuer whose tokens are accepted; unset: "
        "`footnote.toml` in the working folder, where there is one.",
    )
    rate_limit: str | None = Field(
        None, description="Questions of one key or address, such as `30/minute;500/day`; no limit without it."
    )
    rate_limit_requests: str | None = Field(None, description="As well, of all other requests; no limit without it.")
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        ("127.0.0.1", "::1"),
        description="Addresses and networks of proxies whose `X-Forwarded-For` is believed, comma-separated.",
    )

    @field_validator("rate_limit", "rate_limit_requests")
    @classmethod
    def _are_rates(cls, text: str | None) -> str | None:
        rates_of(text or "")
        return text

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            try:
                network = ipaddress.ip_network(proxy)
            except ValueError:
                raise ValueError(
                    f"{proxy!r} is no address and no network: write it as 10.0.0.7, 10.0.0.0/8 or fd00::/8"
                ) from None
            if network.prefixlen == 0:
                raise ValueError(f"{proxy!r} is everybody, who could name any address: list your proxies alone")
        return proxies


class AuditSettings(Group):
    """What is kept of who did what."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_AUDIT_")

    mode: Literal["false", "true", "required"] = Field(
        "false",
        validation_alias="FOOTNOTE_AUDIT",
        description="Whether the service keeps who did what in `audit.jsonl`; `required`: what cannot be kept is "
        "refused.",
    )
    questions: bool = Field(False, description="Whether questions stand there in their words, not as hashes.")
    mb: float = Field(
        100.0, gt=0, allow_inf_nan=False, description="Megabytes (10^6 bytes) after which the file begins anew."
    )
    files: int = Field(10, ge=0, description="Older files that are kept beside it.")

    @field_validator("mode", mode="before")
    @classmethod
    def _in_lower_case(cls, value: object) -> object:
        return str(value).lower() if isinstance(value, bool | str) else value
