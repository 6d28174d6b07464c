"""find: the words of a page that show parts of other files, by the rules of its site's tool."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import PurePosixPath

from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.pages.front_matter import read_front_matter
from footnote.app.core.pages.including.directive import Directive
from footnote.app.core.pages.including.forms import asciidoc, hugo, mdbook, mdx, mkdocs, sphinx, vitepress
from footnote.app.core.pages.source_marks import source_of

MAX_INCLUDES = 2_000  # of one page; a round number
_Form = Callable[[str], Iterator[Directive]]
# Each with what a page must hold for it: most pages hold none of these.
_Forms = tuple[tuple[str, _Form], ...]
_MKDOCS: _Forms = (("8<-", mkdocs.snippets), ("{*", mkdocs.variants), ("{!", mkdocs.included))
_MDBOOK: _Forms = (("{{", mdbook.links),)
_MYST: _Forms = (("include", sphinx.myst),)
_HUGO: _Forms = (("{{", hugo.shortcodes),)
_VITEPRESS: _Forms = (("<<<", vitepress.snippets), ("@include:", vitepress.includes))
_MDX: _Forms = (("import", mdx.raw_imports),)
_RST: _Forms = (("include::", sphinx.restructured),)
_ASCIIDOC: _Forms = (("include::", asciidoc.includes),)
# By the name of a flavour; where no site is known, what no other tool would show as text.
_OF_SITES: dict[str, _Forms] = {
    "markdown": (*_MKDOCS, *_MDBOOK, *_MYST),
    "mkdocs": _MKDOCS,
    "mdbook": _MDBOOK,
    "myst": _MYST,
    "hugo": _HUGO,
    "vitepress": _VITEPRESS,
    "docusaurus": _MDX,
    "mdx": _MDX,
}
_OF_ENDINGS: dict[str, _Forms] = {".mdx": _MDX, ".rst": _RST, ".adoc": _ASCIIDOC, ".asciidoc": _ASCIIDOC}


def directives_in(text: str, path: str, site: Flavour) -> list[Directive]:
    """What a page of this path shows of other files, in order; at most so many as `MAX_INCLUDES`.

    One that was imported shows none: what a document names is text.
    """
    found: list[Directive] = []
    ending = PurePosixPath(path).suffix.lower()
    for sign, form in _OF_ENDINGS.get(ending) or _OF_SITES.get(site.name, ()):
        if sign in text:
            found += islice(form(text), MAX_INCLUDES)
    if site.name == PLAIN.name and ending not in _OF_ENDINGS:
        # It may be a page about such a tool: what stands within a line is shown, more likely than not.
        found = [one for one in found if _is_alone(text, one)]
    return sorted(found)[:MAX_INCLUDES] if found and not _is_imported(text) else []


def _is_imported(text: str) -> bool:
    return bool(source_of(read_front_matter(text.removeprefix("\ufeff").encode()).metadata))


def _is_alone(text: str, one: Directive) -> bool:
    """Whether it stands on a line, or lines, of its own."""
    before = text.rfind("\n", 0, one.start) + 1
    after = text.find("\n", one.end)
    return not text[before : one.start].strip(" \t>") and not text[one.end : after if after >= 0 else None].strip()
