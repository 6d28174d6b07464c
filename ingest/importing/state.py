"""state: what an import wrote before, in a hidden file of the folder that it writes."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from footnote.app.core.errors import ImportStateError
from footnote.app.core.files import replace_text

STATE_FILE = ".footnote-import.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Written:
    """One file that an import wrote.

    Attributes:
        root: the folder of its source.
        source: relative to that.
        source_sha256: of the source as it was read.
        by: who converted it, with versions.
        sha256: of the file as it was written: another one was edited since.
    """

    root: str
    source: str
    source_sha256: str
    by: str
    sha256: str


def read_state(folder: Path) -> dict[str, Written]:
    """What was written, by its path in the folder; nothing where no import wrote there.

    Raises:
        ImportStateError: it cannot be read, or a later version wrote it.
    """
    file = folder / STATE_FILE
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ImportStateError(f"{file} cannot be read ({error}): {_REMOVE}") from error
    try:
        fields = json.loads(text)
        if fields["format"] != _FORMAT:
            raise ImportStateError(f"{file} is of another version of Footnote: upgrade it, or {_REMOVE}")
        files = {str(path): Written(**written) for path, written in fields["files"].items()}
        if not all(_stays_inside(path) for path in files):
            raise ValueError("a path leads out of the folder")
        return files
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ImportStateError(f"{file} is damaged ({error!r}): {_REMOVE}") from error


def write_state(folder: Path, files: dict[str, Written]) -> None:
    """Write it whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    listed = {path: asdict(written) for path, written in sorted(files.items())}
    replace_text(folder / STATE_FILE, json.dumps({"format": _FORMAT, "files": listed}, ensure_ascii=False, indent=1))


def _stays_inside(path: str) -> bool:
    """Whether it is one that an import writes: what is listed may be removed."""
    return path.endswith(".md") and not path.startswith("/") and not {"..", ".", ""} & set(path.split("/"))


_REMOVE = "remove it, and import again with --replace"
