"""links: from a citation to the page it cites, as the settings say."""

from pathlib import PurePosixPath

from app.core.link_template import LinkTemplate
from app.core.settings import Settings
from app.core.types import Citation

_FOLDER_PAGES = ("index", "README")


class Links:
    """The URLs of citations; None for all when no template is set."""

    def __init__(self, settings: Settings) -> None:
        self._template = LinkTemplate(settings.link_template) if settings.link_template else None
        self._style = settings.anchor_style

    def url(self, citation: Citation) -> str | None:
        """Where a reader finds the cited passage."""
        if self._template is None:
            return None
        return self._template.fill(
            {
                "path": citation.path,
                "path_without_ext": str(PurePosixPath(citation.path).with_suffix("")),
                "page": _page(citation.path),
                "start_line": citation.start_line,
                "end_line": citation.end_line,
                "anchor": citation.mkdocs_anchor if self._style == "mkdocs" else citation.github_anchor,
                "generation": citation.generation,
                "sha256": citation.sha256,
            }
        )


def _page(path: str) -> str:
    """The folder that MkDocs makes of a page: `guides/install/`, and `guides/` of `guides/index.md`."""
    page = PurePosixPath(path).with_suffix("")
    folder = page.parent if page.name in _FOLDER_PAGES else page
    return "" if folder == PurePosixPath() else f"{folder}/"
