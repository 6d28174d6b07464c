"""gather: the files that pages show parts of, and what could not be shown."""

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path, PurePosixPath

from footnote.app.core.find import FoundFile
from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.front_matter import text_start
from footnote.app.core.pages.including.find import directives_in
from footnote.app.core.pages.including.places import Site
from footnote.app.core.pages.including.roots import Refused, Roots, first_found
from footnote.app.core.pages.including.select import NotThereError, lines_of, selected
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.core.types import Include, IncludeForm, Selection, Skip
from footnote.app.index.manifest import FileRecord
from footnote.ingest.including.showing import Showing, ShownFile, ShownLines, is_markdown
from footnote.ingest.split import split_or_skip
from footnote.ingest.types import Document

MAX_DEPTH = 8  # of files that show files; mdBook follows ten
MAX_FILES = 50_000  # a round number
MAX_STEPS = 5_000  # of one page: files that show each other are as many as there are ways through them


@dataclass(frozen=True, slots=True)
class _Step:
    """A page's include to be followed; `chain` are the paths from the page to the file that says it."""

    page: FileRecord
    include: Include
    beside: Path
    chain: tuple[str, ...]

    def skip(self, reason: str, detail: str = "") -> Skip:
        through = f" in {self.chain[-1]}" if len(self.chain) > 1 else ""
        said = f"line {self.include.line}{through}: {self.include.target}"
        is_new = detail not in ("", self.include.target)
        return Skip(self.page.path, f"included file: {reason}", f"{said}; {detail}" if is_new else said, "include")


@dataclass(slots=True)
class _Wanted:
    """A file to be read, with those that show it."""

    file: FoundFile
    steps: list[_Step] = field(default_factory=list)


class Gathering:
    """All that the pages of a docs folder show of other files.

    `skips` are complete once `files` were taken.
    """

    def __init__(self, docs_dir: Path, rules: IngestSettings, flavour: Flavour, page_paths: Collection[str]) -> None:
        self._rules = rules
        self._flavour = flavour
        self._site = Site.of(docs_dir)
        self._roots = Roots(docs_dir, rules)
        self._page_paths = frozenset(page_paths)
        self._wanted: dict[str, _Wanted] = {}
        self._looked: dict[tuple[IncludeForm, str, Path], FoundFile | Refused | None] = {}
        self._shown_in_turn: dict[tuple[str, Selection], tuple[Include, ...]] = {}
        self.skips: list[Skip] = []

    def files(self, pages: Iterable[FileRecord]) -> Iterator[ShownFile]:
        """Each file with what is shown of it, by path; one is read at a time."""
        for page in pages:
            self._follow(page)
        for path in sorted(self._wanted):
            shown = self._read(self._wanted[path])
            if shown:
                yield shown

    def _follow(self, page: FileRecord) -> None:
        beside = (self._site.docs_dir / page.path).parent
        steps = deque(_Step(page, include, beside, (page.path,)) for include in page.includes)
        for number in count():
            if not steps:
                return
            step = steps.popleft()
            if number == MAX_STEPS:
                self.skips.append(step.skip("too much is shown", f"no more than {MAX_STEPS:,} includes are followed"))
                return
            found = self._found(step)
            if found is not None:
                self._wanted.setdefault(found.path, _Wanted(found)).steps.append(step)
                steps.extendleft(reversed(self._within(found, step)))

    def _found(self, step: _Step) -> FoundFile | None:
        """The file that is meant, where it is not there already as a page; else it is noted what is wrong."""
        found = self._looked_for(step)
        if found is None:
            self.skips.append(step.skip("no path of this site"))
            return None
        if isinstance(found, Refused):
            self.skips.append(step.skip(found.reason, found.detail))
            return None
        wanted = self._wanted.get(found.path)
        if found.path in step.chain:
            self.skips.append(step.skip("shows itself"))
        elif len(step.chain) > MAX_DEPTH:
            self.skips.append(step.skip(f"more than {MAX_DEPTH} files within each other"))
        elif found.path in self._page_paths:
            if found.location != self._site.docs_dir / found.path:
                self.skips.append(step.skip("a page has its path", found.path))
        elif wanted and wanted.file.location != found.location:
            self.skips.append(step.skip("another file has its path", found.path))
        elif not wanted and len(self._wanted) >= MAX_FILES:
            self.skips.append(step.skip(f"more than {MAX_FILES:,} files are shown"))
        else:
            return found
        return None

    def _looked_for(self, step: _Step) -> FoundFile | Refused | None:
        include = step.include
        key = include.form, include.target, step.beside
        if key not in self._looked:
            places = self._site.places(include.form, include.target, step.beside)
            self._looked[key] = first_found(self._roots, places, self._site.root) if places else None
        return self._looked[key]

    def _within(self, found: FoundFile, step: _Step) -> list[_Step]:
        """What markdown that is shown shows in turn."""
        key = found.path, step.include.selection
        if key not in self._shown_in_turn:
            self._shown_in_turn[key] = tuple(self._includes(found, step.include.selection))
        return [
            _Step(
                step.page,
                replace(
                    include,
                    heading_path=step.include.heading_path + include.heading_path,
                    anchors=include.anchors if include.heading_path else step.include.anchors,
                ),
                found.location.parent,
                (*step.chain, found.path),
            )
            for include in self._shown_in_turn[key]
        ]

    def _includes(self, found: FoundFile, selection: Selection) -> Iterator[Include]:
        text = self._text(found) if is_markdown(found.path) else Refused("code shows no more")
        if isinstance(text, Refused) or not directives_in(text, found.path, self._flavour):
            return
        try:
            runs = selected(lines_of(text), selection)
        except NotThereError:
            return  # it is said when the file is read
        document = Document(found.path, text.encode(), text_start(text.encode()), None, {}, "", 0)
        for include in split_or_skip(document, self._rules, self._flavour).includes:
            if any(first < include.line <= end for first, end in runs):
                yield include

    def _read(self, wanted: _Wanted) -> ShownFile | None:
        text = self._text(wanted.file)
        if isinstance(text, Refused):
            self.skips += [step.skip(text.reason, text.detail) for step in wanted.steps]
            return None
        shown: list[ShownLines] = []
        lines = lines_of(text)
        for step in wanted.steps:
            page = step.page
            try:
                runs = selected(lines, step.include.selection)
            except NotThereError as error:
                self.skips.append(step.skip("not in it", str(error)))
                continue
            title = page.title or PurePosixPath(page.path).stem
            shown.append(ShownLines(Showing(page.path, title, page.language, step.include), tuple(runs)))
        raw = text.encode()
        sha256 = hashlib.sha256(raw).hexdigest()
        return ShownFile(wanted.file, text, sha256, len(raw), tuple(shown)) if shown else None

    def _text(self, file: FoundFile) -> str | Refused:
        raw = self._roots.read(file)
        if isinstance(raw, Refused):
            return raw
        if b"\0" in raw:
            return Refused("binary", "holds NUL bytes")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            return Refused("not UTF-8", f"byte {error.start}: {error.reason}")
