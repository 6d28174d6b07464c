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
    """The folders that the configuration names, the site's, the docs folder."""
    folders = dict.fromkeys([*site.snippets, site.root, site.docs_dir])
    return [(folder, target) for folder in folders]


def _beside(_: Site, target: str, beside: Path) -> list[tuple[Path, str]]:
    return [(beside, target)]


def _from_source(site: Site, target: str, beside: Path) -> list[tuple[Path, str]]:
    """Beside the page; with a slash before it from the folder of the sources on."""
    return _absolute(target, site.root, site.docs_dir) or [(beside, target)]


def _imported(site: Site, target: str, beside: Path) -> list[tuple[Path, str]]:
    """Beside the page, or behind an alias of the site's folder; a package is none of these."""
    if target.startswith("@site/"):
        return [(site.root, target.removeprefix("@site/"))]
    if target.startswith(("@/", "~/")):
        return [(folder, target[2:]) for folder in (site.root, site.root / "src", site.docs_dir)]
    return [(beside, target)] if target.startswith(("./", "../")) else []


def _hugo(site: Site, target: str, beside: Path) -> list[tuple[Path, str]]:
    """Beside the page; with a slash before it from the site's folder or its content on."""
    absolute = _absolute(target, site.root, site.root / "content", site.docs_dir)
    return absolute or [(beside, target), (site.docs_dir, target), (site.root, target)]


def _hugo_sample(site: Site, target: str, beside: Path) -> list[tuple[Path, str]]:
    """In the folder `examples` of the language, which is beside the page or above it; or in the page's bundle."""
    above = [folder for folder in (beside, *beside.parents) if folder.is_relative_to(site.root)]
    samples = [(folder / "examples", target.lstrip("/")) for folder in above]
    return [*samples, *_hugo(site, target, beside)]


def _vitepress(site: Site, target: str, beside: Path) -> list[tuple[Path, str]]:
    if target.startswith("@"):
        return [(folder, target[1:].lstrip("/")) for folder in (site.docs_dir, site.root)]
    return _absolute(target, site.docs_dir, site.root) or [(beside, target)]


def _asciidoc(_: Site, target: str, beside: Path) -> list[tuple[Path, str]]:
    """Beside the page; of a family of Antora in its folder of the module. One of another module is not looked for."""
    family, sign, path = target.partition("$")
    if not sign:
        return [] if "{" in target else [(beside, target)]
    module = next((folder.parent for folder in (beside, *beside.parents) if folder.name in _FAMILIES.values()), None)
    return [(module / _FAMILIES[family], path)] if module and family in _FAMILIES else []


def _absolute(target: str, *folders: Path) -> list[tuple[Path, str]]:
    return [(folder, target.lstrip("/")) for folder in folders] if target.startswith("/") else []


_FAMILIES = {"example": "examples", "partial": "partials", "page": "pages", "attachment": "attachments"}
_PLACES: dict[IncludeForm, _Places] = {
    "pymdownx": _from_site,
    "variants": _from_site,
    "mdbook": _beside,
    "sphinx": _from_source,
    "mdx": _imported,
    "hugo": _hugo,
    "hugo sample": _hugo_sample,
    "vitepress": _vitepress,
    "asciidoc": _asciidoc,
}
