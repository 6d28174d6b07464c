"""names: what a question spells like code and takes to be the product's own. Pure functions over the question's text.

A name is taken only where the question uses it as the docs would have to: `the X option`, `what does X do`, `X` behind
the product's own command or prefix. What the asker brings along is left alone: values, paths, hosts, quoted errors,
commands of other tools, and names introduced by "my", "a" or "called".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from footnote.app.core.text.analysis import STOP_WORDS, terms

NameKind = Literal["flag", "command", "identifier"]

# A term in as many of the chunks is what the docs are all about, as in `app.checking.checker`.
PRODUCT_SHARE = 0.2
_SPAN = re.compile(r"(?<!`)(`+)(?!`)([^`\n]+)\1(?!`)")
# What the asker brings along.
_OWN_TEXT = re.compile(
    r"\"[^\"\n]*\"|(?<![\w])'[^'\n]*'(?!\w)"  # quoted
    r"|(?<=[\w\]])=[^\s?,;]+"  # a value
    r"|\b\w++://\S+|(?<!\S)[^\s@]++@[\w.-]+"  # an address
    r"|(?<![\w.~$@{}-])[\w.~$@{}-]*+/\S*"  # a path
    r"|(?<![\w.-])[\w.-]+:\d+"  # a host
    r"|(?<=\w)\([^()]*\)"  # arguments of a call
)
_CODE = re.compile(r"(?<![\w-])(?:--[A-Za-z][\w.-]*\w|@?[A-Za-z_]\w*(?:[.-]\w+)*)")
_HUMP = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]{2}")
_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9]*(?:_+[A-Z0-9]+)+")
_PLAIN_WORD = re.compile(r"[a-z][a-z-]*[a-z]")
_PLACEHOLDER_NAME = re.compile(
    r"@?(?:my|our|your|foo|bar|baz|test|example|sample|demo|dummy|custom)(?:[_.\d-]|(?=[A-Z])|$)", re.I
)

# Nouns of what only a product has; and of what the asker may well have too, as "the clean_text function".
_SETTING = r"(?:settings?|options?|flags?|directives?|switch(?:es)?|(?:sub)?commands?)"
_MEMBER = r"(?:functions?|methods?|class(?:es)?|parameters?|arguments?|decorators?|operators?|fields?|attributes?)"
# Before a name that the asker made.
_OWN_BEFORE = re.compile(
    r"\b(?:my|our|their|own|an?|called|named|another|this|some|new|written|wrote)\s+"
    r"(?:(?!(?:with|of|to|for|in|from|by|on|via|the|using)\s)[\w-]+\s+){0,2}[`@]?$"
    r"|(?<!do )(?<!can )(?<!should )\b(?:i|we) (?:call|use|run|have|import|get|wrote|define) [`@]?$",
    re.I,
)
_THE = r"(?:the |a )?[`@]*$"
# Where a name is asked about, and where it is used.
_ASKED = tuple(
    re.compile(pattern + _THE, re.I)
    for pattern in (
        r"\bwhat (?:do|does) ",
        r"\bdifference between ",
        r"\b(?:what|which)\b[^.?!]{0,30}\b(?:defaults?|values?|arguments?|parameters?|format|syntax|meaning|purpose|effect)"
        r"(?: \w+)? of ",
        r"\b(?:which|what) (?:\w+ )?(?:values?|options?|arguments?|parameters?|formats?) (?:\w+ )?"
        r"(?:can|should|do|does|may) ",
    )
)
_USED = tuple(
    re.compile(pattern + _THE, re.I)
    for pattern in (
        rf"\b{_SETTING} ",
        r"\b(?:set|configure|enable|disable|activate|turn (?:on|off)) ",
        r"\b(?:its|where (?:is|are)) ",
    )
)
_AFTER = re.compile(
    rf"^(?:\(\))?`?\s+(?:config(?:uration)? )?(?:{_SETTING}\b|(?:parameter|argument)s? of [`@]?(?-i:[A-Z]))", re.I
)
_HOW = re.compile(r"\b(?:how|why) (?:do|does|did) (?:the )?[`@]?$", re.I)
_WORKS = re.compile(r"^(?:\(\))?`?\s+(?:work|influence|affect|behave|interact|differ|change)s?\b", re.I)
# "How do I use X?", and no more: nothing says that X is the asker's.
_ASKED_ALONE = re.compile(r"\b(?:use|import|call|configure|run|set) (?:the )?[`@]?$", re.I)
_END = re.compile(rf"^(?:\(\))?`?(?:\s+{_MEMBER})?[\s?.!]*$", re.I)
# Words that are no part of a command, so that a flag behind them stands by itself.
_NO_COMMAND_WORDS = """
a an and are as at be but by can could did do does doing for from give had has have how i if in into is it its just let
may me mean means must my need of off on option or our out pass passing set setting should so that the their them then
there this to turn use used using was we what when where which while why will with without work would you your flag
flags
"""
_NO_COMMAND = frozenset(_NO_COMMAND_WORDS.split())


@dataclass(frozen=True, slots=True)
class Name:
    """What a question takes for a name of the docs, as it is spelled there."""

    text: str
    kind: NameKind


def product_names(question: str, share: Callable[[str], float]) -> Iterator[Name]:
    """The names that the question takes to be the product's, in order; `share` is that of the chunks with a term."""
    seen = set()
    for name in _found(question, share):
        if name.text not in seen:
            seen.add(name.text)
            yield name


def _found(question: str, share: Callable[[str], float]) -> Iterator[Name]:
    def is_product(word: str) -> bool:
        names = terms(word)[:1] if word not in STOP_WORDS else []
        return any(share(name) >= PRODUCT_SHARE for name in names)

    text = _OWN_TEXT.sub(_blank, _SPAN.sub(lambda match: _read_span(match, is_product), question))
    for match in _SPAN.finditer(question):
        yield from _command(match[2].split(), is_product, _role(*_around(question, match)))
    for match in re.finditer(r"\bthe ([a-z][\w-]*+(?: [a-z][a-z-]++){1,2}) (?:sub)?command\b", text):
        yield from _command(match[1].split(), is_product, True)
    for match in _CODE.finditer(text):
        word = match.group()
        before, after = _around(text, match)
        if word.startswith("--"):
            if _is_own_flag(before, is_product):
                yield Name(word, "flag")
        elif (
            _is_code(word, before)
            and not _is_own(word, before, after)
            and (_has_prefix(word, is_product) or _role(before, after, bool(_ENVIRONMENT.fullmatch(word))))
        ):
            yield Name(word.lstrip("@"), "identifier")


def _around(text: str, match: re.Match[str]) -> tuple[str, str]:
    return text[max(0, match.start() - 80) : match.start()], text[match.end() : match.end() + 40]


def _read_span(match: re.Match[str], is_product: Callable[[str], bool]) -> str:
    """A code span as it is read on: without what is neither one word nor a command of the product."""
    words = match[2].split()
    if len(words) == 1 or is_product(words[0]):
        return f" {match[2]} " if len(words) > 1 else match.group()
    return _blank(match)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _command(words: list[str], is_product: Callable[[str], bool], has_role: bool) -> Iterator[Name]:
    """The command that a span names, and no argument of it: one word of it, or two where its name is asked about."""
    plain = [word for word in words if _PLAIN_WORD.fullmatch(word)]
    if len(words) < 2 or not is_product(words[0]) or plain[:2] != words[:2]:
        return
    yield Name(" ".join(words[:2]), "command")
    if len(words) == 3 and plain == words and has_role:
        yield Name(" ".join(words), "command")


def _is_own_flag(before: str, is_product: Callable[[str], bool]) -> bool:
    """Whether a flag stands by itself or behind a command of the product."""
    run: list[str] = []
    for word in reversed(before.split()):
        if word.startswith("--") and not run:
            continue
        if not _PLAIN_WORD.fullmatch(word) or word in _NO_COMMAND or len(run) == 4:
            break
        run.append(word)
    return not run or any(map(is_product, run))


def _is_own(word: str, before: str, after: str) -> bool:
    """Whether the asker made the name, or an error message has it."""
    return after.startswith(":") or bool(_PLACEHOLDER_NAME.match(word) or _OWN_BEFORE.search(before))


def is_code(word: str) -> bool:
    """Whether it is spelled as no word of a sentence is: `max_size`, `ray.init`, `BaseModel`."""
    return bool("_" in word.strip("_") or re.search(r"\w\w\.[A-Za-z_]\w", word) or _HUMP.search(word))


def _is_code(word: str, before: str) -> bool:
    """The same, and with hyphens where it is marked as code or has many."""
    return is_code(word) or ("-" in word and (before.endswith("`") or word.count("-") > 1))


def _has_prefix(word: str, is_product: Callable[[str], bool]) -> bool:
    """Whether it begins with the product's name as modules and environment variables do."""
    first, dot, _ = word.lstrip("@").partition(".")
    if dot:
        return is_product(first)
    return bool(_ENVIRONMENT.fullmatch(word)) and is_product(first.partition("_")[0])


def _role(before: str, after: str, is_environment: bool = False) -> bool:
    """Whether a name stands where the docs' names stand; a variable of the environment is set by whoever needs one."""
    if any(pattern.search(before) for pattern in _ASKED) or (_HOW.search(before) and _WORKS.search(after)):
        return True
    return not is_environment and (
        any(pattern.search(before) for pattern in _USED)
        or bool(_AFTER.search(after))
        or bool(_ASKED_ALONE.search(before) and _END.search(after))
    )
