"""Each kind of store, empty."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from footnote.app.objects.open import open_objects
from footnote.app.objects.protocol import Objects


@pytest.fixture(params=["folder", *(pytest.param(name, marks=pytest.mark.scale) for name in ("s3", "rsync"))])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Objects]:
    if request.param == "folder":
        yield open_objects(str(tmp_path / "there" / "store"))
        return
    if request.param == "rsync":
        yield open_objects(f"{request.getfixturevalue('rsync_server')}/some/{uuid4().hex}", tmp_path / "spool")
        return
    yield open_objects(f"s3://{request.getfixturevalue('s3_bucket')}/some/{uuid4().hex}")
