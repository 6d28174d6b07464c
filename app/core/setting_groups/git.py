"""The settings of docs in a Git repository."""

import re

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from footnote.app.core.setting_groups.group import SECRET_CHARS, Group


class GitSettings(Group):
    """How docs are fetched from a Git repository."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_GIT_")

    timeout_s: float = Field(
        300.0, gt=0, le=86_400, description="Longest time for one update of the checkout, in seconds."
    )
    max_mb: float = Field(
        1000.0,
        gt=0,
        allow_inf_nan=False,
        description="Most that is fetched from a repository, and most that its docs folder may hold, in megabytes "
        "(10^6 bytes).",
    )
    poll_s: float = Field(
        300.0, ge=5, allow_inf_nan=False, description="Seconds between two looks at the repository, while watching."
    )
    webhook_secret: SecretStr | None = Field(
        None, description="The secret of `POST /hooks/git`, 16 characters or more; without it the route is off."
    )

    @field_validator("webhook_secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch(f"[!-~]{{{SECRET_CHARS},}}", secret.get_secret_value()):
            raise ValueError(f"must be at least {SECRET_CHARS} visible ASCII characters, with no space")
        return secret

    @property
    def max_bytes(self) -> int:
        """The most that is fetched or checked out."""
        return int(self.max_mb * 1_000_000)
