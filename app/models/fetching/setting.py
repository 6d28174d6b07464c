"""The setting that makes a file write the answers, in `.env`."""

import io
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings

VARIABLE = "FOOTNOTE_LLM"
_NEEDS_NO_QUOTES = re.compile(r"[\w./+-]+")
_BOM = "\ufeff"
_BEFORE_NAME = re.compile(r"\s*(?:export[^\S\r\n]+)?")
_LINE_END = re.compile(r"\r\n|\n|\r")


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
    """Make the file the language model of this working folder; all other lines stay as they are, byte by byte.

    Raises:
        SettingsError: `.env` cannot be read or written, or holds what is no setting.
    """
    from dotenv import dotenv_values

    try:
        before = _in_force(dotenv_values(env_file))
        text = env_file.read_bytes().decode("utf-8") if env_file.exists() else ""
        _replace(env_file.resolve(), _with_setting(text, str(gguf)).encode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be written ({error}): set {setting_line(gguf)} yourself") from error
    now = load_settings(env_file).llm.name
    return WrittenSetting(
        env_file.absolute(),
        before if before != str(gguf) else None,
        now if now != str(gguf) else None,
    )


def _in_force(values: Mapping[str, str | None]) -> str | None:
    """The value that counts: case makes no difference, an empty one counts as not set, and the last one wins."""
    given = [value for name, value in values.items() if name.upper() == VARIABLE and value]
    return given[-1] if given else None


def _with_setting(text: str, value: str) -> str:
    """The text of `.env` with one line of this setting: in the place of the first one, or at the end."""
    from dotenv.parser import parse_stream

    bare = text.removeprefix(_BOM)
    pieces = [_BOM] if bare != text else []
    found = _LINE_END.search(bare)
    end = found[0] if found else "\n"
    is_set = False
    for binding in parse_stream(io.StringIO(bare, newline="")):
        line = binding.original.string
        if (binding.key or "").upper() != VARIABLE:
            pieces.append(line)
            continue
        if not is_set and (head := _BEFORE_NAME.match(line)):
            pieces.append(f"{head[0]}{binding.key}={_quoted(value)}")
            pieces.append(line[len(line.rstrip("\r\n")) :])
        is_set = True
    if not is_set:
        if bare and not bare.endswith(("\n", "\r")):
            pieces.append(end)
        pieces.append(f"{VARIABLE}={_quoted(value)}{end}")
    return "".join(pieces)


def _quoted(value: str) -> str:
    if _NEEDS_NO_QUOTES.fullmatch(value):
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
