"""Metadata filters: which files a question is asked of.

A filter is resolved to a set of files before any search, and both searches are restricted to it, so
`top_k` results come from the files that match and not from what is left of a wider search.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from footnote.app.core.errors import QuestionError
from footnote.app.core.text.unicode import composed
from footnote.app.core.types import Metadata, MetadataValue

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class HasMetadata(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def metadata(self) -> Metadata: ...
    @property
    def included_by(self) -> tuple[str, ...]: ...


class FileSelection(NamedTuple):
    """A division of an index's files by path."""

    allowed: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class QueryFilter:
    """Conditions that must all hold.

    Attributes:
        path: a file or folder (`guides/`), or a glob (`guides/**/*.md`, `*install*`). What is there under exactly this
            name is meant, whatever signs of a glob are in it.
        tags: each must be among the file's `tags`, whatever its case.
        fields: pairs of front-matter field and value; a list field matches when it holds the value; nested
            fields are named with dots (`author.team`). Values are compared as text, without case.
    """

    path: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.path or self.tags or self.fields)

    def select(self, files: Iterable[HasMetadata]) -> FileSelection:
        """The files that match, with what pages show of others, and all that is left."""
        files = list(files)
        paths = None if not self.path else matching(self.path, [file.path for file in files])
        allowed: set[str] = set()
        others: set[str] = set()
        for file in files:
            fits = (
                (paths is None or file.path in paths)
                and all(_holds(file.metadata.get("tags"), tag) for tag in self.tags)
                and all(_holds(_field(file.metadata, name), value) for name, value in self.fields)
            )
            (allowed if fits else others).add(file.path)
        # What a page shows is there where the page is.
        shown = {file.path for file in files if not allowed.isdisjoint(file.included_by)}
        allowed |= shown
        others -= shown
        return FileSelection(frozenset(allowed), frozenset(others))


def matching(wanted: str, paths: Collection[str]) -> frozenset[str]:
    """The paths that are the wanted file or lie in the wanted folder; else those that match it as a glob.

    Raises:
        QuestionError: what is wanted names no file, or is no glob.
    """
    for name in (wanted, wanted.strip()):
        name = composed(name).removeprefix("./").lstrip("/")
        folder = name.rstrip("/") + "/"
        named = [path for path in paths if name and (composed(path) == name or composed(path).startswith(folder))]
        if named:
            return frozenset(named)
    spec = path_glob(wanted)
    return frozenset(path for path in paths if spec.match_file(composed(path)))


def path_glob(wanted: str) -> "GitIgnoreSpec":
    """What tells whether a path matches a glob, in Unicode's composed form both.

    Raises:
        QuestionError: it is none, or it can name no file.
    """
    from pathspec import GitIgnoreSpec

    pattern = composed(wanted).strip().removeprefix("./").lstrip("/")
    if not pattern or pattern.startswith("!"):
        raise QuestionError(f"the path filter {wanted!r} names no file: give a folder, a file or a glob")
    # Anchored at the docs folder, unless it is a bare glob such as `*install*`.
    bare_glob = "/" not in pattern and any(sign in pattern for sign in "*?[")
    try:
        return GitIgnoreSpec.from_lines([re.sub("^#", r"\\#", pattern) if bare_glob else "/" + pattern])
    except ValueError as error:
        raise QuestionError(f"the path filter {wanted!r} is not a glob: {error}") from error


def parse_fields(pairs: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """`["team=docs"]` -> `(("team", "docs"),)`.

    Raises:
        QuestionError: a pair has no name or no `=`.
    """
    fields = []
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise QuestionError(f"the filter {pair!r} is not NAME=VALUE")
        fields.append((name.strip(), value.strip()))
    return tuple(fields)


def tags_of(metadata: Metadata) -> list[str]:
    """The tags of a file as they are spelled, each once and in order."""
    tags = metadata.get("tags")
    listed = tags.split(",") if isinstance(tags, str) else tags if isinstance(tags, list) else []
    names = (str(tag).strip() for tag in listed if isinstance(tag, str | int | float))
    return [name for name in dict.fromkeys(names) if name]


def _field(metadata: Metadata, name: str) -> MetadataValue:
    if name in metadata:
        return metadata[name]
    value: MetadataValue = dict(metadata)
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def _holds(value: MetadataValue, wanted: str) -> bool:
    if isinstance(value, list):
        return any(_holds(item, wanted) for item in value)
    if value is None or isinstance(value, dict):
        return False
    if isinstance(value, str) and "," in value and _holds([part.strip() for part in value.split(",")], wanted):
        return True  # `tags: a, b` is common where a list is meant
    return composed(str(value)).casefold() == composed(wanted).casefold()
