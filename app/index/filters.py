"""Metadata filters: which files a question is asked of.

A filter is resolved to a set of files before any search, and both searches are restricted to it, so
`top_k` results come from the files that match and not from what is left of a wider search.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from pathspec import GitIgnoreSpec

from footnote.app.core.errors import QuestionError
from footnote.app.core.types import Metadata, MetadataValue


class HasMetadata(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def metadata(self) -> Metadata: ...


class FileSelection(NamedTuple):
    """A division of an index's files by path."""

    allowed: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class QueryFilter:
    """Conditions that must all hold.

    Attributes:
        path: a file or folder (`guides/`), or a glob (`guides/**/*.md`, `*install*`).
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
        """The files that match, and the others."""
        spec = self._path_spec()
        allowed: set[str] = set()
        others: set[str] = set()
        for file in files:
            fits = (
                (spec is None or spec.match_file(file.path))
                and all(_holds(file.metadata.get("tags"), tag) for tag in self.tags)
                and all(_holds(_field(file.metadata, name), value) for name, value in self.fields)
            )
            (allowed if fits else others).add(file.path)
        return FileSelection(frozenset(allowed), frozenset(others))

    def _path_spec(self) -> GitIgnoreSpec | None:
        if not self.path:
            return None
        pattern = self.path.strip().removeprefix("./").lstrip("/")
        if not pattern or pattern.startswith("!"):
            raise QuestionError(f"the path filter {self.path!r} names no file: give a folder, a file or a glob")
        # Anchored at the docs folder, unless it is a bare glob such as `*install*`.
        bare_glob = "/" not in pattern and any(sign in pattern for sign in "*?[")
        try:
            return GitIgnoreSpec.from_lines([pattern if bare_glob else "/" + pattern])
        except ValueError as error:
            raise QuestionError(f"the path filter {self.path!r} is not a glob: {error}") from error


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
    return str(value).casefold() == wanted.casefold()
