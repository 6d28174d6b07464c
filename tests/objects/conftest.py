"""Each kind of store, empty."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from footnote.app.objects.open import open_objects
from footnote.app.objects.protocol import Objects


@pytest.fixture(params=["folder", *(pytest.param(name, marks=pytest.mark.scale) for name in ("s3", "rsync", "ssh"))])
def objects(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    if request.param == "folder":
        yield open_objects(str(tmp_path / "there" / "store"))
        return
    if request.param == "ssh":
        monkeypatch.setenv("RSYNC_RSH", str(remote_shell(tmp_path)))
        (tmp_path / "home").mkdir()
        yield open_objects(f"writer@host:{tmp_path}/home/store", tmp_path / "spool")
        return
    if request.param == "rsync":
        yield open_objects(f"{request.getfixturevalue('rsync_server')}/some/{uuid4().hex}", tmp_path / "spool")
        return
    yield open_objects(f"s3://{request.getfixturevalue('s3_bucket')}/some/{uuid4().hex}")


def remote_shell(folder: Path) -> Path:
    """A program that does with its arguments as ssh does, but on this machine: rsync's protocol through a shell."""
    shell = folder / "remote-shell"
    shell.write_text('#!/bin/sh\nwhile [ "$1" != host ]; do shift; done; shift\nexec sh -c "$*"\n')
    shell.chmod(0o755)
    return shell
