"""Settings written into `.env` of the working folder, where all other lines stay as they are."""

import io
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from footnote.app.core.errors import SettingsError
from footnote.app.core.setting_groups import PREFIX
from footnote.app.core.settings import load_settings

LLM, LLM_ADAPTER = "FOOTNOTE_LLM", "FOOTNOTE_LLM_ADAPTER"
_NEEDS_NO_QUOTES = re.compile(r"[\w./+-]+")
_BOM = "\ufeff"
_BEFORE_NAME = re.compile(r"\s*(?:export[^\S\r\n]+)?")
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class WrittenSetting:
    """Where a setting was written, what stood there before, and what is in force in its place, if anything is."""

    name: str
    env_file: Path
    replaced: str | None
    overridden_by: str | None

    def sentence(self) -> str:
        """All of it for a reader."""
        text = f"set as {self.name} in {self.env_file}"
        if self.replaced:
            text += f", in place of {self.replaced}"
        if self.overridden_by:
            text += f"\nbut the environment's {self.name}={self.overridden_by} wins over that: unset it"
        return text


def write_llm(name: str, adapter: str = "", env_file: Path = Path(".env")) -> list[WrittenSetting]:
    """Let this language model, with an adapter or with none, write the answers in this working folder.

    Gives what was written. An adapter without its base is refused whenever settings are read, so one that was set goes
    first, and a new one comes last.

    Raises:
        SettingsError: see `write_setting`.
    """
    write_setting(LLM_ADAPTER, "", env_file)
    written = [write_setting(LLM, name, env_file)]
    return [*written, write_setting(LLM_ADAPTER, adapter, env_file)] if adapter else written


def write_setting(name: str, value: str, env_file: Path = Path(".env")) -> WrittenSetting:
    """Give a setting, by its variable, this value for this working folder; "" takes it out of force.

    All other lines stay as they are, byte by byte.

    Raises:
        SettingsError: `.env` cannot be read or written, or holds what is no setting.
    """
    from dotenv import dotenv_values

    try:
        before = _in_force(dotenv_values(env_file), name)
        text = env_file.read_bytes().decode("utf-8") if env_file.exists() else ""
        if value or before:
            _replace(env_file.resolve(), _with_setting(text, name, value).encode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be written ({error}): set {name}={value} yourself") from error
    now = str(load_settings(env_file).by_name()[name.removeprefix(PREFIX).lower()] or "")
    # A value that is not given has a default, which nothing overrides.
    is_other = bool(value) and now != value
    return WrittenSetting(name, env_file.absolute(), before if before != value else None, now if is_other else None)


def _in_force(values: Mapping[str, str | None], wanted: str) -> str | None:
    """The value that counts: case makes no difference, an empty one counts as not set, and the last one wins."""
    given = [value for name, value in values.items() if name.upper() == wanted and value]
    return given[-1] if given else None


def _with_setting(text: str, name: str, value: str) -> str:
    """The text of `.env` with one line of this setting: in the place of the first one, or at the end."""
    from dotenv.parser import parse_stream

    bare = text.removeprefix(_BOM)
    pieces = [_BOM] if bare != text else []
    found = _LINE_END.search(bare)
    end = found[0] if found else "\n"
    is_set = False
    for binding in parse_stream(io.StringIO(bare, newline="")):
        line = binding.original.string
        if (binding.key or "").upper() != name:
            pieces.append(line)
            continue
        if not is_set and (head := _BEFORE_NAME.match(line)):
            pieces.append(f"{head[0]}{binding.key}={_quoted(value)}")
            pieces.append(line[len(line.rstrip("\r\n")) :])
        is_set = True
    if not is_set:
        if bare and not bare.endswith(("\n", "\r")):
            pieces.append(end)
        pieces.append(f"{name}={_quoted(value)}{end}")
    return "".join(pieces)


def _quoted(value: str) -> str:
    if not value or _NEEDS_NO_QUOTES.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _replace(file: Path, content: bytes) -> None:
    """Write the file whole or not at all, for the same eyes as before: it may hold keys."""
    with NamedTemporaryFile(dir=file.parent, prefix=f"{file.name}.", delete=False) as draft:
        path = Path(draft.name)
        try:
            draft.write(content)
            draft.close()
            if file.exists():
                shutil.copymode(file, path)
            path.replace(file)
        finally:
            path.unlink(missing_ok=True)
