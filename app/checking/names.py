"""names: proper names in prose, and whether passages hold them. Pure functions."""

import re
from collections.abc import Iterator

from footnote.app.checking.facts import Evidence, plain
from footnote.app.checking.language import capitalises_nouns

_NAME = re.compile(r"(?<![\w`.<$@-])(?:[A-Z][a-z]+(?:[A-Z][a-z]*)*|[A-Z]{2,}s?)(?![\w`])")
_BEGINNING = re.compile(r"(?:^|[.:;!?|*\"(>-])[\W_]*$")


def absent_names(sentence: str, evidence: Evidence) -> Iterator[str]:
    """The proper names of the sentence that the evidence lacks; none where nouns have capital letters."""
    text = re.sub(r"`[^`]*`", "` `", plain(sentence))
    if capitalises_nouns(evidence.text):
        return
    for match in _NAME.finditer(text):
        name = match.group()
        begins = _BEGINNING.search(text[: match.start()])
        if (not begins or name.rstrip("s").isupper()) and not evidence.mentions(name):
            yield name
