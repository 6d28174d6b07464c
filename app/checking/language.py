"""language: whether a sentence and its passages can be compared word by word at all. Pure functions."""

import re
from functools import lru_cache

from footnote.app.core.text.analysis import STOP_WORDS

_CODE = re.compile(r"`[^`]*`|^[ \t>]*(`{3,}|~{3,}).*?\1", re.S | re.M)
# Short words are mostly those that every text of a language uses. Parts of names and paths are none.
_SHORT_WORD = re.compile(r"(?<![\w./-])[^\W\d_]{2,4}(?![\w./-])")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
# Sentences of German, French and Spanish shared no more with any of 200 English chunks; of 3,187 English sentences
# of bench/answer_check.py 6 share so little with what they cite.
MAX_SHARED = 0.25
MIN_SENTENCE_WORDS = 6
MIN_PASSAGE_WORDS = 15
_GERMAN = frozenset(["der", "die", "das", "und", "ist", "nicht", "ein", "mit"])
MIN_GERMAN = 3
MIN_ENGLISH = 3


def is_other_language(sentence: str, passages: str) -> bool:
    """Whether the sentence is in another language than the passages; False where too little can be told."""
    said, stated = _short_words(sentence), _short_words(passages)
    if min(len(said & STOP_WORDS), len(stated & STOP_WORDS)) >= MIN_ENGLISH:
        return False
    if len(said) >= MIN_SENTENCE_WORDS and len(stated) >= MIN_PASSAGE_WORDS:
        return len(said & stated) <= MAX_SHARED * len(said)
    one, other = _latin_share(sentence), _latin_share(passages)
    return one is not None and other is not None and abs(one - other) > 0.5


def capitalises_nouns(text: str) -> bool:
    """Whether the text is German, in which a capital letter makes no name."""
    return len(_short_words(text) & _GERMAN) >= MIN_GERMAN


@lru_cache(maxsize=256)
def _short_words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _SHORT_WORD.findall(_CODE.sub(" ", text)))


def _latin_share(text: str) -> float | None:
    letters = _LETTER.findall(_CODE.sub(" ", text))
    return sum(map(bool, map(_LATIN.match, letters))) / len(letters) if len(letters) >= 10 else None
