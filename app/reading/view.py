"""view: a page of one generation as HTML, its markdown rendered and its raw lines, with the cited ones marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from footnote.app.core.html import Html, element, escaped, joined, opening
from footnote.app.core.pages.front_matter import text_start
from footnote.app.core.text.markdown import CostlyPageError
from footnote.app.core.text.offsets import LINE_END
from footnote.app.reading.addresses import bytes_address, link_address, view_address
from footnote.app.reading.library import KeptPage, Library, Shelf, Since
from footnote.app.reading.lines import Cited, Window, window_before, window_of
from footnote.app.reading.markup import CITED_ID, Rendered, render
from footnote.app.reading.shell import document
from footnote.app.reading.signs import visible_signs

# Rendering more would hold up others: this much takes half a second, 3 s of the worst that was found.
_MAX_RENDERED_BYTES, _MAX_RENDERED_LINES = 250_000, 10_000
_MAX_LINE_CHARS = 20_000
_MOST_PAGES = 10  # whose names are given where a file is shown on more
_MARKDOWN = (".md", ".mdx", ".markdown")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a page is to be shown; `start` is the first line where not all can be."""

    path: str
    generation: int | None = None
    cited: Cited | None = None
    start: int | None = None


def view(library: Library, asked: Asked, root: str = "") -> str:
    """The page as HTML; `root` is the path of the service.

    Raises:
        PageUnknownError: the generation is not kept, or has no such page.
        IndexMissingError, IndexDamagedError: see `Library.find`.
    """
    shelf, page = library.find(asked.path, asked.generation)
    raw = library.read(shelf, page)
    lines = LINE_END.split(raw.decode("utf-8", "replace").removeprefix("\ufeff"))
    rendered = _rendered(shelf, page, raw, len(lines), asked.cited, root)
    window = window_of(lines, asked.cited, asked.start)
    place = _Place(shelf, page, asked.cited, root)
    columns = [place.lines(window, lines)]
    if rendered:
        columns.insert(0, place.rendered(rendered))
    body = [
        place.skip_link(rendered, window),
        place.header(rendered, library.since(page)),
        element("main", *columns, class_="columns" if rendered else "column"),
    ]
    return document(f"{page.title or page.path} - {page.path}", body, root)


def unknown(asked: Asked, why: str, root: str = "", collection: str | None = None) -> str:
    """What to show where there is no such page: why, and the way to the page as it is now."""
    pieces = [element("h1", "No such page"), element("p", why)]
    if asked.generation is not None:
        address = root + view_address(asked.path, collection=collection)
        pieces.append(element("p", element("a", f"{asked.path} in the live generation", href=address)))
    return document("No such page", [element("main", *pieces, class_="problem")], root)


def _rendered(
    shelf: Shelf, page: KeptPage, raw: bytes, line_count: int, cited: Cited | None, root: str
) -> Rendered | None:
    """The page's markdown; None where it has none, or too much."""
    is_markdown = PurePosixPath(page.path).suffix.lower() in _MARKDOWN
    if not is_markdown or len(raw) > _MAX_RENDERED_BYTES or line_count > _MAX_RENDERED_LINES:
        return None
    start = text_start(raw)
    first_line = len(LINE_END.findall(raw[:start].decode("utf-8", "replace"))) + 1

    def follow(target: str) -> str | None:
        address = link_address(page.path, target, shelf.generation, shelf.pages, shelf.collection)
        return root + address if address and address.startswith("/") else address

    try:
        text = raw[start:].decode("utf-8", "replace")
        return render(text, first_line, cited, follow, shelf.flavour(page).jsx, shelf.anchor_style)
    except CostlyPageError:
        return None


class _Place:
    """One page of one generation, and where it is shown."""

    def __init__(self, shelf: Shelf, page: KeptPage, cited: Cited | None, root: str) -> None:
        self._shelf = shelf
        self._page = page
        self._cited = cited
        self._root = root

    def skip_link(self, rendered: Rendered | None, window: Window) -> Html:
        """The first stop of the keyboard."""
        if self._cited is None:
            return element("a", "Skip to the page", href="#page" if rendered else "#lines", class_="skip")
        target = CITED_ID if rendered and rendered.is_marked else f"L{max(self._cited.first, window.first)}"
        return element("a", "Skip to the cited lines", href=f"#{target}", class_="skip")

    def header(self, rendered: Rendered | None, since: Since) -> Html:
        """What it is, where it stands, and whether it still does."""
        page, generation = self._page, self._shelf.generation
        above = rendered.above(self._cited.first) if rendered and self._cited else ()
        cited = f", {_named_lines(self._cited)}" if self._cited else ""
        links = [element("a", "Lines", href=f"#L{self._cited.first}" if self._cited else "#lines")]
        if rendered:
            href = f"#{CITED_ID}" if rendered.is_marked else "#page"
            links.insert(0, element("a", "Page", href=href))
        links.append(
            element("a", "Raw file", href=self._root + bytes_address(page.path, generation, self._shelf.collection))
        )
        pieces = [
            element("p", element("code", page.path), f"{cited} · generation {generation}", class_="place"),
            element("h1", page.title or page.path),
        ]
        if above:
            pieces.append(element("p", " › ".join(above), class_="above"))
        if page.included_by:
            pieces.append(self._shown_on(page.included_by))
        if since.live != generation:
            pieces.append(self._since(since))
        pieces.append(element("nav", *links, aria_label="Of this page"))
        return element("header", *pieces)

    def _shown_on(self, pages: Sequence[str]) -> Html:
        """Links to the pages that show a part of the file."""
        shelf = self._shelf
        links: list[str] = [
            element("a", path, href=self._root + view_address(path, shelf.generation, collection=shelf.collection))
            for path in pages[:_MOST_PAGES]
        ]
        if len(pages) > _MOST_PAGES:
            links.append(f"{len(pages) - _MOST_PAGES:,} more")
        return element("p", "Shown on ", *_between(links, ", "), class_="note", role="note")

    def rendered(self, rendered: Rendered) -> Html:
        """The page as readers see it."""
        return element("article", rendered.html, id="page", tabindex=0, aria_label="Page", dir="auto", **self._lang())

    def lines(self, window: Window, lines: Sequence[str]) -> Html:
        """The page as it is in its file, line by line, as far as it can be shown."""
        items = [self._line(window.first + number, line) for number, line in enumerate(window.lines)]
        listed = joined([opening("ol", start=window.first), *items, Html("</ol>")])
        pieces = [self._turning(window, len(lines), lines), listed] if len(window.lines) < len(lines) else [listed]
        return element("section", *pieces, id="lines", class_="lines", tabindex=0, aria_label="Lines", **self._lang())

    def _line(self, number: int, line: str) -> Html:
        rest = len(line) - _MAX_LINE_CHARS
        pieces = [visible_signs(line[:_MAX_LINE_CHARS])]
        if rest > 0:
            pieces.append(element("span", f" … {rest:,} characters more, see the raw file", class_="sign"))
        is_cited = self._cited is not None and number in self._cited
        shown = element("mark", *pieces) if is_cited else joined(pieces)
        return element("li", element("code", shown, dir="auto"), id=f"L{number}", **_class("cited", is_cited))

    def _turning(self, window: Window, total: int, lines: Sequence[str]) -> Html:
        """Links to the lines before and after those that are shown."""
        pieces: list[str] = [f"Lines {window.first:,} to {window.last:,} of {total:,}"]
        turns = {"Lines before": window_before(lines, window.first), "Lines after": window.last + 1}
        for name, start in turns.items():
            if start < window.first or (start > window.last and start <= total):
                shelf = self._shelf
                address = view_address(self._page.path, shelf.generation, self._cited, start, shelf.collection)
                href = address.partition("#")[0]
                pieces.append(element("a", name, href=f"{self._root}{href}#lines"))
        return element("p", joined([Html(escaped(piece)) for piece in _between(pieces, " · ")]), class_="turning")

    def _since(self, since: Since) -> Html:
        said = {
            "same": "The page is the same there: ",
            "changed": "The page was changed since: ",
            "moved": "The page has another name there: ",
            "gone": "The page is not there any more.",
        }[since.fate]
        pieces = [f"This is generation {self._shelf.generation}; generation {since.live} is live. ", said]
        if since.path is not None:
            kept = self._cited if since.fate != "changed" else None
            href = self._root + view_address(since.path, None, kept, collection=self._shelf.collection)
            pieces.append(element("a", "the page as it is now", href=href))
        return element("p", *pieces, class_="note", role="note")

    def _lang(self) -> dict[str, str]:
        return {"lang": self._page.language} if self._page.language else {}


def _class(name: str, is_set: bool) -> dict[str, str]:
    return {"class_": name} if is_set else {}


def _named_lines(cited: Cited) -> str:
    return f"lines {cited.first} to {cited.last}" if cited.last > cited.first else f"line {cited.first}"


def _between(pieces: Sequence[str], separator: str) -> list[str]:
    return [part for piece in pieces for part in (separator, piece)][1:]
