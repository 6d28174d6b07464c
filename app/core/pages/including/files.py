"""files: the files that pages name to show parts of them."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from footnote.app.core.find import FoundFile
from footnote.app.core.pages.flavour import Flavour, flavour_of
from footnote.app.core.pages.including.directive import Directive
from footnote.app.core.pages.including.find import directives_in
from footnote.app.core.pages.including.places import Site
from footnote.app.core.pages.including.roots import Roots, first_found
from footnote.app.core.setting_groups import IngestSettings

# What each form has in it; where a page has none of these nothing else is looked at.
_SIGNS = re.compile(rb"8<-|\{[*!]|\{\{|<<<|@?include|raw-loader!|\?raw")


class IncludedFiles:
    """What the files of one docs folder name, as far as they were noted; no file is opened for it."""

    def __init__(self, docs_dir: Path, rules: IngestSettings) -> None:
        self._docs_dir = docs_dir.resolve()
        self._rules = rules
        self._noted: list[tuple[Path, list[Directive]]] = []
        self._given: set[Path] = set()

    def note(self, file: FoundFile, raw: bytes) -> None:
        """Take up what a file names, by its bytes."""
        if _SIGNS.search(raw) and (found := directives_in(raw.decode("utf-8", "replace"), file.path, self._flavour)):
            place = self._docs_dir / file.path  # a page may have been reached through a symlink
            self._noted.append(((place if place.exists() else file.location).parent, found))

    def named(self) -> Iterator[FoundFile]:
        """The files that were named, each once, as far as they may be read; also those that are noted meanwhile."""
        while self._noted:
            beside, directives = self._noted.pop(0)
            for one in directives:
                places = self._site.places(one.form, one.target, beside)
                found = first_found(self._roots, places, self._site.root)
                if isinstance(found, FoundFile) and found.location not in self._given:
                    self._given.add(found.location)
                    yield found

    @cached_property
    def _site(self) -> Site:
        return Site.of(self._docs_dir)

    @cached_property
    def _flavour(self) -> Flavour:
        return flavour_of(self._docs_dir)

    @cached_property
    def _roots(self) -> Roots:
        return Roots(self._docs_dir, self._rules)
