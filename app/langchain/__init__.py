"""Footnote as parts of LangChain.

    question, messages -> asked: Asking -> backend (in_process | over_http) -> SearchOut -> documents -> retriever
                                                                            -> QueryEvents -> messages -> chain

Both backends run on an event loop of their own (`own_loop.py`), so that whatever thread or loop asks gets the same.
Open `chain.py` first.
"""

from footnote.app.langchain.chain import FootnoteChain
from footnote.app.langchain.retriever import FootnoteRetriever

__all__ = ["FootnoteChain", "FootnoteRetriever"]
