"""parts: what of a page can stand as a quote: sentences, list items, table rows, code, lines.

They are found on the page as a whole, so that a chunk that begins in a table, a fence or a tab still knows it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from footnote.app.core.pages.masks import Masks
from footnote.app.core.pages.parts.leaves import MAX_ITEM_CHARS, Leaves, PagePart
from footnote.app.core.pages.parts.page_text import PageText
from footnote.app.core.pages.parts.questions import MAX_LABEL_CHARS, asked, reply_start
from footnote.app.core.pages.scanning.spans import Span
from footnote.app.core.text.markdown import Block

_CONTAINER_LABEL = re.compile(
    r'[ \t>]*(?:[!?=+]{3,}[^"\n]*"(?P<quoted>[^"\n]*)"'  # `=== "Windows"`, `!!! note "Before you start"`
    # `:::note[Title]`, `::: tip Title`
    r"|:{3,}[ \t]*(?:\{[\w:-]+\}|[\w-]+)(?:\[(?P<boxed>[^\]\n]*)\]|[ \t]+(?P<bare>[^{}\n]*))?)"
)
_CONTAINERS = ("tab", "admonition", "container_admonition")
_BLANK = " \t\r\n>"
_ITEM_MARKER = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+")


def page_parts(text: str, blocks: Sequence[Block], masks: Masks) -> list[PagePart]:
    """The parts of a page in order; they do not overlap. Headings are none, nor is anything that is hidden.

    `blocks` are those of the text with `masks.blank` masked.
    """
    page = _Page(text, masks)
    found = page.parts(blocks)
    return [piece for one in found for piece in page.without_hidden(one)]


class _Page:
    def __init__(self, text: str, masks: Masks) -> None:
        self._page = PageText(text, masks)
        self._leaves = Leaves(self._page)

    def parts(self, blocks: Sequence[Block], label: str = "", label_at: int = -1) -> Iterator[PagePart]:
        about, about_at = "", -1  # of a line that asks or names, for what is below it
        left = len(blocks)  # of how many more it is about
        for place, block in enumerate(blocks):
            start, end = self._page.extent(block)
            if block.kind in ("heading", "hr"):
                about, about_at = "", -1
            if block.kind in ("heading", "hr") or start == end:
                continue
            left -= 1
            if left < 0:
                about, about_at = "", -1
            self._leaves.number += 1
            if block.kind == "paragraph":
                said = asked(self._page.text, start, end)
                is_more = bool(said and self._page.text[said.end : end].strip(_BLANK))
                if said and (is_more or self._is_followed(blocks, place)):
                    about, about_at = said.text, start
                    # What only names is about the next block, a question about all up to the next.
                    left = len(blocks) if said.is_question else int(not is_more)
                    start = reply_start(self._page.text, said.end, end)
                else:
                    start = reply_start(self._page.text, start, end)
            elif block.kind == "list_item":
                start, about = self._item_of_questions(blocks, place, about)
                about_at = start if about else -1
            elif block.kind == "dt":
                about, about_at, left = (
                    " ".join(self._page.read[start:end].split())[:MAX_LABEL_CHARS],
                    start,
                    len(blocks),
                )
                if self._is_followed(blocks, place):
                    continue
            names = " > ".join(dict.fromkeys(filter(None, (label, about))))
            yield from self._of_block(block, start, end, names, about_at if about else label_at)

    def without_hidden(self, one: PagePart) -> Iterator[PagePart]:
        """The part, or the pieces of it between what is hidden."""
        hidden = self._page.hidden_in(one.start, one.end)
        if not hidden:
            yield one
            return
        at = one.start
        for start, end in (*hidden, Span(one.end, one.end)):
            piece = self._page.trimmed(at, start)
            if piece.start < piece.end and self._page.says(piece.start, piece.end):
                yield replace(one, start=piece.start, end=piece.end, body=piece)
            at = max(at, end)

    def _item_of_questions(self, items: Sequence[Block], place: int, about: str) -> tuple[int, str]:
        """Where a list item says something, and what that is about: the question in it, or in the item above."""
        start, end = self._page.extent(items[place])
        content = _ITEM_MARKER.match(self._page.text, start, end)
        if not content:
            return start, ""
        said = asked(self._page.text, content.end(), end)
        if said and said.is_question:
            if self._page.text[said.end : end].strip():
                return reply_start(self._page.text, said.end, end), said.text
            return (end, said.text) if self._replies(items[place + 1 : place + 2]) else (start, "")
        reply = reply_start(self._page.text, content.end(), end)
        return (reply, about) if about and reply > content.end() else (start, "")

    def _replies(self, items: Sequence[Block]) -> bool:
        """Whether the first of the list items is an answer."""
        for start, end in map(self._page.extent, items):
            marker = _ITEM_MARKER.match(self._page.text, start, end)
            if marker and reply_start(self._page.text, marker.end(), end) > marker.end():
                return True
        return False

    def _is_followed(self, blocks: Sequence[Block], place: int) -> bool:
        """Whether something other than a heading or another asking line comes next."""
        for below in range(place + 1, len(blocks)):  # a slice would copy the rest of the page
            block = blocks[below]
            start, end = self._page.extent(block)
            if start < end:
                if block.kind == "paragraph" and (said := asked(self._page.text, start, end)):
                    return bool(self._page.text[said.end : end].strip(_BLANK))
                return block.kind not in ("heading", "hr")
        return False

    def _of_block(self, block: Block, start: int, end: int, label: str, label_at: int) -> Iterator[PagePart]:
        number = self._leaves.number
        if block.kind == "paragraph":
            for begin, stop in self._page.between_labels(start, end):
                yield from self._leaves.prose(begin, stop, number, label, label_at)
        elif block.kind == "table":
            yield from self._leaves.table(start, end, number, label, label_at)
        elif block.kind == "fence":
            yield from self._leaves.fence(block, start, end, number, label, label_at)
        elif block.kind == "code_block":
            yield from self._leaves.part("code", start, end, number, label, label_at)
        elif block.kind == "html_block":
            yield from self._leaves.html(start, end, number, label, label_at)
        elif block.kind == "list_item" and end - start <= MAX_ITEM_CHARS:
            yield from self._leaves.part("item", start, end, number, label, label_at)
        elif block.kind == "bullet_list" and (table := self._page.list_table(start)):
            yield from self._leaves.rows_of_list(block, table.header_rows, number, label, label_at)
        elif block.children:
            named = self._container_label(start) if block.kind in _CONTAINERS else ""
            inner = list(self._nested(block, named or label, start if named else label_at))
            # Without content its title is all that a reader sees.
            if named and not inner:
                yield from self._leaves.part("line", start, self._page.line_end(start, end), number, label, label_at)
            yield from inner
        else:
            yield from self._leaves.lines(start, end, number, label, label_at)

    def _nested(self, block: Block, label: str, label_at: int) -> Iterator[PagePart]:
        if not block.kind.endswith("_list"):
            yield from self.parts(block.children, label, label_at)
            return
        number = self._leaves.number
        for one in self.parts(block.children, label, label_at):
            # The items of a list belong together, also where one of them is taken apart.
            yield replace(one, part=replace(one.part, block=number)) if one.part.kind == "item" else one

    def _container_label(self, start: int) -> str:
        match = _CONTAINER_LABEL.match(self._page.read, start)
        said = [match[kind] for kind in ("quoted", "boxed", "bare") if match[kind]] if match else []
        return said[0].strip() if said else ""
