"""flavour: which kind of site a docs folder is made for.

Most of the syntax is read whatever the site; a flavour settles what would be text elsewhere.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from footnote.app.core.types import AnchorStyle

_BESIDE = ("website", "site", "www")  # a site may lie beside its docs
_LEVELS = 3  # how far above the docs folder a site keeps its configuration: site/src/content/docs


@dataclass(frozen=True, slots=True)
class Flavour:
    """What of a page depends on the site that shows it.

    Attributes:
        name: as `footnote status` shows it.
        jsx: pages are MDX: imports, exports, components and `{/* comments */}`, and no code by indentation.
        percent_comments: `%% ... %%` hides, as in Obsidian.
        line_comments: a line that begins with `%` hides, as in MyST.
        template_tags: `{% ... %}` are tags of the site, as in Jekyll and GitBook.
        wikilinks: `[[Page|text]]` is a link, as in Obsidian.
        code_annotations: `# (1)` at the end of a line of code is a sign, as in Material for MkDocs.
        anchors: how it makes the ids of headings; most sites that are none of these are built on github-slugger.
    """

    name: str
    jsx: bool = False
    percent_comments: bool = False
    line_comments: bool = False
    template_tags: bool = False
    wikilinks: bool = False
    code_annotations: bool = False
    anchors: AnchorStyle = "docusaurus"


PLAIN = Flavour("markdown", wikilinks=True)
MDX = Flavour("mdx", jsx=True)
_SPHINX = Flavour("myst", line_comments=True, anchors="sphinx")
_HUGO = Flavour("hugo", anchors="hugo")
# In the order in which they are looked for, with the files of the site's root that tell: a glob each.
_SIGNS: tuple[tuple[Flavour, tuple[str, ...]], ...] = (
    (
        Flavour("mkdocs", wikilinks=True, code_annotations=True, anchors="mkdocs"),
        ("mkdocs.yml", "mkdocs.yaml", "zensical.toml"),
    ),
    (Flavour("docusaurus", jsx=True), ("docusaurus.config.*",)),
    (Flavour("vitepress", anchors="vitepress"), (".vitepress/config.*", ".vuepress/config.*")),
    (Flavour("myst", line_comments=True, anchors="mystmd"), ("myst.yml",)),
    (_SPHINX, ("_toc.yml",)),
    (Flavour("gitbook", template_tags=True), (".gitbook.yaml", "book.json", ".gitbook/*")),
    (_HUGO, ("hugo.toml", "hugo.yaml", "hugo.json", "config/_default/*.toml", "config/_default/hugo.*")),
    (Flavour("jekyll", template_tags=True, anchors="jekyll"), ("_config.yml",)),
    (Flavour("mdbook", anchors="mdbook"), ("book.toml",)),
    (Flavour("obsidian", percent_comments=True, wikilinks=True), (".obsidian",)),
)
# A name that other programs use as well counts only where its text has one of these.
_CONF_PY = ("myst_parser", "myst_nb", "recommonmark")
_CONFIG_TOML = ("baseURL", "baseurl", "[module]", "theme =")
_UNICODE_SLUGS = ("pymdownx.slugs",)


def flavour_of(docs_dir: Path) -> Flavour:
    """The flavour of the site that the folder belongs to: by a configuration in it, or above it in the same repository.

    `PLAIN` where there is none, and where the folder cannot be read.
    """
    return site_of(docs_dir)[0]


def site_of(docs_dir: Path) -> tuple[Flavour, Path]:
    """The flavour, and the folder of the site's configuration: the docs folder itself where there is none."""
    folder = docs_dir.resolve()
    for level, root in enumerate((folder, *folder.parents)):
        for place in (root, *(root / name for name in _BESIDE if level)):
            if found := _flavour_at(place):
                return found, place
        if level == _LEVELS or (root / ".git").exists():
            break
    return PLAIN, folder


def flavour_named(name: str) -> Flavour:
    """The flavour of a site by its name; `PLAIN` for a name that is none."""
    return next((flavour for flavour, _ in _SIGNS if flavour.name == name), PLAIN)


def flavour_for(path: str, site: Flavour) -> Flavour:
    """The flavour of one page: MDX by its name, whatever the site."""
    return MDX if path.lower().endswith(".mdx") and not site.jsx else site


def _flavour_at(root: Path) -> Flavour | None:
    for flavour, signs in _SIGNS:
        found = [file for sign in signs for file in root.glob(sign)]
        if found:
            is_pymdownx = flavour.anchors == "mkdocs" and any(_mentions(file, _UNICODE_SLUGS) for file in found)
            return replace(flavour, anchors="pymdownx") if is_pymdownx else flavour
    if _mentions(root / "conf.py", _CONF_PY):
        return _SPHINX
    if _mentions(root / "config.toml", _CONFIG_TOML) and (root / "content").is_dir():
        return _HUGO
    return None


def _mentions(file: Path, words: tuple[str, ...]) -> bool:
    try:
        text = file.read_text("utf-8", "replace")[:100_000]
    except OSError:
        return False
    return any(word in text for word in words)
