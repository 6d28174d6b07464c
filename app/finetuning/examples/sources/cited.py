"""cited: a text without markers -> the same with a marker in each sentence, where the passages support all of it."""

import re

from footnote.app.answering.citations import edit_sentences, located_sentences
from footnote.app.answering.markers import markers
from footnote.app.checking.checker import Checker
from footnote.app.checking.verdicts import SoFar
from footnote.app.core.types import Hit

_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")
_LABEL = re.compile(r"\*\*[^*\n]+\*\*")
_BLOCK = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|[#>|]|`{3}|~{3})")
# What a paragraph cannot follow on the same line.
_ENDS_BLOCK = re.compile(r"[ \t]*(?:[#>|]|`{3}|~{3})|.*(?:\\|  )$")

NOT_SUPPORTED = "an answer with a sentence that its passages do not support"


def with_citations(text: str, question: str, hits: tuple[Hit, ...], checker: Checker) -> str | None:
    """The text, each sentence with the numbers of the hits that support it, from 1; None where one has none.

    What states nothing by itself, such as a "No" or what introduces a list, cites what the sentence below it does.
    """
    located = located_sentences(text)
    so_far = SoFar(question, hits, checker, generation=1)
    judged = [so_far.judged(one.sentence) for one in located]
    if any(one.verdict in ("unsupported", "unverified") for one in judged):
        return None
    numbers = [one.citations if one.verdict == "supported" else () for one in judged]
    if not any(numbers):
        return None
    for place in range(len(numbers) - 2, -1, -1):
        numbers[place] = numbers[place] or numbers[place + 1]
    for place in range(1, len(numbers)):
        numbers[place] = numbers[place] or numbers[place - 1]
    return edit_sentences(text, {place: "".join(f"[{one}]" for one in cited) for place, cited in enumerate(numbers)})


def in_paragraphs(text: str) -> str:
    """The markdown with each paragraph and list item on one line, as its line breaks end no sentence.

    Lines in bold that stand alone, such as the title of a file or a note, are left out: they state nothing.
    """
    lines: list[str] = []
    mark = ""
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if mark or fence:
            lines.append(line)
            if fence and (not mark or (fence[1].startswith(mark) and not line.strip(" \t>`~"))):
                mark = "" if mark else fence[1]
            continue
        if _LABEL.fullmatch(line.strip()):
            continue
        above = lines[-1] if lines else ""
        line = _SPACES.sub(" ", line)
        goes_on = above.strip() and line.strip() and not _BLOCK.match(line) and not _ENDS_BLOCK.match(above)
        if goes_on:
            lines[-1] = f"{above.rstrip()} {line.strip()}"
        else:
            lines.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_markers(text: str) -> str:
    """The text without its markers, and without the space before each."""
    for marker in reversed(markers(text)):
        text = text[: marker.start].rstrip(" ") + text[marker.end :]
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def renumbered(text: str, numbers: dict[int, int]) -> str:
    """The text with other numbers in its markers; each marker must have one."""
    for marker in reversed(markers(text)):
        text = f"{text[: marker.start]}[{numbers[marker.number]}]{text[marker.end :]}"
    return text
