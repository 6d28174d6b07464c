"""record: what an import writes, removes and could not read, noted as it goes on."""

import hashlib
from pathlib import Path

from footnote.app.core.files import replace_text
from footnote.ingest.importing.convert import Limits, UnreadableError
from footnote.ingest.importing.state import Failed, State, Written, write_state
from footnote.ingest.importing.types import Source

_SAVE_EVERY = 25  # files between two writes of the state: what is written and not in it would look like another's


class Record:
    """The files of the folder, and what is known of them."""

    def __init__(self, folder: Path, before: State) -> None:
        self._folder, self._files, self._failed, self._unsaved = folder, dict(before.files), dict(before.failed), 0

    def write(self, source: Source, digest: str, by: str, text: str) -> None:
        file = self._folder / source.target
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_text(file, text)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        self._files[source.target] = Written(str(source.root), source.path, digest, by, sha256)
        self._failed.pop(source.target, None)
        self._changed()

    def fail(self, source: Source, digest: str, by: str, limits: Limits, error: UnreadableError) -> None:
        """Note that the document could not be read, unless its bytes could not be had."""
        root, was = str(source.root), self._failed.get(source.target)
        now = Failed(root, source.path, digest, by, str(limits), str(error), error.over_limit)
        if digest and now != was:
            self._failed[source.target] = now
            self._changed()

    def remove(self, target: str) -> None:
        (self._folder / target).unlink(missing_ok=True)
        del self._files[target]
        self._changed()

    def save(self) -> None:
        if self._unsaved:
            still = {path: one for path, one in self._failed.items() if (Path(one.root) / one.source).exists()}
            write_state(self._folder, State(self._files, still))
            self._unsaved = 0

    def _changed(self) -> None:
        self._unsaved += 1
        if self._unsaved >= _SAVE_EVERY:
            self.save()
