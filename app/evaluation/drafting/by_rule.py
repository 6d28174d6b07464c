"""Questions drafted without a language model: from what headings and sentences say is to be done, and from definitions.

Few and plain rather than many: where the rules cannot tell a verb from a noun, they draft nothing.
"""

import re
from collections.abc import Iterator

from footnote.app.core.text.passages import passages
from footnote.app.core.types import Chunk
from footnote.app.evaluation.drafting.draft import Draft
from footnote.app.evaluation.drafting.purposes import asked_by_reader, question_of_purpose

_MIN_QUOTE_CHARS, _MAX_QUOTE_CHARS = 20, 400
_MAX_TERM_WORDS = 4


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs that no heading uses as a noun.
_VERBS = _words("""
    add allow apply assign attach avoid choose configure connect create customize customise declare define delete deploy
    detect disable discover edit enable enforce ensure exclude expose extend fetch find generate handle identify
    ignore inspect install integrate invoke limit locate make manage migrate modify obtain open override prepare prevent
    provide publish read reduce register remove rename replace reset resolve restore restart resume retrieve revoke
    rotate secure select send serve specify submit uninstall use verify view write
""")
# These may be nouns ("test coverage"), but not before a word that only a verb has after it.
_VERBS_OR_NOUNS = _words("""
    back build cache change check copy debug download export filter import list load lock log monitor move pause pin
    query release report run schedule search set share start stop store sync test update upgrade watch
""")
# Of those, the ones whose -ing form is no noun before another noun, unlike "building blocks".
_PLAIN_GERUNDS = _words("change check copy download export import move pause pin run set start stop update upgrade")
_AFTER_VERBS = _words("a an the your our one all any each every multiple several up down in out into from to")
_NO_TERMS = _words("""
    it its their our your my this these those that there here which what who if when where while each every all any
    some such both another other one they we you he she note example default following first second last next same
    only above below
""")
_DOUBLED = re.compile(r"(?:[^aeiou][aeiou][bdgmnpt]|lo[gt])$")
_DEFINITION = re.compile(
    r"(?P<article>(?:An?|The)\s+)?(?P<term>[`*_]{0,2}[^\W_][\w.+/\s-]*?[`*_]{0,2})\s+(?P<verb>is|are)\s+"
    r"(?P<what>(?:an?|the|one of)\s+\S.*)",
    re.S,
)
_PROSE = re.compile(r"[\w`*_\"'(]")


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if _DOUBLED.search(verb) and verb not in ("open", "edit", "limit", "debug") else "") + "ing"


_GERUNDS = {_gerund(verb): verb for verb in _VERBS | _VERBS_OR_NOUNS}


def drafts_of(chunk: Chunk, opens_section: bool) -> Iterator[Draft]:
    """The questions that a chunk gives; its heading is asked about where the chunk opens its section."""
    quotes = [passage.text for passage in passages(chunk)]
    prose = [quote for quote in quotes if _PROSE.match(quote) and len(quote) <= _MAX_QUOTE_CHARS]
    if opens_section and chunk.heading_path:
        question = question_of_heading(chunk.heading_path[-1])
        first = next((quote for quote in prose if len(quote) >= _MIN_QUOTE_CHARS), None)
        if question and first:
            yield Draft.of(question, chunk, first, "heading")
    for sentence in prose:
        question = question_of_definition(sentence, chunk.text)
        if question:
            yield Draft.of(question, chunk, sentence, "definition")
    for quote in quotes:
        question = question_of_purpose(quote)
        if question and len(quote) >= _MIN_QUOTE_CHARS:
            yield Draft.of(question, chunk, quote, "purpose")


def question_of_heading(heading: str) -> str | None:
    """`Installing plugins` and `Install plugins` as `How do I install plugins?`; None where it is no verb phrase."""
    heading = heading.strip().rstrip(".:")
    if heading.endswith("?"):
        return heading
    words = heading.split()
    if len(words) < 2:
        return None
    if [word.lower() for word in words[:2]] == ["how", "to"]:
        return f"How do I {asked_by_reader(' '.join(words[2:]))}?" if len(words) > 2 else None
    first, after = words[0].lower(), words[1].lower()
    if first in _GERUNDS and (after == "of" or any(word.lower() in _GERUNDS for word in words[1:])):
        return None  # "handling of errors", "installing and running it"
    verb = _GERUNDS.get(first, first)
    surely = verb in _VERBS or (first in _GERUNDS and verb in _PLAIN_GERUNDS)
    if surely or (verb in _VERBS_OR_NOUNS and after in _AFTER_VERBS):
        return f"How do I {asked_by_reader(' '.join([verb, *words[1:]]))}?"
    return None


def question_of_definition(sentence: str, around: str = "") -> str | None:
    """`A generation is one index.` as `What is a generation?`; None where the sentence is no definition.

    Its first word is spelled small where the text around the sentence does so.
    """
    found = _DEFINITION.fullmatch(sentence.strip())
    if not found:
        return None
    term = " ".join(found["term"].strip("`*_").split())
    words = term.lower().split()
    if not words or len(words) > _MAX_TERM_WORDS or not _NO_TERMS.isdisjoint(words):
        return None
    if len(words) > 1 and words[0].endswith("ing"):
        return None  # "working on projects is a core part of ..."
    article = (found["article"] or "").strip().lower()
    if re.search(rf"(?<![\w`]){re.escape(term[0].lower() + term[1:])}\b", around):
        term = term[0].lower() + term[1:]
    return f"What {found['verb']} {f'{article} ' if article else ''}{term}?"
