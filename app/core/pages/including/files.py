"""files: the files that a page names to show parts of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from footnote.app.core.find import FoundFile
from footnote.app.core.pages.flavour import Flavour, flavour_of
from footnote.app.core.pages.including.find import directives_in
from footnote.app.core.pages.including.places import Site
from footnote.app.core.pages.including.roots import Roots, first_found
from footnote.app.core.setting_groups import IngestSettings


@dataclass(frozen=True, slots=True)
class IncludedFiles:
    """Looks up what the pages of one docs folder name; each file is given once."""

    site: Site
    flavour: Flavour
    roots: Roots
    _given: set[Path]

    @classmethod
    def of(cls, docs_dir: Path, rules: IngestSettings) -> "IncludedFiles":
        return cls(Site.of(docs_dir), flavour_of(docs_dir), Roots(docs_dir, rules), set())

    def named_by(self, page: FoundFile) -> Iterator[FoundFile]:
        """The files that a page names, and those that these name, as far as they may be read."""
        waiting = [replace(page, location=page.location.resolve())]  # a page may be a symlink, a file it names not
        while waiting:
            file = waiting.pop()
            raw = self.roots.read(file)
            if not isinstance(raw, bytes):
                continue
            for one in directives_in(raw.decode("utf-8", "replace"), file.path, self.flavour):
                places = self.site.places(one.form, one.target, self._beside(file))
                found = first_found(self.roots, places, self.site.root)
                if isinstance(found, FoundFile) and found.location not in self._given:
                    self._given.add(found.location)
                    waiting.append(found)
                    yield found

    def _beside(self, file: FoundFile) -> Path:
        """The folder of a file by its name: a page may have been reached through a symlink."""
        place = self.site.docs_dir / file.path
        return (place if place.exists() else file.location).parent
