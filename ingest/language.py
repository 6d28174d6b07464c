"""language: the one a page is in, as it says itself, else as its path says, else as its text is read."""

import re
from collections.abc import Sequence

from footnote.app.core.text.languages import LANGUAGES, language_of, language_tag
from footnote.app.core.types import Chunk, Metadata

_FIELDS = ("lang", "language", "locale")
# `guide.pt.md`, `guide.pt-BR.md`, `docs/ja/guide.md`: whole names only.
_SUFFIX = re.compile(r"\.([A-Za-z]{2}(?:[-_][A-Za-z0-9]{2,8})*)\.\w+\Z")


def page_language(path: str, metadata: Metadata, chunks: Sequence[Chunk]) -> str:
    """The code of the language, such as `pt`; "" where it is not known.

    What is written in English below `pt/` or `it/` is English: translations are often not complete, and folders have
    such names for other reasons.
    """
    for name in _FIELDS:
        declared = metadata.get(name)
        if isinstance(declared, str) and (code := language_tag(declared)) in LANGUAGES:
            return code
    found = language_of("\n".join(map(_prose, chunks)))
    return found if found == "en" else _of_path(path) or found


def _prose(chunk: Chunk) -> str:
    """What of a chunk is no code."""
    return "\n".join(chunk.text[part.start : part.end] for part in chunk.parts if part.kind != "code")


def _of_path(path: str) -> str:
    *folders, _ = path.split("/")
    suffix = _SUFFIX.search(path)
    for name in (*([suffix[1]] if suffix else ()), *reversed(folders)):
        if (code := language_tag(name)) in LANGUAGES:
            return code
    return ""
