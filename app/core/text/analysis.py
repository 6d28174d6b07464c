"""Text to search terms, for documentation: stemmed words plus whole identifiers.

Both lexical engines use it, for passages and for questions alike, so they agree on what a term is. Words are stemmed as
English unless another language is named; a language without a stemmer is treated as English.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from itertools import zip_longest
from typing import NamedTuple

import tantivy

from footnote.app.core.text.scripts import HANGUL, MARKS, UNSPACED


def _identifier(word: str) -> re.Pattern[str]:
    # Words with inner punctuation, and words behind dashes: --no-cache, UV_INDEX_URL, pyproject.toml, foo.bar().
    # One class repeated, never a repeated choice: a run of colons must not be tried in every division.
    return re.compile(rf"(?<![\w-])-{{0,2}}{word}(?:(?:[.\-/:@]+|->){word})*")


_ASCII_WORD = _identifier(r"\w+")
_WORD = _identifier(rf"\w[\w{MARKS}{UNSPACED}]*")
_RUN = re.compile(rf"[{UNSPACED}]+|[{HANGUL}]+")
_UNSPACED_RUN = re.compile(rf"[{UNSPACED}]+")
_HANGUL_RUN = re.compile(rf"[{HANGUL}]+")
# What may be written within a word or left out: soft hyphens, joiners, vowel points of Hebrew and Arabic, kashidas.
_UNWRITTEN = re.compile(
    "[\u00ad\u200c\u200d\u2060\ufeff\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7\u0640\u064b-\u0652\u0670]"
)
_HYPHEN = str.maketrans("\u2010\u2011", "--")
_INNER = re.compile(r"[.\-_/:@>]+")
# The plural of an acronym is cut nowhere: URLs, VMs, OSes.
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])(?!(?:[A-Z]s|[SXZ]es)(?![a-z]))")
_PLURAL = re.compile(r"([A-Z]*[SXZ](?=es)|[A-Z]{2,}(?=s))e?s")
_SHORT_FLAG = re.compile(r"-[A-Za-z]")
_MAX_TERM_CHARS = 100
# Words of a question that say nothing about its subject. Kept short: "not", "without" or "all" do.
_STOP_WORDS = """
a an and are as at be but by can could do does for from had has have how i if in into is it its
me my of on or our shall should so than that the their them then there these they this those to
us was we were what when where which who whom whose why will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
ENGLISH = "en"
# By code, as tantivy names them.
_STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    ENGLISH: "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
STEMMED = frozenset(_STEMMERS)
# Here accents are often left out in questions, and the stemmers need them in these endings alone. With all others taken
# off first .91 of questions find their page first, with and without accents; taken off behind the stemmer .91 and .89
# (faquad-university-pt). In other languages they make other letters.
_ACCENTED: dict[str, tuple[tuple[str, str], ...]] = {
    "es": (("cion", "ción"), ("sion", "sión")),
    "fr": (("ee", "ée"), ("ees", "ées")),
    "it": (),
    "pt": (("cao", "ção"), ("coes", "ções")),
    "ro": (),
}
_ACCENTS = re.compile("[\u0300-\u036f]")


class Word(NamedTuple):
    """A word of a text with its terms.

    Attributes:
        text: as it is spelled, in composed characters.
        names: the terms of the whole word, the most usual first.
        parts: the terms of what it is made of.
        is_first: whether the text begins with it.
    """

    text: str
    names: tuple[str, ...]
    parts: tuple[str, ...] = ()
    is_first: bool = False


def words(text: str, language: str = ENGLISH) -> Iterator[Word]:
    """The words of a text in order, the same in number in any language.

    Where a script has no spaces, each two neighbouring characters are one.
    """
    language = stemmed_as(language)
    plain = text.isascii()
    text = text if plain else _normalised(text)
    for match in (_ASCII_WORD if plain else _WORD).finditer(text):
        word = match.group()
        if not plain and _UNSPACED_RUN.fullmatch(word):
            yield from (Word(pair, (pair,)) for pair in _pairs(word))
        elif names := _names(word, language):
            yield Word(word, names, _parts(word, language), match.start() == 0)


def stemmed_as(language: str) -> str:
    """The code of the language whose stemmer reads this one."""
    return language if language in _STEMMERS else ENGLISH


def terms(text: str, language: str = ENGLISH) -> list[str]:
    """Search terms in text order; with repeats, since BM25 counts them; empty for blank text.

    A plain word gives its stem. An identifier gives itself whole, case-folded, without
    leading dashes or call brackets, and the stem of each of its parts; `BaseModel` gives
    `basemodel`, `base` and `model`. A flag of one letter keeps its dash and its case: `-o` gives `-o` and `o`.
    The plural of an acronym gives the acronym. Composed and decomposed, full-width and narrow letters are the same.
    """
    return [term for word in words(text, language) for term in (*word.names, *word.parts)]


def question_terms(text: str, language: str = ENGLISH) -> list[str]:
    """The terms of a question without stop words; all of its terms when nothing else is left."""
    return [term for (term,) in question_variants(text, (language,))]


def question_variants(text: str, languages: Collection[str]) -> list[tuple[str, ...]]:
    """The terms of a question in order, each as the languages spell it, without stop words.

    Only English ones are left out: elsewhere that found no more (faquad-university-pt). All terms stay in a language
    in which nothing else is left.
    """
    codes = list(dict.fromkeys(map(stemmed_as, languages)))
    by_language: list[list[list[str | None]]] = []
    for code in codes:
        everything: list[list[str | None]] = [[*word.names, *word.parts] for word in words(text, code)]
        asked = [[None if term in _stop_terms(code) else term for term in one] for one in everything]
        by_language.append(asked if any(any(one) for one in asked) else everything)
    spelled = (variants for word in zip(*by_language, strict=True) for variants in zip_longest(*word))
    return [tuple(dict.fromkeys(filter(None, variants))) for variants in spelled if any(variants)]


def short_flags(text: str) -> frozenset[str]:
    """The flags of one letter that a text names, such as `-o`."""
    return (
        frozenset(word.text for word in words(text) if _SHORT_FLAG.fullmatch(word.text)) if "-" in text else frozenset()
    )


def written_in_pairs(text: str) -> bool:
    """Whether most letters are of a script whose words are found by pairs of characters, such as Chinese or Korean."""
    if text.isascii():
        return False
    letters = sum(map(str.isalpha, text))
    return 2 * sum(map(str.isalpha, "".join(_RUN.findall(_normalised(text))))) > letters


@cache
def _stemmer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer(_STEMMERS[language])).build()


@cache
def _stop_terms(language: str) -> frozenset[str]:
    return frozenset(_stem(word, language) for word in STOP_WORDS) if language == ENGLISH else frozenset()


@lru_cache(maxsize=100_000)
def _stem(word: str, language: str) -> str:
    if language in _ACCENTED:
        word = word if word.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", word))
        for plain, accented in _ACCENTED[language]:
            if word.endswith(plain):
                word = word.removesuffix(plain) + accented
    elif language == "ru":
        word = word.replace("ё", "е")
    stems = _stemmer(language).analyze(word)
    return stems[0] if stems else word


def _normalised(text: str) -> str:
    """One spelling of what looks the same, with runs of scripts without spaces set apart from what adjoins them."""
    text = _UNWRITTEN.sub("", unicodedata.normalize("NFKC", text).translate(_HYPHEN))
    return _RUN.sub(r" \g<0> ", text)


def _pairs(run: str) -> list[str]:
    """Each two neighbouring characters; the character of a run of one."""
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


@lru_cache(maxsize=100_000)
def _names(word: str, language: str) -> tuple[str, ...]:
    bare = word.lstrip("-")
    if len(bare) > _MAX_TERM_CHARS:
        return ()
    if _SHORT_FLAG.fullmatch(word):
        return (word,)
    if plural := _PLURAL.fullmatch(bare):
        return tuple(dict.fromkeys((_stem(plural[1].casefold(), language), _stem(bare.casefold(), language))))
    pieces = _pieces(bare)
    return (_stem(pieces[0].casefold(), language) if len(pieces) == 1 else bare.casefold(),)


@lru_cache(maxsize=100_000)
def _parts(word: str, language: str) -> tuple[str, ...]:
    if _SHORT_FLAG.fullmatch(word):
        return (_stem(word[1:].casefold(), language),)
    if _HANGUL_RUN.fullmatch(word):
        return tuple(_pairs(word)) if len(word) > 2 else ()
    pieces = _pieces(word.lstrip("-"))
    return tuple(_names(piece, language)[0] for piece in pieces) if len(pieces) > 1 else ()


def _pieces(word: str) -> list[str]:
    return [hump for part in _INNER.split(word) for hump in _HUMP.split(part.strip("_")) if hump]
