"""An index folder with two generations of a few pages, made without models: only what readers of pages need."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FileRecord, write_manifest
from footnote.app.index.raw_pages import RawPages, compressed, write_raw_pages
from footnote.app.reading.library import Library
from tests.index.test_generations import MANIFEST

Publish = Callable[[Mapping[str, bytes]], int]


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def library(index_dir: Path) -> Library:
    return Library(index_dir)


@pytest.fixture
def publish(index_dir: Path) -> Publish:
    """See `publisher`."""
    return publisher(index_dir)


def publisher(index_dir: Path) -> Publish:
    """Publishes a generation of the pages that it is given, and removes all but the one before."""
    generations = Generations(index_dir)

    def make(pages: Mapping[str, bytes]) -> int:
        before = generations.current_if_readable()
        with generations.lock(), generations.building() as folder:
            number = generations.next_number()
            files = [
                FileRecord(path, hashlib.sha256(raw).hexdigest(), len(raw), 0, f"Title of {path}", {}, (), "en")
                for path, raw in pages.items()
            ]
            new = {hashlib.sha256(raw).hexdigest(): compressed(raw) for raw in pages.values()}
            base = RawPages(generations.folder(before) / "pages") if before else None
            write_raw_pages(folder / "pages", {file.sha256: file.size_bytes for file in files}, new, base)
            write_manifest(folder, replace(MANIFEST, generation=number, files=len(files)), files)
            generations.publish(folder, number)
            generations.sweep(before)
        return number

    return make


@pytest.fixture
def as_older_format(index_dir: Path) -> Callable[[int], None]:
    """Makes a generation one of the format before pages were kept."""

    def change(generation: int) -> None:
        file = Generations(index_dir).folder(generation) / "manifest.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | {"format": 6}))

    return change
