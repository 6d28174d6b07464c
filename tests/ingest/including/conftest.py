"""A docs folder with a page that shows files, and its settings."""

from collections.abc import Callable
from pathlib import Path

import pytest

from footnote.app.core.settings import Settings, load_settings

Write = Callable[..., Settings]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files by path, below `tmp_path` (`docs/page.md`), and gives the settings of its folder `docs`."""

    def written(files: dict[str, str | bytes], **flags: object) -> Settings:
        for path, content in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_settings(None, docs_dir=tmp_path / "docs", index_dir=tmp_path / "index", **flags)

    return written
