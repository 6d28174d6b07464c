"""cited: a citation as a client names it, as `verify` takes it."""

import hashlib

from footnote.app.core.errors import SavedAnswerError
from footnote.app.core.text.offsets import LINE_END
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.mcp.pages import Pages
from footnote.app.schemas.verification import SavedCitation


def saved_citation(
    pages: Pages, path: str, start: int, end: int, quote: str | None, sha256: str | None, generation: int | None
) -> SavedCitation:
    """The citation with what was left out: its quote and its lines, from the page as a generation has it.

    Raises:
        SavedAnswerError: there is no quote, and no kept page that has bytes of this hash there.
        IndexMissingError, IndexDamagedError: see `Pages.kept`.
    """
    path = without_surrogates(path)
    kept = pages.kept(path, start, end, generation)
    if quote is None:
        if sha256 is None:
            raise SavedAnswerError("give the `quote` of the citation, or its `sha256`")
        if kept is None or hashlib.sha256(kept.raw).hexdigest() != sha256.lower():
            raise SavedAnswerError(
                "the index keeps no page that has bytes of this sha256 there, so what was quoted is not known: "
                "give the `quote`, or the `generation` of the citation"
            )
        quote = kept.raw.decode("utf-8", "replace")
    quote = without_surrogates(quote)
    first = kept.line if kept else 1
    return SavedCitation(
        path=path,
        start=start,
        end=end,
        start_line=first,
        end_line=first + sum(found.end() < len(quote) for found in LINE_END.finditer(quote)),
        quote=quote,
        sha256=(sha256 or hashlib.sha256(quote.encode()).hexdigest()).lower(),
    )
