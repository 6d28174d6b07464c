"""Sentence boundaries of prose and of markdown paragraphs, in any script."""

import re
import unicodedata

from footnote.app.core.text.scripts import UNSPACED

_CLOSERS = r"""[)\]"'”’“‘»›」』）】》〉〕*_`]*(?:[ \u00a0\u202f]»)?"""
# Stops that end a sentence whatever follows: of Chinese and Japanese, Arabic, Urdu, Hindi, Armenian, Amharic, Burmese
# and Khmer; and ! or ? between letters that have no space between words.
_OWN = (
    r"[。！？｡؟۔।॥։።။។][。！？｡؟۔।॥!?.…]*|(?<![0-9０-９])．(?![0-9０-９])"
    rf"|(?<=[{UNSPACED}])[!?]+(?={_CLOSERS}[{UNSPACED}])"
)
# All others end one with closing quotes or markup, before white space and something that can begin a sentence.
_STOP = re.compile(rf"(?P<stop>(?:(?P<own>{_OWN})|[.!?…]){_CLOSERS})(?:\s*\[\d+\])*(?P<space>\s*)")
# Behind the closing bracket of a Japanese quotation: particles by which the sentence around it goes on, and its stop.
_GOES_ON = re.compile(
    r"(?<=[」』）])(?:[。．、]|って|[をがの]|は(?!い|じめ)|と(?!ても|にかく|ころ|もに|はいえ|りあえず))"
)
_OPENERS = frozenset("\"'“‘([`*_<«„‚‹¿¡「『（【《")
# Capital letters of Georgian begin no sentence.
_GEORGIAN = re.compile("[\u10d0-\u10ff]")
# Abbreviations and list numbers ("e.g.", "1.") do not end one; other numbers do. Left out are those that are words too.
_ENGLISH = r"e\.g|i\.e|etc|vs|cf|approx|resp|incl|fig|no|dr|mr|ms|st"
# Their first letter may be a capital, but no other: "ca." is none in "the CA."
_OTHERS = r"""
z\.\s?B d\.\s?h u\.\s?a o\.\s?ä z\.\s?T i\.\s?d\.\s?R usw bzw ca ggf evtl inkl zzgl vgl bspw sog nr abb
p\.\s?ex c\.-à-d pp chap p\.\s?ej págs? núm sra? uds? aprox EE\.\s?UU p\.\s?es ecc pag sig dott
bijv blz enz d\.w\.z o\.a m\.b\.t t\.\s?ex bl\.\s?a f\.\s?eks osv dvs np itd itp tj m\.\s?in např tzn atd apod esim stb
bkz örn т\.\s?[екдп] др см рис табл стр гг? ул напр проф डॉ पं श्री
"""
_LONE_LETTERS = "p\u05d0-\u05ea\u0621-\u064a\u0904-\u0939"  # a page; titles in Hebrew, Arabic and Hindi
_SHORTENED = "|".join(
    [f"(?i:{_ENGLISH})", *(f"(?i:{one[0]}){one[1:]}" for one in _OTHERS.split()), rf"(?<!\S)[{_LONE_LETTERS}]"]
)
_ABBREVIATION = re.compile(rf"(?:(?<!\w)(?:{_SHORTENED})|(?:^|[.!?:]\s|[。！？：؟۔।]\s*)[ \t]*\d+)\.$", re.M)
# A sentence may begin with a name in small letters, "uv does not ...", on the same line. What stands before the stop
# must be code, a bracket, or a word too long for an abbreviation that nobody listed.
_BEFORE_SMALL = re.compile(
    r"(?:[`)\]]|(?<![\w.])(?:[A-Za-z][\w-]{3,}|it|them|one|two|run|use|set|too|all|you|any|add|out|off|up|not|now|way|key|tag|log|job|so|do|yes|yet|own|new|old|end))\.$"
)
_LONG_ABBREVIATION = re.compile(r"\b(?:dept|conf|prof|misc|assoc|exec|spec|orig|temp|hrsg|bspw)\.$", re.I)
# With these a sentence begins in capitals, or it is none.
_ORDINARY_WORDS = """
after all also although and any as at because before both but by each even every for from here if in is it just more
most no not of on only or other same see since so some such that the then there though to unless until when where which
while with
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
# Initials and what is spelled like them, "z. B."; German dates, "3. Oktober".
_WITHIN = re.compile(
    r"(?<!\w)[^\W\d_]\.\s[^\W\d_]\."
    r"|\d\.\s(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """`(start, end)` of each sentence, in order, without surrounding white space.

    Together they cover all that is not white space; empty for blank text.
    """
    spans = []
    start = 0
    for match in _STOP.finditer(text):
        if not _GOES_ON.match(text, match.end()) if match["own"] else _ends_sentence(text, match):
            spans.append((start, match.start("space")))
            start = match.end()
    spans.append((start, len(text)))
    return [span for span in (_trim(text, start, end) for start, end in spans) if span[0] < span[1]]


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    stop = match.end("stop")
    below = text[match.end() : match.end() + 1]
    if not match["space"] or (below and not _begins_sentence(below) and not _begins_small(text, match)):
        return False
    if _WITHIN.match(text, max(0, match.start() - 1)):
        return False
    return not _ABBREVIATION.search(text, max(0, stop - 12), stop)


def _begins_sentence(character: str) -> bool:
    """Whether it is a capital, a letter of a script that has none, a digit, or opens a quote or markup."""
    if character.isascii():
        return character.isupper() or character.isdigit() or character in _OPENERS
    category = unicodedata.category(character)
    return category in ("Lu", "Lt", "Lo", "Nd") or character in _OPENERS or bool(_GEORGIAN.match(character))


def _begins_small(text: str, match: re.Match[str]) -> bool:
    """Whether a sentence can begin with the small letter behind the stop."""
    before = text[max(0, match.start() - 24) : match.start() + 1]
    word = re.match(r"[a-z]+\b", text[match.end() : match.end() + 12])
    return (
        match["stop"] == "."
        and match["space"] == " "
        and bool(re.match(r"[a-z]", text[match.end()]))
        and not (word and word.group() in _ORDINARY)
        and bool(_BEFORE_SMALL.search(before))
        and not _LONG_ABBREVIATION.search(before)
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
