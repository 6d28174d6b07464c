"""places: where the file may lie that a page names, by the rules of the tool whose words these are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from footnote.app.core.pages.flavour import site_of
from footnote.app.core.pages.including.site_settings import snippet_folders
from footnote.app.core.types import IncludeForm


@dataclass(frozen=True)
class Site:
    """A docs folder, resolved, and the folder of its site's configuration."""

    docs_dir: Path
    root: Path

    @classmethod
    def of(cls, docs_dir: Path) -> "Site":
        return cls(docs_dir.resolve(), site_of(docs_dir)[1])

    @cached_property
    def snippets(self) -> Sequence[Path]:
        """Where pymdownx looks for snippets."""
        return snippet_folders(self.root)

    def places(self, form: IncludeForm, target: str, beside: Path) -> list[Path]:
        """Absolute, in the order in which they are looked at; none for what is no path of this site.

        `beside` is the folder of the file that names it.
        """
        if target.startswith(("http://", "https://", "//")) or "\0" in target:
            return []
        return [folder / name for folder, name in _PLACES[form](self, target, beside)]


_Places = Callable[[Site, str, Path], list[tuple[Path, str]]]


def _from_site(site: Site, target: str, _: Path) -> list[tuple[Path, str]]:
    folders = dict.fromkeys([*site.snippets, site.root, site.docs_dir])
    return [(folder, target) for folder in folders]


_PLACES: dict[IncludeForm, _Places] = {"pymdownx": _from_site, "variants": _from_site}
