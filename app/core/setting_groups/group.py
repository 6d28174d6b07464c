"""What every group of settings is."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from footnote.app.core.addresses import sendable_key, server_url

PREFIX = "FOOTNOTE_"
SECRET_CHARS = 16  # the fewest; a longer one costs nothing, as nobody types it
Globs = Annotated[tuple[str, ...], NoDecode]
ServerURL = Annotated[str, AfterValidator(server_url)]
Key = Annotated[SecretStr, AfterValidator(sendable_key)]


class Group(BaseSettings):
    """Settings of one concern."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        # Compose passes `${OPENAI_API_KEY:-}`: set, but empty.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )
