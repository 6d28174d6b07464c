"""polarity: does a sentence deny what a passage states, or the other way round? Pure functions.

A negation is read with the words it governs ("not validated"), an opposite with its partner ("enabled", "disabled");
a negation of one is the other, so "not required" agrees with "optional".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from footnote.app.checking.facts import plain
from footnote.app.core.text.analysis import STOP_WORDS, terms

_OPPOSITES = """
enable disable|enabled disabled|true false|required optional|require optional|mandatory optional|before after
minimum maximum|min max|increase decrease|allow forbid,prevent,deny,block,disallow,prohibit|allowed denied,blocked
include exclude,omit|start stop|lower higher,upper|less more|least most|smaller larger,greater,bigger|first last
earlier later|older newer|oldest newest,latest|add remove,delete|success failure,error|succeed fail|accept reject,refuse
lock unlock|supported unsupported|valid invalid|inside outside|internal external|public private|mutable immutable
exact inexact|above below|on off|open close|install uninstall|slow fast|cheap expensive|recommend discourage
online offline|explicit implicit|explicitly implicitly|automatic manual|automatically manually|single multiple
temporary permanent|local global,remote|lowest highest|prefix suffix|positive negative|present absent
same different|stable unstable|safe unsafe|known unknown|compatible incompatible|available unavailable
encrypted unencrypted,plaintext|upgrade downgrade|ascending descending|synchronous asynchronous|static dynamic
ignore respect,honor|persistent ephemeral|everything nothing
all none|short long|shorter longer|fewer more|up down|begin end|connect disconnect|insensitive sensitive
""".replace("\n", "|")
_NEGATION_WORDS = "not never no cannot without neither nor none nothing unable"
_NEGATIONS = frozenset(_NEGATION_WORDS.split())
# Words between a negation and what it denies.
_LIGHT_WORDS = """
any yet also been being get gets got longer only even currently necessarily automatically directly must may might
itself possible need needs able actually explicitly ever simply always still very much
"""
_LIGHT = STOP_WORDS | frozenset(_LIGHT_WORDS.split())
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|[^\w\s'-]")
_CONTEXT_WORDS = 5
MIN_SHARED_CONTEXT = 2
OPPOSITE_MARGIN = 2
_CLAUSE_END = frozenset(",;:.!?()")
_CONJUNCTION_WORDS = "but because although while unless instead whereas however since if when so and or"
_CONJUNCTIONS = frozenset(_CONJUNCTION_WORDS.split())
_ANSWER = re.compile(r"\s*(?:no|yes|none|not (?:independently|quite|exactly|really))\b\s*[,;:.!-]+\s*", re.I)
_CONTRACTION = re.compile(r"\b([A-Za-z]+)n't\b", re.I)
_SHORT = {"ca": "can", "wo": "will", "sha": "shall"}
_FLAG = re.compile(r"(?<![\w-])--?[A-Za-z][\w.-]*")
# "On disk" is no opposite of "off"; "on by default" is.
_PREPOSITION_ON = re.compile(r"\bon (?!by\b)(?=[a-z])", re.I)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|necessarily)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Word:
    """One content word as it is read.

    Attributes:
        stem: by which words are compared.
        denied: whether a negation stands right before it.
        in_scope: whether a negation stands before it in the clause.
        signs: of an opposite: `(pair, +1 or -1)`, turned round where a negation is near.
        clause: the other stems of its clause.
        context: the stems around it, within `_CONTEXT_WORDS` either way.
    """

    stem: str
    denied: bool
    in_scope: bool
    signs: frozenset[tuple[int, int]]
    clause: frozenset[str]
    context: frozenset[str]


@cache
def _signs() -> dict[str, tuple[tuple[int, int], ...]]:
    signs: dict[str, list[tuple[int, int]]] = {}
    for number, pair in enumerate(part for part in _OPPOSITES.split("|") if part.strip()):
        one, others = pair.split()
        for word, sign in [(one, 1), *((other, -1) for other in others.split(","))]:
            signs.setdefault(_stem(word), []).append((number, sign))
    return {stem: tuple(found) for stem, found in signs.items()}


def flipped(sentence: str, aligned: Sequence[str]) -> str | None:
    """What the sentence turns round, as the aligned parts of a passage read; None when nothing.

    `aligned` are the units that the sentence should be read against, best first.
    """
    said = _read(_ANSWER.sub("", plain(sentence), count=1))
    units = [_read(unit) for unit in aligned]
    stated = [word for unit in units for word in unit]
    denies = any(word.in_scope or any(sign < 0 for _, sign in word.signs) for word in stated)
    signs = {sign for word in said for sign in word.signs}
    for word in said:
        if any(_opposed(word, pair, sign, stated) for pair, sign in word.signs if (pair, -sign) not in signs):
            return word.stem
        others = [other for other in stated if other.stem == word.stem]
        nearest = _nearest(word, others)
        if word.denied and not any(other.in_scope for other in others) and (nearest or not denies):
            return f"not {word.stem}"
        # A passage denies much that a sentence leaves out; that it is the same statement must be clear.
        same = [other for other in nearest if len(word.context & other.context) >= MIN_SHARED_CONTEXT]
        if same and not word.in_scope and all(other.denied for other in nearest):
            return word.stem
    return None


def _opposed(word: _Word, pair: int, sign: int, stated: Sequence[_Word]) -> bool:
    """Whether the passage has the opposite in the word's place, and the word itself nowhere as near."""
    against = max((_shared(word, other) for other in stated if (pair, -sign) in other.signs), default=0)
    agreeing = max((_shared(word, other) for other in stated if (pair, sign) in other.signs), default=None)
    return against >= (1 if agreeing is None else agreeing + OPPOSITE_MARGIN)


def _shared(word: _Word, other: _Word) -> int:
    return len(word.context & other.context)


def _nearest(word: _Word, others: Sequence[_Word]) -> list[_Word]:
    """Of the others, those that share most with the word's clause, then with its context; all that tie."""
    shares = [(len(word.clause & other.clause), len(word.context & other.context)) for other in others]
    return [other for other, share in zip(others, shares, strict=True) if share == max(shares)]


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[_Word, ...]:
    """The content words of a text, in order."""
    found: list[tuple[str, bool, bool, frozenset[tuple[int, int]], int]] = []
    for number, clause in enumerate(_clauses(text)):
        denied = in_scope = False
        since = 0
        for word in clause:
            if word in _NEGATIONS:
                denied = in_scope = not denied
                since = 0
                continue
            stem = _stem(word)
            turned = in_scope and since < 2
            signs = frozenset((pair, -sign if turned else sign) for pair, sign in _signs().get(stem, ()))
            if word not in _LIGHT or signs:
                found.append((stem, denied, in_scope, signs, number))
                denied = denied and word in _LIGHT
                since += 1
    stems = [stem for stem, *_ in found]
    return tuple(
        _Word(
            stem,
            denied,
            in_scope,
            signs,
            frozenset(other for other, *_, place in found if place == number and other != stem),
            frozenset(stems[max(0, at - _CONTEXT_WORDS) : at] + stems[at + 1 : at + 1 + _CONTEXT_WORDS]),
        )
        for at, (stem, denied, in_scope, signs, number) in enumerate(found)
    )


def _clauses(text: str) -> Iterator[list[str]]:
    text = _NOT_ONLY.sub(" ", _FLAG.sub(" ", plain(text)).replace("`", " ").replace("*", " "))
    text = _PREPOSITION_ON.sub(" ", text)
    text = _CONTRACTION.sub(lambda match: _SHORT.get(match[1].casefold(), match[1]) + " not", text)
    clause: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group().casefold()
        if word in _CLAUSE_END or word in _CONJUNCTIONS:
            if clause:
                yield clause
            clause = []
        elif word[0].isalpha():
            clause.append(word)
    if clause:
        yield clause


@cache
def _stem(word: str) -> str:
    return (terms(word) or [word])[0]
