"""page: a saved answer for a browser: what was answered, and what became of each citation."""

from collections.abc import Mapping, Sequence
from typing import Any

from footnote.app.core.console import counted
from footnote.app.core.errors import FootnoteError
from footnote.app.core.html import Html, element, escaped
from footnote.app.reading.addresses import view_address
from footnote.app.reading.library import Library
from footnote.app.reading.lines import Cited
from footnote.app.reading.markup import render
from footnote.app.reading.shell import document
from footnote.app.schemas.saved import SharedAnswerOut
from footnote.app.schemas.verification import CheckedCitationOut

_SAID = {
    "valid": "valid: the docs say it, at the same place",
    "moved": "moved: the docs say it, elsewhere",
    "changed": "changed: the docs say it otherwise now",
    "gone": "gone: the docs do not say it any more",
    "invalid": "invalid: this citation was altered",
}
_DIFF_CLASSES = {"+": "added", "-": "removed"}


def shared_page(shared: SharedAnswerOut, library: Library, root: str = "") -> str:
    """The page; links lead to views where `library` has them, `root` is the path of the service."""
    answer = shared.answer
    question, notice = str(answer.get("question", "")), answer.get("notice")
    checked = shared.verification.citations if shared.verification else ()
    header = element(
        "header",
        element(
            "p",
            f"Answered by generation {answer.get('generation')} of the docs, saved {shared.saved_at[:10]}, "
            f"kept until {shared.kept_until[:10]}",
            class_="place",
        ),
        element("h1", question),
        _verdict(shared),
        *([element("p", str(notice), class_="note", role="note", dir="auto")] if notice else []),
    )
    text = render(str(answer.get("answer", "")), 1, None, _foreign_only, False, "github").html
    cited = answer.get("citations", [])
    items = [_citation(one, checked[place] if checked else None, library, root) for place, one in enumerate(cited)]
    main = element(
        "main",
        element("article", text, aria_label="Answer", dir="auto"),
        element("section", element("h2", "Sources"), element("ol", *items, class_="sources"), aria_label="Sources"),
        class_="shared",
    )
    return document(f"{question} - saved answer", [header, main], root)


def unknown_page(why: str, root: str = "") -> str:
    """What to show where no answer is saved."""
    return document(
        "No such answer", [element("main", element("h1", "No such answer"), element("p", why), class_="problem")], root
    )


def _verdict(shared: SharedAnswerOut) -> Html:
    """Whether it still holds, in one sentence."""
    if shared.verification is None:
        return element("p", f"It cannot be checked now: {shared.problem}.", class_="note", role="note")
    cited, valid = len(shared.verification.citations), shared.verification.counts["valid"]
    if shared.holds:
        return element("p", "All that it cites stands in the docs of today, word for word.", class_="note", role="note")
    counts = shared.verification.counts.items()
    others = ", ".join(f"{count} {verdict}" for verdict, count in counts if count and verdict != "valid")
    said = f"Of {counted(cited, 'citation')}, {valid} in the docs of today as cited; {others}."
    return element("p", said, class_="note bad", role="note")


def _citation(cited: Mapping[str, Any], checked: CheckedCitationOut | None, library: Library, root: str) -> Html:
    """One source: where, its quote, and what became of it."""
    path, lines = str(cited["path"]), Cited(int(cited["start_line"]), int(cited["end_line"]))
    generation = int(cited["generation"])
    place = f"{path}:{lines}"
    href = root + view_address(path, generation, lines, collection=library.collection)
    quote, start, end = str(cited["quote"]), int(cited["start"]), int(cited["end"])
    shown = element("a", place, href=href) if _stands(library, path, generation, start, end, quote) else place
    above = " › ".join(map(str, cited.get("heading_path", ())))
    source = ", ".join(str(cited[name]) for name in ("source", "source_place") if cited.get(name))
    said = [f", {above}"] * bool(above) + [f", imported from {source}"] * bool(source)
    pieces = [
        element("p", element("strong", f"[{cited['number']}]"), " ", shown, *said),
        element("blockquote", element("code", quote, dir="auto")),
    ]
    if checked:
        pieces += _fate(checked, quote, library, root)
    return element("li", *pieces, id=f"c{int(cited['number'])}")


def _fate(checked: CheckedCitationOut, quote: str, library: Library, root: str) -> list[Html]:
    pieces: list[str] = [element("strong", _SAID[checked.verdict])]
    now = checked.now
    if now:
        lines = Cited(now.start_line, now.end_line)
        place = f"now {now.path}:{lines}"
        href = root + view_address(now.path, None, lines, collection=library.collection)
        stands = _stands(library, now.path, None, now.start, now.end, quote)
        pieces += [", ", element("a", place, href=href) if stands else place]
    if checked.reason:
        pieces.append(f" ({checked.reason})")
    found = [element("p", *pieces, class_=f"fate {checked.verdict}")]
    if checked.diff:
        found.append(element("pre", element("code", *_diff(checked.diff.split("\n"))), class_="code", tabindex=0))
    return found


def _stands(library: Library, path: str, generation: int | None, start: int, end: int, quote: str) -> bool:
    """Whether a generation has the quote there: the docs may have been edited since, or the index deleted."""
    try:
        raw = library.read(*library.find(path, generation))
    except FootnoteError:
        return False
    return raw[start:end] == quote.encode()


def _diff(lines: Sequence[str]) -> list[Html]:
    """The lines of a unified diff below its heads."""
    shown = []
    for line in lines[3:]:
        kind = _DIFF_CLASSES.get(line[:1])
        shown.append(element("span", line, class_=kind) if kind else Html(escaped(line)))
        shown.append(Html("\n"))
    return shown


def _foreign_only(target: str) -> str | None:
    """Of an answer's links those with a host: it stands on no page from which others could be found."""
    return target if target.lower().startswith(("https://", "http://", "mailto:")) else None
