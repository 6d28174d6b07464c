"""shell: what is around every view, and the headers that go with it. Nothing runs, and nothing comes from afar."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from footnote.app.core.html import Html, element, joined

STYLESHEET = "/reading.css"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


def document(title: str, body: list[Html], root: str) -> str:
    """A whole page; `root` is the path of the service, empty where it is at the root of its host."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("link", rel="stylesheet", href=root + STYLESHEET),
    )
    return f"<!doctype html>\n{element('html', head, element('body', joined(body)), lang='en')}\n"


@cache
def stylesheet() -> bytes:
    """The styles of all views."""
    return files("footnote.app.reading").joinpath("reading.css").read_bytes()
