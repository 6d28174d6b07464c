"""state: what an import wrote before, in a hidden file of the folder that it writes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that could not be read.

    Attributes:
        root: the folder of the document.
        source: relative to that.
        source_sha256: of the document as it was read.
        by: who tried to convert it, with versions.
        limits: what it was allowed to take.
        reason: why it could not be read.
        over_limit: whether it takes more than a limit: such a one costs the whole limit whenever it is tried.
    """

    root: str
    source: str
    source_sha256: str
    by: str
    limits: str
    reason: str
    over_limit: bool


@dataclass(frozen=True, slots=True)
class State:
    """What imports did in a folder: what they wrote and what they could not read, by the path of the markdown."""

    files: Mapping[str, Written] = field(default_factory=dict)
    failed: Mapping[str, Failed] = field(default_factory=dict)


def read_state(folder: Path) -> State:
    """What imports did there; nothing where no import wrote there.

    Raises:
        ImportStateError: it cannot be read, or a later version wrote it.
    """
    file = folder / STATE_FILE
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return State()
    except (OSError, UnicodeDecodeError) as error:
        raise ImportStateError(f"{file} cannot be read ({error}): {_REMOVE}") from error
    try:
        fields = json.loads(text)
        if fields["format"] != _FORMAT:
            raise ImportStateError(f"{file} is of another version of Footnote: upgrade it, or {_REMOVE}")
        files = {str(path): Written(**written) for path, written in fields["files"].items()}
        failed = {str(path): Failed(**one) for path, one in fields.get("failed", {}).items()}
        if not all(_stays_inside(path) for path in files):
            raise ValueError("a path leads out of the folder")
        return State(files, failed)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ImportStateError(f"{file} is damaged ({error!r}): {_REMOVE}") from error


def write_state(folder: Path, state: State) -> None:
    """Write it whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    listed = {path: asdict(written) for path, written in sorted(state.files.items())}
    failed = {path: asdict(one) for path, one in sorted(state.failed.items())}
    fields = {"format": _FORMAT, "files": listed, "failed": failed}
    replace_text(folder / STATE_FILE, json.dumps(fields, ensure_ascii=False, indent=1))


def _stays_inside(path: str) -> bool:
    """Whether it is one that an import writes: what is listed may be removed."""
    return path.endswith(".md") and not path.startswith("/") and not {"..", ".", ""} & set(path.split("/"))


_REMOVE = "remove it, and import again with --replace"
