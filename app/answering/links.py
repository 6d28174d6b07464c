"""links: from a citation or chunk to its place on the docs site, as the settings say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from typing import Protocol
from urllib.parse import unquote, urlsplit

from footnote.app.core.link_template import AtCommit, LinkTemplate
from footnote.app.core.setting_groups import LinkSettings
from footnote.app.core.types import AnchorStyle, Chunk, Citation

_MKDOCS_FOLDER_PAGES = ("index", "README")
_FOLDER_PAGES = ("index", "readme", "_index")  # in any case, as Docusaurus, Next.js and Hugo publish them

_AT_NONE = AtCommit()
_WITH_HOST = re.compile(r"https?://[^\s/]|mailto:", re.I)
# Or from the root of a site, which need not be that of the docs.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]", re.I)


class Linking(Protocol):
    """What makes URLs of citations and chunks; see `Links`."""

    def target(self, path: str, generation: int, target: str) -> str | None: ...

    def url(self, part: Citation | Chunk, generation: int) -> str | None: ...

    def linked(self, citations: Sequence[Citation]) -> tuple[Citation, ...]: ...


class Links:
    """The URLs of citations and chunks; None for all when no template is set.

    `anchor_style` is how the site that they lead to makes anchors.

    Args:
        site_style: how the site that the docs are made for makes anchors, unless the settings say how.
        at: which commit the pages are as; to one that is as none, a template with `{commit}` makes no link.
        elsewhere: where folders beside the docs folder lie, seen from it, by the names that their files begin with.
    """

    def __init__(
        self,
        links: LinkSettings,
        site_style: AnchorStyle,
        at: AtCommit = _AT_NONE,
        elsewhere: Mapping[str, str] | None = None,
    ) -> None:
        self._at = at
        self._template = LinkTemplate(links.template) if links.template else None
        self.anchor_style = _style(links, site_style)
        self._elsewhere = elsewhere or {}
        # A file is meant where an ending follows: `{path_without_ext}.html`.
        self._by_file = "{path_without_ext}." in (links.template or "")

    def target(self, path: str, generation: int, target: str) -> str | None:
        """The address of a link that stands on a page, as a reader elsewhere can follow it.

        An address with a host stays; one of a page of the docs, or of a place on the same page, is made of the
        template. None without a template, and for what is no page.
        """
        if _WITH_HOST.match(target):
            return target
        place, _, anchor = target.partition("#")
        if self._template is None or _SCHEME.match(target) or (place and not _is_page(place)):
            return None
        page = normpath(join(dirname(path), unquote(place))) if place else path
        return None if page.startswith("..") else self._filled(page, 1, 1, unquote(anchor), generation, "")

    def url(self, part: Citation | Chunk, generation: int) -> str | None:
        """Where a reader finds the passage: of an included file in it, or on its page where links lead to pages."""
        if self._template is None:
            return None
        anchor = part.anchors.of(self.anchor_style)
        if part.included_by:
            names_files, own = self._template.names_files, self._template.names_generations
            place = (part.path if own else self._place(part.path)) if names_files else None
            lines = part.start_line, part.end_line
            url = place and self._filled(place, *lines, "", generation, part.sha256, named=part.path)
            if url := url and collapsed(url):
                return url
            return self._filled(part.included_by[0], 1, 1, anchor, generation, part.sha256)
        return self._filled(part.path, part.start_line, part.end_line, anchor, generation, part.sha256)

    def linked(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        """The citations with their URLs."""
        return tuple(replace(citation, url=self.url(citation, citation.generation)) for citation in citations)

    def _place(self, path: str) -> str:
        """Where a file lies, seen from the docs folder."""
        name, _, below = path.partition("/")
        return f"{self._elsewhere[name]}/{below}" if name in self._elsewhere else path

    def _filled(
        self, path: str, first: int, last: int, anchor: str, generation: int, sha256: str, named: str = ""
    ) -> str | None:
        """The link to a path, which the index has under the name, where that is another one."""
        assert self._template
        commit = self._at.of(named or path)
        if self._template.names_commit and not commit:
            return None
        return self._template.fill(
            {
                "path": path,
                "path_without_ext": _without_ext(path, self._by_file),
                "page": _page(path),
                "start_line": first,
                "end_line": last,
                "anchor": anchor,
                "generation": generation,
                "sha256": sha256,
                "commit": commit,
            }
        )


def collapsed(url: str) -> str | None:
    """The URL without `..` in its path, as browsers read it; None where that climbs out of the site."""
    address, sign, rest = url, "", ""
    if found := re.search("[?#]", url):
        address, sign, rest = url[: found.start()], found.group(), url[found.end() :]
    if "/../" not in f"{address}/":
        return url
    scheme, _, host, *parts = address.split("/")
    kept: list[str] = []
    for part in parts:
        if part != "..":
            kept.append(part)
        elif not kept:
            return None
        else:
            kept.pop()
    return "/".join((scheme, "", host, *kept)) + sign + rest


def _is_page(place: str) -> bool:
    return place.lower().endswith((".md", ".mdx", ".markdown"))


def _style(links: LinkSettings, site_style: AnchorStyle) -> AnchorStyle:
    if links.anchor_style != "auto":
        return links.anchor_style
    is_github = links.template is not None and urlsplit(links.template).hostname == "github.com"
    return "github" if is_github else site_style


def _without_ext(path: str, by_file: bool) -> str:
    """`guides/install`, and of `guides/index.md` its folder `guides` unless the file is meant."""
    page = PurePosixPath(path).with_suffix("")
    if by_file or page.name.casefold() not in _FOLDER_PAGES:
        return str(page)
    return "" if page.parent == PurePosixPath() else str(page.parent)


def _page(path: str) -> str:
    """The folder that MkDocs makes of a page: `guides/install/`, and `guides/` of `guides/index.md`."""
    page = PurePosixPath(path).with_suffix("")
    folder = page.parent if page.name in _MKDOCS_FOLDER_PAGES else page
    return "" if folder == PurePosixPath() else f"{folder}/"
