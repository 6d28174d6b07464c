"""facts: the parts of a sentence that are right or wrong letter by letter, and whether passages hold them.

Numbers, dates, versions, flags, identifiers, paths, URLs, quoted strings, and every word of a code span. Pure
functions, no model: a sentence takes well under a millisecond.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Literal

from footnote.app.checking.quantities import Quantity, dates, number_words, quantities, same_version, times
from footnote.app.core.text.analysis import STOP_WORDS, terms

FactKind = Literal[
    "number", "date", "version", "flag", "identifier", "path", "url", "quoted", "code", "bound", "switch"
]


@dataclass(frozen=True, slots=True)
class Fact:
    """One checkable part of a sentence.

    Attributes:
        text: as the sentence spells it.
        key: normalised for comparison; equal keys of one kind say the same.
        quantity: the value and unit of a number; None for all other kinds.
    """

    kind: FactKind
    text: str
    key: str
    quantity: Quantity | None = None


_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "‑": "-", "−": "-", "\u00a0": " ", "…": "..."}
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
_COMMENT = re.compile(r"(?:^|[ \t])(?:#|//)(?=[ \t]).*$", re.M)
_URL = re.compile(r"\bhttps?://[^\s<>\"'`|\\^{}\[\]]+")
_QUOTED = re.compile(r"(?<![\w\"=])\"([^\"\n]{2,200}?)\"(?![\w\"])|(?<![\w'=])'([^'\n]{2,200}?)'(?![\w'])")
_PLACEHOLDER = re.compile(r"<[^<>\n]{1,40}>|\.{3}")
# What can stand between two atoms; `:` and `.` only at the edge of one.
_ATOM = re.compile(r"[^\s,;()\[\]{}<>\"'`|=!?*&]+")
_FLAG = re.compile(r"(?<![\w-])(?:--[A-Za-z][\w.-]*\w|-[A-Za-z](?![\w-]))")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[A-Za-z][\w.-]*:\d{2,5}")
_ONE_BOUND = r"(?:[<>]=?|[=!~]=)\s*[\"']?\d+(?:\.\d+)*"
_BOUND = re.compile(rf"{_ONE_BOUND}(?:\s*,\s*{_ONE_BOUND})*")
# A setting that is on or off: `UV_OFFLINE=true`, `managed = false`, `honor_labels` to true. A name is read in one way
# only: an underscore is a word character too, and read in two ways each would double the time of what is no setting.
_SWITCH_NAME = r"(?=\w+[_.-]\w)\w+(?:[.-]\w+)*|[A-Z]{2,}"
_SWITCH = re.compile(
    rf"(?<![\w.-])(?:(?P<name>{_SWITCH_NAME})[`\"']{{0,2}}(?:\s*[=:]\s*|\s+to\s+)|(?P<word>\w+)\s*=\s*)[`\"']?"
    r"(?P<value>(?i:true|false))\b"
)
_VERSION = re.compile(
    r"[vV]?\d+(?:\.\d+)*\.x|[vV]?\d+(?:\.\d+)+(?:[-.+]?(?:a|b|rc|alpha|beta|dev|post)[.-]?\d*)?|[vV]\d+"
)
_MIXED = re.compile(r"\d[\d.]*[A-Za-z]\w*")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s)", re.I)
_TRAILING_ZERO = re.compile(r"\d+\.\d+0")
_ABBREVIATIONS = frozenset({"e.g", "i.e", "etc", "vs", "a.k.a", "u.s", "cf"})
_HUMP = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}")


def plain(text: str) -> str:
    """The text with typographic signs, HTML entities and markdown escapes as ASCII; line ends stay."""
    return _ESCAPE.sub(r"\1", unescape(unicodedata.normalize("NFKC", text).translate(_PLAIN)))


@lru_cache(maxsize=8192)
def facts(text: str) -> tuple[Fact, ...]:
    """The facts of a sentence, each once, in no particular order; empty when nothing in it is checkable."""
    text = plain(text)
    found: dict[tuple[str, str], Fact] = {}
    for fact in _facts(text):
        found.setdefault((fact.kind, fact.key), fact)
    return tuple(found.values())


def _facts(text: str) -> Iterator[Fact]:
    for match in _CODE.finditer(text):
        yield from _code_facts(match[2])
    prose = _CODE.sub(" ` ", text)
    for match in _QUOTED.finditer(prose):
        quoted = match[1] or match[2]
        yield Fact("quoted", match.group(), _squeezed(quoted).strip(" .,;:").casefold())
    for match in _SWITCH.finditer(text):
        yield Fact("switch", match.group(), _switch_key(match))
    yield from _literals(prose, in_code=False)
    yield from _numbers(prose, words=True)


def _code_facts(code: str) -> Iterator[Fact]:
    if "\n" in code:
        code = _COMMENT.sub("", re.sub(r"^[\w-]*\n", "", code))
    code = _PLACEHOLDER.sub(" ", code)
    yield from _literals(code, in_code=True)
    yield from _numbers(code, words=False)


def _literals(text: str, in_code: bool) -> Iterator[Fact]:
    for match in _URL.finditer(text):
        url = match.group().rstrip(".,;:)")
        if "..." not in url:
            yield Fact("url", url, url.casefold().rstrip("/"))
    text = _PLACEHOLDER.sub(" ", _URL.sub(" ", text))
    for match in _FLAG.finditer(text):
        yield Fact("flag", match.group(), match.group())
    for match in _BOUND.finditer(text):
        yield Fact("bound", match.group(), _bound_key(match.group()))
    text = _FLAG.sub(" ", text)
    for match in _ATOM.finditer(text):
        atom = match.group().strip(".:").removesuffix("'s")
        kind = _kind(atom, in_code)
        if kind == "version":
            yield Fact(kind, atom, _version_key(atom))
        elif kind:
            yield Fact(kind, atom, atom)


def _kind(atom: str, in_code: bool) -> FactKind | None:
    """What an atom is; None for a plain word and for a number, which is read elsewhere."""
    if _ADDRESS.fullmatch(atom):
        return "identifier"
    if _VERSION.fullmatch(atom) and (atom[0] in "vV" or atom.count(".") > 1 or atom.endswith(".x")):
        return "version"
    if _MIXED.fullmatch(atom) and not next(quantities(atom), None) and not _ORDINAL.fullmatch(atom):
        return "identifier"
    if not any(map(str.isalpha, atom)) or atom[0].isdigit() or atom.casefold() in _ABBREVIATIONS:
        return None
    if "/" in atom.strip("/"):
        is_path = atom[0] in "/~." or "." in atom or "_" in atom or "-" in atom or atom.count("/") > 1 or in_code
        return "path" if is_path else None
    inner_dot = re.search(r"[A-Za-z_]\w*\.[A-Za-z_]\w", atom)
    if "_" in atom.strip("*") or inner_dot or "::" in atom or "$" in atom or _HUMP.search(atom):
        return "identifier"
    if re.search(r"[A-Za-z]\d", atom):
        return "identifier"
    return "code" if in_code and len(atom.strip("-+.@:/\\#%~^$")) > 1 else None


def _numbers(text: str, words: bool) -> Iterator[Fact]:
    text = _URL.sub(" ", text)
    for written, day in dates(text):
        yield Fact("date", written, day)
        text = text.replace(written, " ")
    for written, time in times(text):
        yield Fact("date", written, time)
        text = text.replace(written, " ")
    for one in [*quantities(text), *(number_words(text) if words else ())]:
        key = f"{one.quantity.value:g} {one.quantity.unit}".strip()
        yield Fact("number", one.text, key, one.quantity)


class Evidence:
    """What cited passages hold, for any number of facts."""

    def __init__(self, passages: Iterable[str]) -> None:
        self.text = _squeezed(plain("\n".join(passages)))
        self._folded = self.text.casefold()
        self._bounds = {_bound_key(match.group()) for match in _BOUND.finditer(self.text)}
        self._unmarked = _unmarked(self._folded)
        self._switches = {_switch_key(match) for match in _SWITCH.finditer(self.text)}
        self._terms = set(terms(self.text))
        words = re.findall(r"[a-z]+", self._folded)
        self._initials = "".join(word[0] for word in words if word not in STOP_WORDS)
        self._dates = {key for _, key in [*dates(self.text), *times(self.text)]}
        self.quantities = {one.quantity for one in [*quantities(self.text), *number_words(self.text)]}
        self._versions = {_version_key(match.group()) for match in _VERSION.finditer(self.text)}

    def holds(self, fact: Fact) -> bool:
        """Whether the passages hold the fact, in this or an equal notation."""
        if fact.kind == "number" and fact.quantity is not None:
            if "." in fact.text and any(same_version(fact.text, one) for one in self._versions):
                return True
            if _TRAILING_ZERO.fullmatch(fact.text):  # 3.10 is no 3.1
                return False
            return any(fact.quantity.agrees_with(one) for one in self.quantities)
        if fact.kind == "date":
            return fact.key in self._dates or any(one.startswith(f"{fact.key}-") for one in self._dates)
        if fact.kind == "version":
            return any(same_version(fact.key, one) for one in self._versions)
        if fact.kind == "bound":
            return fact.key in self._bounds
        if fact.kind == "url":
            return fact.key in self._folded
        if fact.kind == "switch":  # wrong only where the passages state the other value, and not this one
            name, value = fact.key.split("=")
            return (
                f"{name}={'false' if value == 'true' else 'true'}" not in self._switches or fact.key in self._switches
            )
        if fact.kind == "quoted":
            return _unmarked(fact.key) in self._unmarked
        return self._holds_literal(fact)

    def repeats(self, sentence: str) -> bool:
        """Whether the sentence stands in a passage character for character, white space aside."""
        return _bounded(_squeezed(plain(sentence)), self.text)

    def quotes(self, sentence: str) -> bool:
        """Whether the sentence stands in a passage word for word; markup, link targets and white space aside."""
        return _bounded(_unmarked(plain(sentence)).strip(" .:").casefold(), self._unmarked)

    def mentions(self, name: str) -> bool:
        """Whether the passages hold a name, in any case, as a stem, or spelled out where it is an acronym."""
        if _bounded(name.casefold(), self._unmarked) or set(terms(name)) <= self._terms:
            return True
        letters = name.rstrip("s")
        return letters.isupper() and len(letters) > 2 and letters.casefold() in self._initials

    def _holds_literal(self, fact: Fact) -> bool:
        if _bounded(fact.key, self.text):
            return True
        if fact.kind == "flag":
            return False
        # A lone word and a name of humps may begin a sentence or stand in a heading; `UV_CACHE` has one spelling.
        if "_" not in fact.key and _bounded(fact.key.casefold(), self._folded):
            return True
        # `tool.uv.cache-keys` of a section `[tool.uv]`; `docs/index.md` said of a page `index.md`.
        parts = [part for part in re.split(r"[./:@#]+", fact.key.lstrip("$~")) if part]
        return len(parts) > 1 and all(_bounded(part, self.text) for part in parts)


def _bounded(literal: str, text: str) -> bool:
    """Whether the literal stands in the text as a whole; a name with a hyphen ends only where no hyphen follows."""
    inner = "_-" if "-" in literal else "_"
    at = text.find(literal) if literal else -1
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(literal) : at + len(literal) + 1]
        begins = not (_joins(literal[0], inner) and before and _joins(before, inner))
        ends = not (_joins(literal[-1], inner) and after and _joins(after, inner))
        if begins and ends:
            return True
        at = text.find(literal, at + 1)
    return False


def _joins(sign: str, inner: str) -> bool:
    return sign.isalnum() or sign in inner


def _bound_key(written: str) -> str:
    return re.sub(r"[\s\"']", "", written)


def _switch_key(match: re.Match[str]) -> str:
    return f"{match['name'] or match['word']}={match['value']}".casefold()


def _version_key(written: str) -> str:
    return written.lstrip("vV").casefold().removesuffix(".x")


def _unmarked(text: str) -> str:
    return _squeezed(re.sub(r"[`*\"]|(?<=\])\([^()\s]*\)|[\[\]]|\b_|_\b", "", text))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
