"""Whatever is done to the docs after an answer was saved, each verdict is the one that a slow, plain oracle gives.

The oracle looks at every byte of every file for the quote, counts lines by hand and compares words by the longest
common subsequence; it shares no code with what it checks.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from footnote.app.core.settings import load_settings
from footnote.app.schemas.verification import SavedCitation
from footnote.app.verifying.verify import CheckedCitation, verify

SETTINGS = load_settings(env_file=None)
OWN = "guides/page.md"
PATHS = ["a.md", "guides/page.md", "guides/other.md", "z/page.md"]
BOM = "\ufeff"
# Few of them, so that lines have words in common and some lines are equal.
WORD = st.sampled_from(["backup", "restore", "nightly", "the", "vault", "größe", "🗝", "port", "7070", "a.b", "`key`"])
# And many, so that most lines have not.
RARE = st.integers(0, 10**6).map(lambda number: f"w{number}é")
LINE = st.one_of(
    st.lists(RARE, min_size=2, max_size=8).map(" ".join),
    st.lists(st.one_of(WORD, RARE), min_size=1, max_size=8).map(" ".join),
    st.lists(WORD, min_size=1, max_size=3).map("  ".join),
    st.just(""),
)
LINE_ENDS = ["\n", "\r\n", "\r"]
WITHIN = ["insert", "delete", "replace", "word", "word", "copy", "move"]
EDITS = [*WITHIN, *WITHIN, "rename", "other", "line_end", "bom", "end", "drop"]


@dataclass
class Page:
    """A page as it is edited: its lines, and what ends them."""

    lines: list[str]
    line_end: str = "\n"
    bom: bool = False
    last_line_ends: bool = True

    def text(self) -> str:
        return BOM * self.bom + self.line_end.join(self.lines) + self.line_end * self.last_line_ends


pages = st.builds(
    Page,
    st.lists(LINE, min_size=3, max_size=14).filter(any),
    st.sampled_from(LINE_ENDS),
    st.booleans(),
    st.booleans(),
)


def line_of(raw: bytes, at: int) -> int:
    """The line of a byte, from 1: one more than the line ends that are over before it."""
    line, place = 1, 0
    while place < at:
        if raw[place : place + 2] == b"\r\n":
            place += 2
            line += place <= at
        else:
            line += raw[place : place + 1] in (b"\n", b"\r")
            place += 1
    return line


def cite(raw: bytes, start: int, end: int) -> SavedCitation:
    return SavedCitation(
        path=OWN,
        start_line=line_of(raw, start),
        end_line=line_of(raw, end - 1),
        start=start,
        end=end,
        quote=raw[start:end].decode(),
        sha256=hashlib.sha256(raw[start:end]).hexdigest(),
    )


@st.composite
def quotes(draw: st.DrawFn, page: Page) -> tuple[int, int]:
    """Characters of a page: some of its lines, or some words of one, with no white space around."""
    text = page.text()
    first = draw(st.sampled_from([number for number, line in enumerate(page.lines) if line]))
    last = draw(st.integers(first, min(len(page.lines) - 1, first + 5)))
    start = len(BOM) * page.bom + sum(len(line) + len(page.line_end) for line in page.lines[:first])
    end = start + len(page.line_end.join(page.lines[first : last + 1]))
    if draw(st.booleans()):
        start = draw(st.integers(start, end - 1))
        end = draw(st.integers(start + 1, end))
    quote = text[start:end]
    start += len(quote) - len(quote.lstrip())
    return start, start + len(quote.strip())


@st.composite
def edits(draw: st.DrawFn, files: dict[str, Page], first: int, last: int) -> dict[str, Page]:
    """The files after a few edits before, inside of and after lines `[first, last)` of the cited page."""
    for _ in range(draw(st.integers(1, 5))):
        page = files.get(OWN) or Page([""])
        lines = page.lines
        at = draw(st.integers(0, len(lines))) if draw(st.booleans()) else draw(st.integers(first, last))
        at = min(at, len(lines))
        passage = lines[first:last]
        match draw(st.sampled_from(EDITS)):
            case "insert":
                lines[at:at] = draw(st.lists(LINE, min_size=1, max_size=6))
            case "delete":
                del lines[at : at + draw(st.integers(1, 3))]
            case "replace":
                lines[at : at + 1] = [draw(LINE)]
            case "word" if at < len(lines) and lines[at].split():
                words = lines[at].split(" ")
                words[draw(st.integers(0, len(words) - 1))] = draw(RARE)
                lines[at] = " ".join(words)
            case "copy":
                lines[at:at] = passage
            case "move":
                del lines[first:last]
                lines[at:at] = passage
            case "rename" if OWN in files:
                files[draw(st.sampled_from(PATHS))] = files.pop(OWN)
            case "other":
                others = [path for path in PATHS if path != OWN]
                files[draw(st.sampled_from(others))] = Page(draw(st.lists(LINE, max_size=3)) + passage)
            case "line_end":
                page.line_end = draw(st.sampled_from(LINE_ENDS))
            case "bom":
                page.bom = not page.bom
            case "end":
                page.last_line_ends = not page.last_line_ends
            case "drop":
                files.pop(draw(st.sampled_from(PATHS)), None)
    return files


def places(raw: bytes, quote: bytes) -> Iterator[int]:
    return (at for at in range(len(raw)) if raw[at : at + len(quote)] == quote)


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for place, against in enumerate(other, 1):
            before, row[place] = row[place], before + 1 if word == against else max(row[place], row[place - 1])
    return row[-1]


def words(text: str) -> list[str]:
    return "".join(char.lower() if char.isalnum() or char == "_" else " " for char in text).split()


def needed(quote: str) -> int:
    count = len(words(quote))
    return max((count + 1) // 2, min(count, 3), 1)


def is_surely_recognised(quote: str, now: str) -> bool:
    """Whether three of four words stand, each only once and all in order, in a stretch as long as the quote.

    Of words that are repeated or out of order, it depends on which are taken for each other.
    """
    wanted, present = words(quote), words(now)
    kept = [word for word in wanted if word in present]
    at = [present.index(word) for word in kept]
    clear = len(set(wanted)) == len(wanted) and all(present.count(word) == 1 for word in kept) and at == sorted(at)
    enough = max(needed(quote), len(wanted) * 3 / 4)
    return clear and any(sum(first <= one < first + len(wanted) for one in at) >= enough for first in at)


def expected_place(citation: SavedCitation, files: dict[str, bytes]) -> tuple[str, str, set[int]]:
    """`(verdict, path, where it may begin)` by the bytes alone; verdict "" when they are nowhere."""
    quote = citation.quote.encode()
    own = list(places(files.get(OWN, b""), quote))
    if own:
        by_distance = sorted(
            (abs(line_of(files[OWN], at) - citation.start_line), line_of(files[OWN], at)) for at in own
        )
        distance, line = by_distance[0]
        return ("moved" if distance else "valid"), OWN, {at for at in own if line_of(files[OWN], at) == line}
    elsewhere = [(not path.endswith("/page.md"), path) for path, raw in files.items() if quote in raw]
    if not elsewhere:
        return "", "", set()
    _, path = min(elsewhere)
    return "moved", path, {min(places(files[path], quote))}


def assert_diff_is_right(one: CheckedCitation, now: str) -> None:
    def lines(text: str) -> list[str]:
        return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    citation = one.citation
    if one.diff is None:
        assert lines(citation.quote) == lines(now)
        assert one.reason == "only line ends differ"
        return
    old, new, hunk, *rows = one.diff.split("\n")
    assert (old, new) == (f"--- {OWN}\tas cited", f"+++ {OWN}\tnow")
    counts = (len(lines(citation.quote)), len(lines(now)))
    assert hunk == f"@@ -{citation.start_line},{counts[0]} +{one.now.start_line},{counts[1]} @@"
    assert [row[1:] for row in rows if row[0] in " -"] == lines(citation.quote)
    assert [row[1:] for row in rows if row[0] in " +"] == lines(now)


@settings(max_examples=400)
@given(st.data())
def test_the_verdict_is_that_of_the_oracle(tmp_path_factory, write_docs, data: st.DataObject) -> None:
    page = data.draw(pages, "page")
    start, end = data.draw(quotes(page), "quote")
    raw, text = page.text().encode(), page.text()
    assume(start < end)
    citation = cite(raw, len(text[:start].encode()), len(text[:end].encode()))
    span = (citation.start_line - 1, citation.end_line)
    edited = data.draw(edits({OWN: page, "a.md": Page(["Nothing here."])}, *span), "edited")
    files = {path: now.text().encode() for path, now in edited.items()}
    docs = write_docs(tmp_path_factory.mktemp("docs"), files)

    [one] = verify([citation], docs, SETTINGS.ingest)

    event(one.verdict)
    verdict, path, begins = expected_place(citation, files)
    if verdict:
        assert one.verdict == verdict
        assert (one.now.path, one.diff, one.reason) == (path, None, None)
        assert one.now.start in begins
        assert files[path][one.now.start : one.now.end] == citation.quote.encode()
    else:
        own = files.get(OWN, b"").decode()
        if common(words(citation.quote), words(own)) < needed(citation.quote):
            assert one.verdict == "gone"
        elif is_surely_recognised(citation.quote, own):
            assert one.verdict == "changed"
        else:
            event("either")
        assert one.verdict in ("changed", "gone")
        assert (one.now is None) == (one.verdict == "gone")
        assert bool(one.reason) == (one.verdict == "gone" or one.diff is None)
    if one.now:
        raw = files[one.now.path]
        assert 0 <= one.now.start < one.now.end <= len(raw)
        lines = (line_of(raw, one.now.start), line_of(raw, one.now.end - 1))
        assert (one.now.start_line, one.now.end_line) == lines
    if one.verdict == "changed":
        now = files[OWN][one.now.start : one.now.end].decode()
        assert common(words(citation.quote), words(now)) >= needed(citation.quote)
        assert len(words(now)) <= 3 * len(words(citation.quote)) + 1
        assert_diff_is_right(one, now)


@given(st.data())
def test_an_altered_citation_is_never_valid_and_an_unaltered_one_is(
    tmp_path_factory, write_docs, data: st.DataObject
) -> None:
    page = data.draw(pages, "page")
    start, end = data.draw(quotes(page), "quote")
    assume(start < end)
    raw, text = page.text().encode(), page.text()
    citation = cite(raw, len(text[:start].encode()), len(text[:end].encode()))
    docs = write_docs(tmp_path_factory.mktemp("docs"), {OWN: raw})
    field = data.draw(st.sampled_from(["start", "end", "start_line", "end_line", "quote", "sha256"]))
    value = getattr(citation, field)
    other = data.draw(st.integers(-3, 1000) if isinstance(value, int) else st.text(max_size=20))
    altered = citation.model_copy(update={field: other})
    assert [one.verdict for one in verify([citation, altered], docs, SETTINGS.ingest)] == [
        "valid",
        "valid" if other == value else "invalid",
    ]
