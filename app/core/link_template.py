"""The template of links to cited pages: a URL with fields in braces."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from urllib.parse import quote, urlsplit

LINK_FIELDS = ("path", "path_without_ext", "page", "start_line", "end_line", "anchor", "generation", "sha256", "commit")
_PATHS = ("path", "path_without_ext", "page")
_LITERAL = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")  # Source: RFC 3986, section 2
_SITE = re.compile(r"https?://[^/?#]+[/?#]", re.I)


@dataclass(frozen=True, slots=True)
class AtCommit:
    """Which commit pages are as; `commit` is "" where none is known, `uncommitted` are the pages that are not."""

    commit: str = ""
    uncommitted: frozenset[str] = frozenset()

    def of(self, path: str) -> str:
        """The commit that has the page as it is; "" where none does."""
        return "" if path in self.uncommitted else self.commit


class LinkTemplate:
    """A template whose every filling is a URL of one site: fields may stand in path, query and fragment only.

    Raises:
        ValueError: it is none; says why.
    """

    def __init__(self, template: str) -> None:
        self._parts: list[tuple[str, str | None]] = []  # literal text, and the field that follows
        for literal, field, spec, conversion in Formatter().parse(template):
            if field is not None and (field not in LINK_FIELDS or spec or conversion):
                raise ValueError(f"{{{field}}} cannot be filled in: the fields are {', '.join(LINK_FIELDS)}")
            if not _LITERAL.fullmatch(literal):
                raise ValueError(f"{literal!r} has characters that a URL cannot have")
            self._parts.append((literal, field))
        site = self._parts[0][0] if self._parts else ""
        if not _SITE.match(site) or not urlsplit(site).hostname:
            raise ValueError("must begin with http:// or https://, a host and a slash")

    @property
    def names_files(self) -> bool:
        """Whether it leads to files by their paths, as code hosts do, and not to the pages made of them."""
        return any(field == "path" for _, field in self._parts)

    @property
    def names_generations(self) -> bool:
        """Whether it leads to what an index holds, which has names of its own for files beside the docs folder."""
        return any(field == "generation" for _, field in self._parts)

    @property
    def names_commit(self) -> bool:
        """Whether it leads to the page as a commit has it, and nowhere without one."""
        return any(field == "commit" for _, field in self._parts)

    def fill(self, values: Mapping[str, str | int]) -> str:
        """The URL with the values percent-encoded; without its `#` where nothing follows that."""
        url = ""
        for literal, field in self._parts:
            # The folder of the whole site has no name, and leaves no double slash.
            url = url.removesuffix("/") + literal if literal.startswith("/") else url + literal
            url += _encoded(field, values[field]) if field else ""
        return url.removesuffix("#")


def _encoded(field: str, value: str | int) -> str:
    return quote(str(value), safe="/" if field in _PATHS else "")
