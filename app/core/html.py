"""HTML put together from elements, so that nothing reaches a page unescaped."""

import html

from footnote.app.core.console import plain

_VOID = frozenset(("meta", "link", "rect", "line", "br", "hr"))


class Html(str):
    """Text that is markup already; any other text is escaped when it is put into an element."""

    __slots__ = ()


def element(tag: str, /, *children: str, **attributes: object) -> Html:
    """An element; of an attribute's name, underscores are dashes and a last one is dropped (`class_`)."""
    if tag in _VOID:
        return opening(tag, **attributes)
    return Html(f"{opening(tag, **attributes)}{''.join(map(escaped, children))}</{tag}>")


def opening(tag: str, /, **attributes: object) -> Html:
    """The beginning of an element, with its attributes."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(plain(str(value)))}"' for key, value in attributes.items()
    )
    return Html(f"<{tag}{given}>")


def escaped(text: str) -> str:
    """Markup as it is; any other text escaped, without control characters."""
    return text if isinstance(text, Html) else html.escape(plain(text))


def joined(pieces: "list[Html]") -> Html:
    """The pieces one after the other."""
    return Html("".join(pieces))
