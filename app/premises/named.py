"""named: whether the docs name something anywhere, in whatever spelling, and what they name that is spelled like it."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from footnote.app.core.text.analysis import terms, words
from footnote.app.core.types import Hit
from footnote.app.index.seam import TermIndex
from footnote.app.premises.names import Name, is_code

# More chunks than this are not read for a spelling; the docs then count as naming it. A round guess.
MAX_READ = 300
# From so many characters on, a name two letters away is a slip of the pen; below, one letter.
_LONG = 9
_SHORTEST_SLIP = 5
_LIKE = 0.75  # of `SequenceMatcher.ratio`, a round guess
_JOINT = re.compile(r"[_-]+|(?<=[a-z0-9])(?=[A-Z])")
_LITERAL = re.compile(r"(?<![\w-])(?:--)?[A-Za-z_][\w.-]*\w")


def is_named(name: Name, chunks: TermIndex) -> bool:
    """Whether any chunk holds the name, or one a slip of the pen away; with other joints and in another case too.

    True as well where too many chunks would have to be read to tell.
    """
    words_of_name = name.text.split() if name.kind == "command" else [name.text]
    found = [terms(word) for word in words_of_name]
    whole, parts = found[-1][:1], found[-1][1:]
    if not whole:
        return True
    if name.kind == "command":
        return _is_command(words_of_name, [term for one in found for term in one[:1]], chunks)
    if not parts and name.kind == "flag":
        return _is_flag(name.text, whole[0], chunks)
    # `ray.data.read_csv` is one term, and `read_csv` none of its parts; a page may well leave the module out.
    last = name.text.rpartition(".")[2]
    own = last if is_code(last) else name.text
    spelled = {whole[0], *terms(own)[:1]}
    return (
        any(map(chunks.chunks_with, spelled))
        or _stands(own, terms(own)[1:] or terms(own), chunks)
        or any(_is_slip(term, chunks) for term in spelled)
    )


def _stands(literal: str, needed: Sequence[str], chunks: TermIndex) -> bool:
    """Whether a chunk spells the literal: with other joints, or with a class between module and method."""
    module, _, last = (_with_any_joints(part) for part in literal.rpartition("."))
    return _matches(re.compile(rf"{module}\.(?:\w+\.)*{last}" if module else last, re.I), needed, chunks)


def _with_any_joints(name: str) -> str:
    return r"[\s_-]*".join(map(re.escape, _JOINT.split(name.strip("_-"))))


def _matches(spelling: re.Pattern[str], needed: Sequence[str], chunks: TermIndex) -> bool:
    holding = chunks.with_all(needed, MAX_READ)
    return holding is None or any(spelling.search(chunk.index_text) for chunk in holding)


def _is_command(words_of_name: Sequence[str], needed: Sequence[str], chunks: TermIndex) -> bool:
    """Whether a command stands anywhere, or its last word as one: "the doctor command", `doctor`."""
    whole, last = r"\s+".join(map(re.escape, words_of_name)), re.escape(words_of_name[-1])
    spelling = re.compile(rf"(?<![\w-]){whole}(?![\w-])|`{last}`|(?<![\w-]){last} (?:sub)?command\b", re.I)
    return _matches(spelling, needed[-1:] if len(needed) == 2 else needed, chunks) or (
        not chunks.chunks_with(needed[-1]) and _is_slip(needed[-1], chunks)
    )


def _is_flag(flag: str, term: str, chunks: TermIndex) -> bool:
    """Whether a flag of one word stands anywhere as a flag or as a name in code; as a plain word it is none."""
    if not chunks.chunks_with(term):
        return _is_slip(term, chunks)
    bare = re.escape(flag.lstrip("-"))
    as_code = re.compile(rf"--{bare}(?![\w-])|[`\"'\[.]{bare}[`\"'\]]|(?<![\w-]){bare}`?\s?[=:]", re.I)
    return _matches(as_code, [term], chunks)


def _is_slip(term: str, chunks: TermIndex) -> bool:
    return len(term) >= _SHORTEST_SLIP and chunks.has_near(term, 1 + (len(term) >= _LONG))


def name_like(name: Name, hits: Sequence[Hit]) -> str | None:
    """Of the names in the passages that were found, the one spelled most like this one; None when none is near."""
    if name.kind == "command":
        return None
    best, most = None, _LIKE
    for hit in hits:
        for match in _LITERAL.finditer(hit.chunk.text):
            spelled = match.group()
            if spelled.startswith("--") != (name.kind == "flag") or not _is_spelled_as_code(spelled):
                continue
            likeness = _likeness(name.text, spelled)
            if likeness > most:
                best, most = spelled, likeness
    return best


def _is_spelled_as_code(spelled: str) -> bool:
    return any(len(word.parts) > 1 for word in words(spelled)) or spelled.startswith("--")


def _likeness(one: str, other: str) -> float:
    one, other = one.casefold(), other.casefold()
    if other.startswith(f"{one}-") or other.startswith(f"{one}_"):
        return 0.9
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.real_quick_ratio() > _LIKE and matcher.quick_ratio() > _LIKE else 0.0
