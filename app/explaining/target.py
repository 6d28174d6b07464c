"""target: the page or section that `PATH[#HEADING]` names, or why the index has none."""

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import get_args

from footnote.app.core.errors import QuestionError
from footnote.app.core.find import why_unread
from footnote.app.core.text.slugs import github_slug
from footnote.app.core.text.unicode import composed, without_surrogates
from footnote.app.core.types import AnchorStyle, Chunk
from footnote.app.index.manifest import Manifest
from footnote.app.index.page import Page, page_of
from footnote.app.index.reader import Index

_MAX_CHARS = 500
_SUGGESTIONS = 3
# difflib's ratio: another name is not a slip of the pen; a guess, as that for headings, which are remembered by a word.
_NEAR_PATH, _NEAR_HEADING = 0.75, 0.5
_STYLES: tuple[AnchorStyle, ...] = get_args(AnchorStyle)


@dataclass(frozen=True, slots=True)
class Target:
    """A page of the index, or a section of it; at least one chunk."""

    path: str
    heading_path: tuple[str, ...]
    chunk_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Absent:
    """What the index does not hold: why, and what may have been meant."""

    path: str
    reason: str
    suggestions: tuple[str, ...] = ()


def find_target(wanted: str, index: Index, style: AnchorStyle) -> Target | Absent:
    """What `PATH`, `PATH#HEADING` or `PATH#ANCHOR` names; the anchor as the site makes it, or any other.

    Raises:
        QuestionError: the path is empty or too long.
    """
    wanted = without_surrogates(wanted).strip()
    asked, heading = _divided(wanted, index) if len(wanted) <= _MAX_CHARS else ("", "")
    if not asked:
        raise QuestionError(f"what should have been found is PATH or PATH#HEADING, of up to {_MAX_CHARS} characters")
    path = _indexed(asked, index)
    if path is None:
        return _no_page(asked, index)
    page = page_of(index, path)
    if page is None:
        return Absent(path, f"{path} was ingested, but holds no text that readers see")
    if not heading:
        return Target(path, (), page.ids)
    return _section(path, page, heading, style)


def _divided(wanted: str, index: Index) -> tuple[str, str]:
    """Path and heading; a `#` may be part of a file's name."""
    places = [at for at, sign in enumerate(wanted) if sign == "#"]
    for at in (len(wanted), *reversed(places)):
        if _indexed(wanted[:at], index) is not None:
            return wanted[:at], wanted[at + 1 :].strip()
    path, _, heading = wanted.partition("#")
    return path, heading.strip()


def _indexed(path: str, index: Index) -> str | None:
    """The path as the index has it; it may be given from where the docs folder lies, and in either form of Unicode."""
    docs_dir = PurePosixPath(index.manifest.docs_dir)
    names = [path.removeprefix("./")]
    names += [path.removeprefix(f"{folder}/") for folder in (docs_dir, docs_dir.name) if path.startswith(f"{folder}/")]
    for name in (name.lstrip("/") for name in names):
        if name in index.files:
            return name
        if not name.isascii():
            found = next((one for one in index.files if composed(one) == composed(name)), None)
            if found:
                return found
    return None


def _no_page(path: str, index: Index) -> Absent:
    path = path.removeprefix("./").lstrip("/")
    return Absent(path, _why_absent(path, index.manifest), _pages_like(path, index.files))


def _why_absent(path: str, manifest: Manifest) -> str:
    for skip in manifest.skipped:
        if skip.is_left_out and (skip.path == path or path.startswith(f"{skip.path}/")):
            detail = f" ({skip.detail})" if skip.detail else ""
            return f"{skip.path} was left out when the docs were ingested: {skip.reason}{detail}"
    unread = why_unread(path, manifest.include, manifest.exclude)
    if unread:
        return f"{path} is not in the index: {unread}"
    return f"{path} is not in the index: no such file was there when the docs were ingested, or an ignore file names it"


def _pages_like(path: str, paths: Collection[str]) -> tuple[str, ...]:
    wanted = path.casefold().rstrip("/")
    name = wanted.rpartition("/")[2]

    def is_near(one: str) -> bool:
        folded = one.casefold()
        stem = folded.rpartition(".")[0]
        return wanted in (folded, stem) or folded.startswith(f"{wanted}/") or folded.rpartition("/")[2] == name

    near = sorted(one for one in paths if is_near(one)) if wanted else []
    return _first((*near, *difflib.get_close_matches(path, paths, _SUGGESTIONS, _NEAR_PATH)))


def _section(path: str, page: Page, heading: str, style: AnchorStyle) -> Target | Absent:
    target = (
        _by_anchor(path, page.chunks, heading, [style])
        or _by_text(path, page, heading)
        or _by_anchor(path, page.chunks, heading, _STYLES)
        or _by_slug(path, page.chunks, heading)
    )
    if target:
        return target
    headings = _first((name for chunk in page.chunks for name in chunk.heading_path), None)
    close = difflib.get_close_matches(heading, headings, _SUGGESTIONS, _NEAR_HEADING)
    return Absent(path, f"{path} has no heading or anchor {heading!r}", tuple(f"{path}#{name}" for name in close))


def _by_text(path: str, page: Page, heading: str) -> Target | None:
    sections = set((page.sections([heading]) or page.sections(heading.split(" > "))).values())
    return Target(path, min(sections, key=len), page.below(sections)) if sections else None


def _by_anchor(path: str, chunks: Sequence[Chunk], anchor: str, styles: Iterable[AnchorStyle]) -> Target | None:
    """The section with this anchor, and those below it."""
    for style in styles:
        found: list[Chunk] = []
        above: tuple[str, ...] | None = None
        for chunk in chunks:
            if chunk.anchors.of(style) == anchor:
                above = chunk.heading_path
            elif above is not None and (len(chunk.heading_path) <= len(above) or not _is_below(chunk, above)):
                above = None
            if above is not None:
                found.append(chunk)
        if found:
            return Target(path, found[0].heading_path, frozenset(chunk.id for chunk in found))
    return None


def _by_slug(path: str, chunks: Sequence[Chunk], anchor: str) -> Target | None:
    """The same for a heading that has no text of its own, so that no chunk has its anchor."""
    for chunk in chunks:
        for end in range(len(chunk.heading_path), 0, -1):
            above = chunk.heading_path[:end]
            if github_slug(above[-1]) == anchor:
                return Target(path, above, frozenset(one.id for one in chunks if _is_below(one, above)))
    return None


def _is_below(chunk: Chunk, above: tuple[str, ...]) -> bool:
    return chunk.heading_path[: len(above)] == above


def _first(names: Iterable[str], count: int | None = _SUGGESTIONS) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:count]
