"""The setting that makes a file write the answers, in `.env`."""

import re
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings

VARIABLE = "FOOTNOTE_LLM"
_NEEDS_NO_QUOTES = re.compile(r"[\w./+-]+")


@dataclass(frozen=True, slots=True)
class WrittenSetting:
    """Where the setting was written, what stood there before, and what is in force in its place, if anything is."""

    env_file: Path
    replaced: str | None
    overridden_by: str | None


def setting_line(gguf: Path) -> str:
    """The setting as a line of `.env`."""
    return f"{VARIABLE}={gguf}"


def write_setting(gguf: Path, env_file: Path = Path(".env")) -> WrittenSetting:
    """Make the file the language model of this working folder; all other lines stay.

    Raises:
        SettingsError: `.env` cannot be read or written, or holds what is no setting.
    """
    from dotenv import dotenv_values, set_key

    try:
        values = dotenv_values(env_file)
        name = next((name for name in values if name.upper() == VARIABLE), VARIABLE)
        quotes = "never" if _NEEDS_NO_QUOTES.fullmatch(str(gguf)) else "always"
        set_key(env_file.resolve(), name, str(gguf), quotes)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be written ({error}): set {setting_line(gguf)} yourself") from error
    before, now = values.get(name), load_settings(env_file).llm.name
    return WrittenSetting(
        env_file.absolute(),
        before if before not in (None, "", str(gguf)) else None,
        now if now != str(gguf) else None,
    )
