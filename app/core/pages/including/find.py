"""find: the words of a page that show parts of other files, by the rules of its site's tool."""

from collections.abc import Callable, Iterator
from itertools import islice

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.including.directive import Directive
from footnote.app.core.pages.including.forms import mkdocs

MAX_INCLUDES = 2_000  # of one page; a round number
_Form = Callable[[str], Iterator[Directive]]
# Each with what a page must hold for it: most pages hold none of these.
_MKDOCS: tuple[tuple[str, _Form], ...] = (
    ("8<-", mkdocs.snippets),
    ("{*", mkdocs.variants),
    ("{!", mkdocs.included),
)
_FORMS: dict[str, tuple[tuple[str, _Form], ...]] = {"mkdocs": _MKDOCS, "markdown": _MKDOCS}


def directives_in(text: str, path: str, site: Flavour) -> list[Directive]:
    """What a page of this path shows of other files, in order; at most so many as `MAX_INCLUDES`."""
    found: list[Directive] = []
    for sign, form in _FORMS.get(site.name, ()):
        if sign in text:
            found += islice(form(text), MAX_INCLUDES)
    return sorted(found)[:MAX_INCLUDES]
