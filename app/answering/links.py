"""links: from a citation or chunk to its place on the docs site, as the settings say."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from footnote.app.core.link_template import LinkTemplate
from footnote.app.core.setting_groups import LinkSettings
from footnote.app.core.types import AnchorStyle, Chunk, Citation

_MKDOCS_FOLDER_PAGES = ("index", "README")
_FOLDER_PAGES = ("index", "readme", "_index")  # in any case, as Docusaurus, Next.js and Hugo publish them


class Links:
    """The URLs of citations and chunks; None for all when no template is set.

    Args:
        site_style: how the site that the docs are made for makes anchors, unless the settings say how.
    """

    def __init__(self, links: LinkSettings, site_style: AnchorStyle) -> None:
        self._template = LinkTemplate(links.template) if links.template else None
        self._style = _style(links, site_style)
        # A file is meant where an ending follows: `{path_without_ext}.html`.
        self._by_file = "{path_without_ext}." in (links.template or "")

    def url(self, part: Citation | Chunk, generation: int) -> str | None:
        """Where a reader finds the passage."""
        if self._template is None:
            return None
        return self._template.fill(
            {
                "path": part.path,
                "path_without_ext": _without_ext(part.path, self._by_file),
                "page": _page(part.path),
                "start_line": part.start_line,
                "end_line": part.end_line,
                "anchor": part.anchors.of(self._style),
                "generation": generation,
                "sha256": part.sha256,
            }
        )


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
