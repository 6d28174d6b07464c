"""plan: what there is to do to make a folder the markdown of some documents."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.files import sha256_of
from footnote.ingest.importing.state import State, Written
from footnote.ingest.importing.types import Source, Unread, target_of

# As the guard of an ingest: so many files may always go, and so large a share of all.
_FREE_FILES, _FREE_SHARE = 10, 0.1
_SHOWN = 3
_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do.

    Attributes:
        convert: sources that are new, have changed, or were converted by another version.
        new: the targets among them that were not written before.
        unchanged: how many need nothing.
        remove: files whose source is gone.
        edited: files that somebody else wrote or changed, so that they stay as they are.
        unread: sources that are not tried: they cannot even be hashed, are empty, or took more than a limit before.
        failed_before: those to convert that could not be read before, with the same bytes and converter.
    """

    convert: tuple[Source, ...]
    new: frozenset[str]
    unchanged: int
    remove: tuple[str, ...]
    edited: tuple[Unread, ...]
    unread: tuple[Unread, ...]
    failed_before: tuple[Unread, ...] = ()

    def held(self, known: int) -> str | None:
        """Why so many of the `known` files are not removed; None where they may be."""
        if len(self.remove) <= max(_FREE_FILES, _FREE_SHARE * known):
            return None
        named = ", ".join(self.remove[:_SHOWN])
        return (
            f"{len(self.remove)} of the {known} imported files would be removed, as their sources are gone "
            f"({named}, ...): nothing was done. If a folder is not mounted, or is empty, mend that; if they are to go, "
            "run `footnote import` again with --allow-deletes"
        )


def make_plan(
    sources: Sequence[Source],
    roots: Sequence[Path],
    folder: Path,
    before: State,
    by: Mapping[str, str],
    replace: bool,
    limits: str = "",
    retry: bool = False,
) -> Plan:
    """What is to be converted and removed.

    Args:
        sources: what was found.
        roots: the folders that were named: what came from elsewhere stays.
        folder: where the markdown is written.
        before: what imports did there.
        by: who converts documents now, by their ending.
        replace: also overwrite and remove what was edited.
        limits: what a document may take now.
        retry: also try again what took more than these limits before.
    """
    convert, new, edited, unread, failed_before = [], set(), [], [], []
    unchanged = 0
    for source in sources:
        file, written = folder / source.target, before.files.get(source.target)
        try:
            digest = sha256_of(source.location)
        except OSError as error:
            unread.append(_unread(source.path, f"unreadable: {error.strerror or error}", folder, before))
            continue
        now = _hash_of(file)
        same = written and (written.source_sha256, written.by) == (digest, by[source.ending])
        if same and now is not None and not (replace and written and now != written.sha256):
            unchanged += 1
        elif now is not None and not replace and (written is None or now != written.sha256):
            why = "was edited since it was imported" if written else "was not written by an import here"
            edited.append(Unread(source.target, f"{why}: it stays as it is; --replace overwrites it"))
        elif digest == _EMPTY:
            unread.append(_unread(source.path, "it is empty", folder, before))
        else:
            failed = before.failed.get(source.target)
            if failed and (failed.source_sha256, failed.by) == (digest, by[source.ending]):
                if failed.over_limit and failed.limits == limits and not retry:
                    why = f"{failed.reason}; it was not tried again, as nothing changed: --retry tries it"
                    unread.append(_unread(source.path, why, folder, before))
                    continue
                failed_before.append(Unread(source.path, failed.reason))
            convert.append(source)
            if written is None:
                new.add(source.target)
    remove = _gone(sources, roots, before.files)
    for target in remove:
        now = _hash_of(folder / target)
        if now is not None and now != before.files[target].sha256 and not replace:
            edited.append(Unread(target, "its source is gone, and it was edited: it stays; --replace removes it"))
    kept = {one.path for one in edited}
    return Plan(
        tuple(convert),
        frozenset(new),
        unchanged,
        tuple(target for target in remove if target not in kept),
        tuple(edited),
        tuple(unread),
        tuple(failed_before),
    )


def and_stays(path: str, folder: Path, before: State) -> str:
    """What is said of a document that cannot be read, of which there is markdown; "" where there is none."""
    target = target_of(path)
    is_there = target in before.files and (folder / target).exists()
    return "; its markdown of before stays" if is_there else ""


def _unread(path: str, reason: str, folder: Path, before: State) -> Unread:
    return Unread(path, reason + and_stays(path, folder, before))


def _gone(sources: Sequence[Source], roots: Sequence[Path], before: Mapping[str, Written]) -> list[str]:
    """What was written of sources that are not there any more, below the folders that were named."""
    here, named = {source.target for source in sources}, {str(root) for root in roots}
    return sorted(
        target
        for target, written in before.items()
        if target not in here and written.root in named and not (Path(written.root) / written.source).exists()
    )


def _hash_of(file: Path) -> str | None:
    """The sha256 of a file's bytes; None where there is none."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None
