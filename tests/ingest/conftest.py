"""A quick folder for indexes, and the bundled embedder asked once for each text."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.embedder import Embedder
from tests.ingest.contents import Memoised, memory_folder


@pytest.fixture
def quick_path(tmp_path: Path) -> Iterator[Path]:
    """As `tmp_path`, in memory where that is possible: an ingest waits for the disk dozens of times."""
    folder = Path(tempfile.mkdtemp(prefix="footnote-", dir=memory_folder() or tmp_path))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def memoised(embedder: Embedder) -> Memoised:
    return Memoised(embedder)
