"""versions: who converts documents, as front matter names it: another version may write another page."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from footnote.ingest.importing.formats import FORMATS, REVISION, Converter

_WHEELS: dict[Converter, str] = {
    "pandoc": "pypandoc_binary",
    "pdf": "pdf_oxide",
    "sheets": "openpyxl",
    "slides": "defusedxml",
}


@cache
def converters() -> dict[str, str]:
    """By the ending of a document: `footnote import 1, pandoc 3.9`."""
    return {ending: f"footnote import {REVISION}, {_named(kind.converter)}" for ending, kind in FORMATS.items()}


@cache
def _named(converter: Converter) -> str:
    wheel = _WHEELS[converter]
    try:
        return f"{wheel} {version(wheel)}"
    except PackageNotFoundError:  # a dry run needs no extra
        return wheel
