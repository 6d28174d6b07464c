"""rules: what a follow-up leaves out, taken from the turn before. Pure functions, for questions in English.

A follow-up points back (`How do I use them?`) or goes on (`And on Windows?`, `For Docker?`). What the turn before is
about is put behind it in brackets: a search reads it there, and a reader sees what was added.
"""

import re
from collections.abc import Sequence

from footnote.app.core.text.analysis import STOP_WORDS

# Limits in words that say something: no more of a turn before are taken; what goes on, or points back, has no more
# of its own; so many before a pronoun are what it stands for. Guesses, looked at on bench/followups.
MAX_SUBJECT_WORDS = 8
MAX_OWN_WORDS = 3
MAX_POINTING_WORDS = 8
MIN_ANTECEDENT_WORDS = 2

_WORD = re.compile(r"[^\W_][\w.'’/:-]*[^\W_]|[^\W_]|--?[\w-]+|`[^`\n]+`")
_GOES_ON = re.compile(
    r"(?:and|but|so|or|then|ok(?:ay)?|also|what about|how about|what if|i mean|why not|how so|since when)\b"
    r"|(?:on|in|for|with|without|from|to|under|by|at|using|per)\b"
    r"(?!.*\b(?:how|what|which|where|when|why|is|are|do|does|can|should)\b)"
    r"|why\s*\?*$",
    re.I,
)
_POINTING = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs"
    r"|(?:this|these|those|the same|the (?:former|latter|others?))(?=\s*(?:[?.!,]|$))"
    r"|(?:create|use|make|get|add|delete|have|which|another|that|this|the (?:first|second|last|other)) ones?"
    r"|(?:of|for|with|about|like|do|does|is|after|before|from|to|in|on|use|using) that(?=\s*(?:[?.!,]|$))|^that)\b"
    r"|\b(?:in|from|to) there\b|\bthere(?=\s*[?.!]*$)",
    re.I,
)
# Words of asking, which say nothing of what is asked about.
_ASKING_WORDS = """
about also am any are ask asked can each keeps not clarify could describe details do does example examples explain
find get give got guide have how i'd i'm information know let like many may me mean mentioned might more much my need
okay ok please possible process provide recommend say should show some steps summarize tell thanks think tried trying
try take understand use used using want way what when where which who whose why will wonder work works would you your
yes no hello hi
"""
_POINTERS = "it its itself they them their theirs this that these those one ones there here such same"
_EMPTY = STOP_WORDS.union(_ASKING_WORDS.split(), _POINTERS.split())


def standalone(question: str, turns: Sequence[str]) -> str:
    """The question as it stands alone, behind the questions `turns`, the oldest first; itself if it does already."""
    before: list[str] = []
    for turn in (*turns, question):
        subject = _subject(before) if _leaves_out(turn) else []
        own = {word.casefold() for word in _WORD.findall(turn)}
        added = [word for word in subject if word.casefold() not in own]
        before.append(f"{turn.rstrip()} ({' '.join(added)})" if added else turn)
    return before[-1]


def _leaves_out(question: str) -> bool:
    own = len(content(question))
    if own <= MAX_OWN_WORDS and _GOES_ON.match(question.strip()):
        return True
    pointing = _POINTING.search(question) if own <= MAX_POINTING_WORDS else None
    return pointing is not None and len(content(question[: pointing.start()])) < MIN_ANTECEDENT_WORDS


def _subject(turns: Sequence[str]) -> list[str]:
    """What the last turn is about that says anything: each stands alone, so that nothing of those before is needed."""
    said = next(filter(None, map(content, reversed(turns))), [])
    return said[-MAX_SUBJECT_WORDS:]


def content(text: str) -> list[str]:
    """The words that say something of a subject, each once, in order."""
    said = [word for word in _WORD.findall(text) if word.casefold() not in _EMPTY]
    return list({word.casefold(): word for word in reversed(said)}.values())[::-1]
