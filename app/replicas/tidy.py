"""tidy: what a target holds that no release names any more."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from footnote.app.core.errors import ObjectMissingError, ReplicaError
from footnote.app.objects.checked import read_whole
from footnote.app.objects.protocol import Objects
from footnote.app.replicas.release import PARTS, RELEASES, Pointer, Release, ReleaseRef, part_name, read_release

# What no pointer ever named comes from a publishing that broke off, or from one that goes on elsewhere.
_ORPHAN_LIVES_S = 86_400.0
_DELETED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was removed."""

    releases: int
    parts: int
    size_bytes: int


def tidy(
    objects: Objects, pointer: Pointer, live: Release, there: Mapping[str, int], check_turn: Callable[[], None]
) -> Tidied:
    """Remove what the pointer does not name: at once what one before it named, and what is older than a day.

    Args:
        objects: the target.
        pointer: as it was written.
        live: the release of this publishing.
        there: the size of each part in the target, by name.
        check_turn: raises once another publishing began, which may need what would be removed.
    """
    named = {part_name(sha256) for sha256 in live.parts()}
    for ref in pointer.releases:
        release = _release(objects, ref)
        named |= {part_name(sha256) for sha256 in release.parts()} if release else set()
    unnamed = there.keys() - named
    doomed = set()
    for ref in pointer.removed:
        release = _release(objects, ref)
        doomed |= {part_name(sha256) for sha256 in release.parts()} & unnamed if release else set()
    doomed |= _orphans(objects, unnamed - doomed)
    kept = {ref.name for ref in pointer.releases}
    removed = {ref.name for ref in pointer.removed} | _orphan_releases(objects, kept)
    # Releases last: where this breaks off, they are how the next one finds their parts.
    for names in (sorted(doomed), sorted(removed)):
        for start in range(0, len(names), _DELETED_AT_ONCE):
            check_turn()
            objects.delete(names[start : start + _DELETED_AT_ONCE])
    return Tidied(len(removed), len(doomed), sum(there[name] for name in doomed))


def _release(objects: Objects, ref: ReleaseRef) -> Release | None:
    try:
        return read_release(read_whole(objects, ref.name, ref.size_bytes), ref, objects.address)
    except (ObjectMissingError, ReplicaError):
        return None  # it names nothing that could be taken up


def _orphans(objects: Objects, names: set[str]) -> set[str]:
    if not names:
        return set()
    before = time.time() - _ORPHAN_LIVES_S
    return {found.name for found in objects.found(PARTS) if found.name in names and found.written_at < before}


def _orphan_releases(objects: Objects, kept: set[str]) -> set[str]:
    before = time.time() - _ORPHAN_LIVES_S
    return {found.name for found in objects.found(RELEASES) if found.name not in kept and found.written_at < before}
