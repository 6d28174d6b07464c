"""Text to search terms, for documentation: stemmed words plus whole identifiers.

Both lexical engines use it, for passages and for questions alike, so they agree on what a term is.
"""

import re
from functools import cache, lru_cache

import tantivy

# Words with inner punctuation, and words behind dashes: --no-cache, UV_INDEX_URL, pyproject.toml, foo.bar().
# One class repeated, never a repeated choice: a run of colons must not be tried in every division.
IDENTIFIER = re.compile(r"(?<![\w-])-{0,2}\w+(?:(?:[.\-/:@]+|->)\w+)*")
_INNER = re.compile(r"[.\-_/:@>]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MAX_TERM_CHARS = 100
# Words of a question that say nothing about its subject. Kept short: "not", "without" or "all" do.
_STOP_WORDS = """
a an and are as at be but by can could do does for from had has have how i if in into is it its
me my of on or our shall should so than that the their them then there these they this those to
us was we were what when where which who whom whose why will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


@cache
def _stemmer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer("english")).build()


@cache
def _stop_terms() -> frozenset[str]:
    return frozenset(_stem(word) for word in STOP_WORDS)


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    stems = _stemmer().analyze(word)
    return stems[0] if stems else word


def terms(text: str) -> list[str]:
    """Search terms in text order; with repeats, since BM25 counts them; empty for blank text.

    A plain word gives its English stem. An identifier gives itself whole, lower-cased, without
    leading dashes or call brackets, and the stem of each of its parts; `BaseModel` gives
    `basemodel`, `base` and `model`.
    """
    found: list[str] = []
    for match in IDENTIFIER.finditer(text):
        found.extend(_word_terms(match.group().lstrip("-")))
    return found


def question_terms(text: str) -> list[str]:
    """The terms of a question without stop words; all of its terms when nothing else is left."""
    everything = terms(text)
    return [term for term in everything if term not in _stop_terms()] or everything


@lru_cache(maxsize=100_000)
def _word_terms(word: str) -> tuple[str, ...]:
    if len(word) > _MAX_TERM_CHARS:
        return ()
    parts = [hump for part in _INNER.split(word) for hump in _HUMP.split(part.strip("_")) if hump]
    if len(parts) == 1:
        return (_stem(parts[0].lower()),)
    return (word.lower(), *(_stem(part.lower()) for part in parts))
