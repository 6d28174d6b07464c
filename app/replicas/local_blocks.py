"""local_blocks: what a replica has on its disk already: earlier generations, and what it was putting together."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from footnote.app.core.files import sha256_of
from footnote.app.replicas.release import RELEASE_FILE, Block, Release
from footnote.app.replicas.snapshot import read_block


class LocalBlocks:
    """Files and blocks by hash. Readers write into Chroma's database, and disks fail: what is given was checked."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._blocks: dict[str, tuple[Path, Block]] = {}
        self._files: dict[str, Path] = {}
        for folder in folders:
            release = _release_of(folder)
            for file in release.files if release else ():
                self._files.setdefault(file.sha256, folder / file.path)
                for block in file.cut():
                    self._blocks.setdefault(block.sha256, (folder / file.path, block))

    def file(self, sha256: str) -> Path | None:
        """A whole file with this hash."""
        found = self._files.get(sha256)
        try:
            return found if found and sha256_of(found) == sha256 else None
        except OSError:
            return None

    def block(self, sha256: str) -> bytes | None:
        """The bytes with this hash."""
        if sha256 not in self._blocks:
            return None
        try:
            content = read_block(*self._blocks[sha256])
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _release_of(folder: Path) -> Release | None:
    try:
        return Release.model_validate_json((folder / RELEASE_FILE).read_bytes())
    except (OSError, ValidationError):
        return None  # it can be had from the source
