"""What a browser would make of a view: its elements, and the text of each."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    ancestors: tuple["Element", ...]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def inside(self, tag: str) -> bool:
        return any(one.tag == tag for one in self.ancestors)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag, attrs):
        found = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        assert len(found.attributes) == len(attrs), f"an attribute twice: {attrs}"
        self.elements.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1].tag == tag, f"</{tag}> ends {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        for one in self.open:
            one.pieces.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data):
        raise AssertionError(f"an instruction: {data}")


def elements_of(page: str) -> list[Element]:
    """Every element; fails where one is not closed, or closed in the wrong place."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open, reader.open
    return reader.elements


def marked_lines(page: str) -> dict[int, str]:
    """The raw lines that are marked, by number."""
    lines = [one for one in elements_of(page) if one.tag == "li" and one.attributes.get("class") == "cited"]
    return {int(one.attributes["id"].removeprefix("L")): one.text for one in lines}


def raw_lines(page: str) -> dict[int, str]:
    """All raw lines that are shown, by number."""
    found = [one for one in elements_of(page) if one.tag == "li" and one.attributes.get("id", "").startswith("L")]
    return {int(one.attributes["id"].removeprefix("L")): one.text for one in found}


def marked_text(page: str) -> list[str]:
    """What is marked in the rendered page."""
    return [one.text for one in elements_of(page) if one.tag == "mark" and one.inside("article")]
