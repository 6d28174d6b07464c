"""polarity: does a sentence deny what a passage states, or the other way round? Pure functions.

Clauses are compared with clauses about the same: one that denies what the other states, or has the opposite of one of
its words ("enabled", "disabled"), is its contrary. A negation turns an opposite round: "not required" agrees with
"optional".
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

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
_NEGATION_WORDS = "not never no cannot without neither nor none nothing nobody unable hardly"
_NEGATIONS = frozenset(_NEGATION_WORDS.split())
# Words between a negation and what it denies.
_LIGHT_WORDS = """
any yet also been being get gets got longer only even currently necessarily automatically directly must may might
itself possible need needs able actually explicitly ever simply always still very much
"""
_LIGHT = STOP_WORDS | frozenset(_LIGHT_WORDS.split())
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|[^\w\s'-]")
_CLAUSE_END = frozenset(",;:.!?()|")
_CONJUNCTION_WORDS = """
but because although while unless instead whereas however since if when so and or until except which that
"""
_CONJUNCTIONS = frozenset(_CONJUNCTION_WORDS.split())
# Where one of these stands, "not ... unless" may say what "only ... if" does.
_TURNING_WORDS = "unless except until instead rather otherwise only besides"
_TURNING = frozenset(_TURNING_WORDS.split())
_ANSWER = re.compile(r"\s*(?:no|yes|none|not (?:independently|quite|exactly|really))\b\s*[,;:.!-]+\s*", re.I)
_CONTRACTION = re.compile(r"\b([A-Za-z]+)n't\b", re.I)
_SHORT = {"ca": "can", "wo": "will", "sha": "shall"}
_FLAG = re.compile(r"(?<![\w-])--?[A-Za-z][\w.-]*")
_CODE_SPAN = re.compile(r"`([^`\n]*)`")
# "On disk" is no opposite of "off"; "on by default" is.
_PREPOSITION_ON = re.compile(r"\bon (?!by\b)(?=[a-z])", re.I)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|necessarily)\b", re.I)
_DENIED_WORDS = 3
# The share of a clause's words, and the number of them, that its contrary has too.
MIN_SHARED, MIN_SHARED_WORDS = 0.45, 2
# From here on it is clear that both speak of the same.
CLEAR_SHARE, CLEAR_WORDS = 0.9, 3
# How much more of them it must have than any clause that agrees.
MARGIN = 0.1


class Clause(NamedTuple):
    """A clause as it is compared.

    Attributes:
        words: its content words as stems; of a pair of opposites the first stands for both.
        spelled: the same stems with a word of the text for each, for the reader.
        denied: those right behind a negation.
        signs: `(pair, 1 or -1)` of its opposites, turned round where they are denied.
        around: the words of its whole sentence.
        is_turning: whether that says when something does not hold.
    """

    words: frozenset[str]
    spelled: tuple[tuple[str, str], ...]
    denied: frozenset[str]
    signs: frozenset[tuple[str, int]]
    around: frozenset[str] = frozenset()
    is_turning: bool = False


class Contrary(NamedTuple):
    """`word` is what is turned round, as the sentence spells it; `is_clear` where nothing else reads it otherwise."""

    word: str
    is_clear: bool


def contrary(sentence: str, stated: Iterable[Clause]) -> Contrary | None:
    """What the sentence turns round of the stated clauses; None when it agrees with them, or none is about the same."""
    stated = list(stated)
    found: Contrary | None = None
    for clause in clauses(_ANSWER.sub("", plain(sentence), count=1)):
        if len(clause.words) < MIN_SHARED_WORDS:
            continue
        agreeing, opposed, word, is_clear = 0.0, 0.0, "", False
        for other in stated:
            shared = len(clause.words & other.words)
            if shared < MIN_SHARED_WORDS:
                continue
            share = shared / max(len(clause.words), len(other.words))
            turned = _turned(clause, other)
            if turned and share > opposed:
                opposed, word, is_clear = share, turned, share >= CLEAR_SHARE and shared >= CLEAR_WORDS
            elif not turned:
                agreeing = max(agreeing, len(clause.words & other.around) / max(len(clause.words), len(other.words)))
        if opposed >= MIN_SHARED and opposed >= agreeing + MARGIN:
            found = found if found and found.is_clear else Contrary(word, is_clear and not clause.is_turning)
    return found


def _turned(clause: Clause, other: Clause) -> str:
    """The word of the clause that the other one turns round; "" where both agree."""
    spelled = dict(clause.spelled)
    for pair, sign in clause.signs:
        if (pair, -sign) in other.signs and (pair, sign) not in other.signs and (pair, -sign) not in clause.signs:
            return spelled[pair]
    for stem, word in clause.spelled:
        if stem in clause.denied and stem in other.words and not other.denied and stem not in dict(other.signs):
            return f"not {word}"
        if stem in other.denied and not clause.denied and stem not in dict(clause.signs):
            return word
    return ""


@cache
def _pairs() -> dict[str, tuple[str, int]]:
    """Of each stem of an opposite the first stem of its pair, and on which side it is."""
    found: dict[str, tuple[str, int]] = {}
    for pair in (part for part in _OPPOSITES.split("|") if part.strip()):
        one, others = pair.split()
        for word, sign in [(one, 1), *((other, -1) for other in others.split(","))]:
            found.setdefault(_stem(word), (_stem(one), sign))
    return found


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text, in order."""
    is_turning = not _TURNING.isdisjoint(re.findall(r"[a-z]+", text.casefold()))
    found = [_clause(words) for words in _split(text)]
    around = frozenset().union(*(clause.words for clause in found))
    return tuple(clause._replace(around=around, is_turning=is_turning) for clause in found)


def _clause(words: list[str]) -> Clause:
    spelled: dict[str, str] = {}
    denied, signs = set(), set()
    scope, is_odd = 0, False
    for word in words:
        if word in _NEGATIONS:
            scope, is_odd = _DENIED_WORDS, not is_odd
            continue
        stem = _stem(word)
        pair = _pairs().get(stem)
        if word in _LIGHT and not pair:
            continue
        is_denied = scope > 0 and is_odd
        scope -= 1
        key = pair[0] if pair else stem
        spelled.setdefault(key, word)
        if pair:
            signs.add((key, -pair[1] if is_denied else pair[1]))
        if is_denied:
            denied.add(key)
    return Clause(frozenset(spelled), tuple(spelled.items()), frozenset(denied), frozenset(signs))


def _split(text: str) -> Iterator[list[str]]:
    text = _CODE_SPAN.sub(lambda match: f" {match[1]} ", _FLAG.sub(" ", text)).replace("*", " ")
    text = _PREPOSITION_ON.sub(" ", _NOT_ONLY.sub(" ", text))
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
