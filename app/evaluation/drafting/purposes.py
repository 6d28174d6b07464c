"""purposes: sentences that say how something is done, as questions how to do it. Pure functions."""

import re

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
# What is done: a verb and more, up to the mark that ends it; a full stop within a name ends nothing.
_DONE = r"(?P<what>[a-z]+(?:-[a-z]+)? (?:[^,:;.!?()\[\]]|\.(?=[\w*]))+)"
# What a main clause begins with; behind other words the comma may be one of a list.
_MEANS = (
    r"(?:e\.g\.|use|run|set|pass|add|provide|specify|include|create|define|call|invoke|open|enable|disable|select|choose|"
    r"install|write|make|put|start|configure|you|first|simply|just|either)"
)
_PURPOSES = tuple(
    re.compile(pattern, re.S)
    for pattern in (
        rf"To {_DONE}(?::|, {_MEANS}\b.*)",
        rf"(?:If|When) you (?:want|need|wish|would like) to {_DONE}, .+",
        rf"You can {_DONE.replace(')+)', ')+?)')} (?:with|by|using|via|through) .+",
        rf"(?:Use|Run|Pass|Set) (?:the )?`[^`]+`(?: [a-z]+)? to {_DONE}[.:]",
        rf"(?:The )?`[^`]+`(?: [a-z]+)? (?:can|may) be used to {_DONE}[.:]",
    )
)
_MIN_WORDS, _MAX_WORDS = 3, 14
# With one of these it is about something that the sentence itself does not say, or about two things.
_POINTING_WORDS = """
this that these those it its them their same above below previous following here there such so both e.g. i.e. do
example examples and/or accomplish achieve
"""
_POINTS = frozenset(_POINTING_WORDS.split())
_ADVERBS = frozenset(("also", "then", "just", "either", "first"))
_GOES_ON = frozenset(("or", "and", "instead", "to", "of", "with", "in", "the", "a", "an", "for", "on", "as", "by"))
_OF_READERS = {"your": "my", "yours": "mine", "you": "I", "yourself": "myself"}


def question_of_purpose(passage: str) -> str | None:
    """`To list plugins, run ...` as `How do I list plugins?`; None where its first line says no such thing."""
    said = " ".join(_LINK.sub(r"\1", passage.partition("\n\n")[0].partition("\n```")[0]).split())
    for pattern in _PURPOSES:
        found = pattern.match(said)
        if found:
            words = found["what"].replace("**", "").split()
            words = words[1:] if words[0] in _ADVERBS or words[0].endswith("ly") else words
            bare = {word.strip("`_*'\"").lower() for word in words}
            is_whole = words[-1:] != [] and words[-1] not in _GOES_ON and said.count("`") % 2 == 0
            if is_whole and _MIN_WORDS <= len(words) <= _MAX_WORDS and bare.isdisjoint(_POINTS):
                return f"How do I {asked_by_reader(' '.join(words))}?"
    return None


def asked_by_reader(text: str) -> str:
    """What is said to readers, as they ask it: `build your package` is `build my package`."""
    return " ".join(_OF_READERS.get(word, word) for word in text.split(" "))
