"""Tables, and bars as inline SVG, put together from elements."""

from collections.abc import Sequence
from dataclasses import dataclass

from footnote.app.core.html import Html, element

_BAR_HEIGHT, _LABEL_WIDTH, _BARS_WIDTH, _VALUE_WIDTH = 22, 190, 360, 150
_LABEL_CHARS = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `low` and `high` end its whisker, `said` is written beside it."""

    label: str
    value: float
    said: str
    low: float | None = None
    high: float | None = None


def table(head: Sequence[str], rows: Sequence[Sequence[str]], class_: str = "") -> Html:
    """A table with a row of headings."""
    titles = element("tr", *(element("th", title, scope="col") for title in head))
    body = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    return element("table", element("thead", titles), element("tbody", *body), **({"class_": class_} if class_ else {}))


def bars(rows: Sequence[Bar], title: str, maximum: float = 1.0) -> Html:
    """Horizontal bars from 0 to `maximum`, with whiskers."""
    scale = _BARS_WIDTH / maximum if maximum > 0 else 0.0
    height = _BAR_HEIGHT * len(rows)
    drawn = [piece for place, bar in enumerate(rows) for piece in _bar(bar, place * _BAR_HEIGHT, scale)]
    width = _LABEL_WIDTH + _BARS_WIDTH + _VALUE_WIDTH
    size = {"viewBox": f"0 0 {width} {height}", "width": width, "height": height}
    return element("svg", element("title", title), *drawn, role="img", **size)


def _bar(bar: Bar, top: int, scale: float) -> list[Html]:
    middle = top + _BAR_HEIGHT / 2
    end = _LABEL_WIDTH + max(0.0, bar.value) * scale
    # A longer label would begin outside of the picture.
    label = bar.label if len(bar.label) <= _LABEL_CHARS else bar.label[: _LABEL_CHARS - 1] + "…"
    parts = [
        element("text", label, x=_LABEL_WIDTH - 8, y=middle + 4, text_anchor="end"),
        _closed("rect", x=_LABEL_WIDTH, y=top + 4, width=f"{end - _LABEL_WIDTH:.1f}", height=_BAR_HEIGHT - 8),
    ]
    if bar.low is not None and bar.high is not None:
        first, last = (f"{_LABEL_WIDTH + max(0.0, value) * scale:.1f}" for value in (bar.low, bar.high))
        parts.append(_closed("line", x1=first, x2=last, y1=middle, y2=middle))
    parts.append(element("text", bar.said, x=_LABEL_WIDTH + _BARS_WIDTH + 10, y=middle + 4))
    return parts


def _closed(tag: str, **attributes: object) -> Html:
    """An element of SVG without content; unlike those of HTML it has to be closed."""
    return Html(element(tag, **attributes)[:-1] + "/>")
