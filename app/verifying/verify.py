"""verify: whether the docs folder, as it is now, still holds what a saved answer cites. Needs no index.

citations -> altered? -> their files -> other files -> what pages show of others -> verdicts.

Each file is read at most once, one at a time.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Literal, get_args

from footnote.app.access.limits import readable
from footnote.app.access.types import PathLimits
from footnote.app.core.find import FoundFile, find_files
from footnote.app.core.pages.including.files import IncludedFiles
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.core.text.offsets import LINE_END
from footnote.app.schemas.verification import CheckedCitationOut, PlaceOut, SavedCitation, VerificationOut
from footnote.app.verifying.quoted_file import Place, QuotedFile, unified_diff

Verdict = Literal["valid", "moved", "changed", "gone", "invalid"]

# The longest chunk that the settings allow, and a quarter more for its heading: see the splitter.
_MAX_QUOTE_CHARS = 25_000


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """What became of one citation.

    Attributes:
        now: where the quote stands now, or of a changed one what replaced it; None if gone or invalid.
        diff: of a changed one, from the quote to what stands there now; None where only line ends differ.
        reason: why it is gone or invalid, and what a diff does not show; None otherwise.
    """

    citation: SavedCitation
    verdict: Verdict
    now: Place | None = None
    diff: str | None = None
    reason: str | None = None


def verify(
    citations: Sequence[SavedCitation],
    docs_dir: Path,
    ingest: IngestSettings,
    limits: PathLimits | None = None,
    shown: Collection[str] = (),
) -> list[CheckedCitation]:
    """The verdict on each citation, in the order given; none depends on the others.

    No path of a citation is ever opened: it is looked up among the files that an ingest would read, pages and what
    these show of other files, as if there were none beyond the limits. Which other files pages beyond the limits show
    as well, and which may so not be read, only an index knows: within limits, `shown` are those that may.

    Raises:
        DocsFolderError: the folder is missing, not a folder, or cannot be listed.
    """
    max_bytes = ingest.max_file_bytes
    files, skips = find_files(docs_dir, ingest.include, ingest.exclude, max_bytes)
    not_read = {skip.path: skip.reason for skip in skips}
    if limits is not None:
        may_read = readable(limits, [*not_read, *(file.path for file in files)])
        files = [file for file in files if file.path in may_read]
        not_read = {path: reason for path, reason in not_read.items() if path in may_read}
    searches = [_Search(citation) for citation in citations]
    included = IncludedFiles(docs_dir, ingest)
    for file in chain(
        _in_order(files, searches), _included(included, files, searches, None if limits is None else shown)
    ):
        looking = [search for search in searches if search.wants(file.path)]
        if looking:
            quoted, problem = _read(file, max_bytes)
            if problem:
                not_read[file.path] = problem
            for search in looking:
                search.look(quoted)
            included.note(file, quoted.raw)
    return [search.result(not_read) for search in searches]


def _included(
    included: IncludedFiles, pages: Sequence[FoundFile], searches: Sequence["_Search"], shown: Collection[str] | None
) -> Iterator[FoundFile]:
    """What pages show of other files, as long as a quote is not where it was cited.

    Pages were noted as they were read: all of them where a quote is nowhere, else those that the citation names.
    """
    paths = {page.path for page in pages}
    for file in included.named() if any(search.is_open for search in searches) else ():
        if not any(search.is_open for search in searches):
            return
        if file.path not in paths and (shown is None or file.path in shown):
            yield file


def describe(checked: Sequence[CheckedCitation], docs_dir: Path) -> VerificationOut:
    """The verdicts as `--json` and HTTP show them."""
    counts = Counter(one.verdict for one in checked)
    return VerificationOut(
        docs_dir=str(docs_dir.resolve()),
        all_valid=counts["valid"] == len(checked),
        counts={verdict: counts[verdict] for verdict in get_args(Verdict)},
        citations=[
            CheckedCitationOut(
                number=one.citation.number,
                path=one.citation.path,
                start_line=one.citation.start_line,
                end_line=one.citation.end_line,
                verdict=one.verdict,
                now=PlaceOut.model_validate(one.now) if one.now else None,
                diff=one.diff,
                reason=one.reason,
            )
            for one in checked
        ],
    )


def joined(parts: Mapping[str | None, VerificationOut], of: Sequence[str | None]) -> VerificationOut:
    """The verdicts on citations of several collections, in the order of `of`, which names the one of each."""
    left = {name: iter(part.citations) for name, part in parts.items()}
    counts: Counter[str] = Counter()
    for part in parts.values():
        counts.update(part.counts)
    return VerificationOut(
        docs_dir=next(iter(parts.values())).docs_dir if len(parts) == 1 else "",
        all_valid=all(part.all_valid for part in parts.values()),
        counts=dict(counts),
        citations=[next(left[name]) for name in of],
    )


def _in_order(files: Sequence[FoundFile], searches: Sequence["_Search"]) -> Iterator[FoundFile]:
    """The cited files, then those of the same name, then the others: most searches end early."""
    paths = {search.citation.path for search in searches}
    names = {search.name for search in searches}
    return iter(sorted(files, key=lambda file: (file.path not in paths, PurePosixPath(file.path).name not in names)))


def _read(file: FoundFile, max_bytes: int) -> tuple[QuotedFile, str | None]:
    try:
        with file.location.open("rb") as opened:
            raw = opened.read(max_bytes + 1)
    except OSError as error:
        return QuotedFile(file.path, b""), f"unreadable: {error.strerror}"
    # It may have grown since it was found.
    return (QuotedFile(file.path, raw), None) if len(raw) <= max_bytes else (QuotedFile(file.path, b""), "too large")


class _Search:
    """The search for one quote, file by file."""

    def __init__(self, citation: SavedCitation) -> None:
        self.citation = citation
        self.name = PurePosixPath(citation.path).name
        self._altered = _altered(citation)
        self._quote = b"" if self._altered else citation.quote.encode()
        self._file_is_there = False
        self._own: Place | None = None
        self._elsewhere: Place | None = None
        self._changed: Place | None = None
        self._replacement = ""

    def wants(self, path: str) -> bool:
        """Whether a look at this file could change the verdict."""
        if self._altered:
            return False
        if path == self.citation.path or (self._own is None and path in self.citation.included_by):
            return True
        return self._own is None and (self._elsewhere is None or self._rank(path) < self._rank(self._elsewhere.path))

    @property
    def is_open(self) -> bool:
        """Whether the quote was found nowhere yet, or only elsewhere while its own file was not seen."""
        return not self._altered and self._own is None and (self._elsewhere is None or not self._file_is_there)

    def _rank(self, path: str) -> tuple[bool, str]:
        # A file that was moved into another folder keeps its name.
        return PurePosixPath(path).name != self.name, path

    def look(self, file: QuotedFile) -> None:
        cited = self.citation
        if file.path != cited.path:
            found = file.first(self._quote)
            if found and (self._elsewhere is None or self._rank(file.path) < self._rank(self._elsewhere.path)):
                self._elsewhere = found
            return
        self._file_is_there = True
        self._own = file.nearest(self._quote, cited.start_line, cited.start)
        if self._own is None:
            self._changed = file.resembling(cited.quote, cited.start_line)
            self._replacement = file.text(self._changed) if self._changed else ""

    def result(self, not_read: dict[str, str]) -> CheckedCitation:
        cited = self.citation
        if self._altered:
            return CheckedCitation(cited, "invalid", reason=f"this citation was altered: {self._altered}")
        if self._own and (self._own.start_line, self._own.end_line) == (cited.start_line, cited.end_line):
            return CheckedCitation(cited, "valid", self._own)
        moved = self._own or self._elsewhere
        if moved:
            return CheckedCitation(cited, "moved", moved)
        if self._changed:
            diff = unified_diff(cited.path, cited.start_line, cited.quote, self._changed.start_line, self._replacement)
            return CheckedCitation(cited, "changed", self._changed, diff, None if diff else "only line ends differ")
        return CheckedCitation(cited, "gone", reason=self._why_gone(not_read.get(cited.path)))

    def _why_gone(self, problem: str | None) -> str:
        if problem:
            return f"the file is not read ({problem}), and the quote stands in no other"
        if not self._file_is_there:
            return "the file is not there any more, and the quote stands in no other"
        return "nothing like it is left in the file, and the quote stands in no other"


def _altered(citation: SavedCitation) -> str | None:
    """What of a citation cannot be as Footnote wrote it; None when it is consistent."""
    if not _is_relative(citation.path):
        return "its path is none of a docs folder"
    if not 0 < len(citation.quote) <= _MAX_QUOTE_CHARS:
        return "its quote is empty" if not citation.quote else "its quote is longer than any that Footnote gives"
    raw = citation.quote.encode()
    if hashlib.sha256(raw).hexdigest() != citation.sha256:
        return "its sha256 is not that of the quote"
    if citation.start < 0 or citation.end - citation.start != len(raw):
        return f"its offsets do not fit the quote of {len(raw)} bytes"
    line_ends = sum(end.end() < len(citation.quote) for end in LINE_END.finditer(citation.quote))
    if citation.start_line < 1 or citation.end_line - citation.start_line != line_ends:
        return f"its lines do not fit the quote of {line_ends + 1} lines"
    return None


def _is_relative(path: str) -> bool:
    return bool(path) and "\0" not in path and not re.search(r"(?:^|/)(?:\.{0,2})(?:/|$)", path)
