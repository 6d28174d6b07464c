"""Answers, hits and status for a terminal. Text of the docs is printed as text: never markup or escapes."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from footnote.app.cli.lines import ends_in_code, on_one_line, text_lines, whole
from footnote.app.cli.prose import answer_lines
from footnote.app.core.console import counted, dollars, plain
from footnote.app.core.errors import as_sentence
from footnote.app.core.types import Answer, Chunk, Citation, Hit, OtherPlace, Section, StageScore, TokenUse
from footnote.app.retrieval.excerpt import excerpt
from footnote.app.retrieval.retrieve import Retrieval
from footnote.app.schemas.saved import SavedAnswersOut
from footnote.app.schemas.verification import CheckedCitationOut, VerificationOut

_PREVIEW_CHARS = 200
_QUOTED = "Quoted from the docs, word for word"


def render_answer(answer: Answer) -> RenderableType:
    """The answer, then its citations with file, lines, quote and hash."""
    parts = answer_lines(answer.text, style="bold" if answer.refused else "")
    if answer.refused:
        parts.append(Text(plain(f"Reason: {answer.refusal_reason}."), style="dim"))
        searched = answer.searched
        files = f"{searched.files} of {counted(searched.total_files, 'file')}" if searched.files else "no file"
        parts.append(Text(f"Searched {files}, {counted(searched.passages, 'passage')} read.", style="dim"))
        if answer.nearest:
            parts.append(Text("\nNearest sections:", style="dim"))
            parts += [_section(section) for section in answer.nearest]
    elif answer.mode == "extractive":
        parts.append(Text(f"\n{_QUOTED}{'.' if answer.notice else '; no language model was asked.'}", style="dim"))
    if answer.notice:
        parts.append(Text(f"\n{plain(answer.notice)}", "yellow"))
    if answer.citations:
        parts.append(Text("\nSources", style="bold"))
        extractive = answer.mode == "extractive"
        parts += [_citation(citation, with_quote=not extractive) for citation in answer.citations]
    stated = [sentence for sentence in answer.sentences if sentence.verdict != "not checkable"]
    uncited = sum(not sentence.citations for sentence in stated)
    if uncited:
        verb, them = ("names", "it") if uncited == 1 else ("name", "them")
        said = f"{uncited} of {counted(len(stated), 'sentence')} {verb} no source: nothing vouches for {them}."
        parts.append(Text(said, style="yellow"))
    unverified = sum(sentence.verdict == "unverified" for sentence in answer.sentences)
    if unverified:
        verb = "is" if unverified == 1 else "are"
        said = f"{unverified} of {counted(len(stated), 'sentence')} {verb} not proven by the docs: [?]."
        parts.append(Text(said, style="yellow"))
    if any(sentence.verdict == "unsupported" for sentence in answer.sentences):
        parts.append(Text("[unsupported] marks a sentence that the docs contradict or do not know.", style="yellow"))
    if answer.dropped:
        parts.append(Text(f"Left out, as the docs do not support it ({len(answer.dropped)}):", style="yellow"))
        parts += [Text(f"  {plain(one.text)} ({plain(one.reason)})", style="dim") for one in answer.dropped]
    if answer.check_failed:
        parts.append(
            Text(plain(f"{as_sentence(answer.check_failed)} What has none was checked by rules alone."), "yellow")
        )
    parts += searched_beside(answer.searched.queries, answer.rewrite_failed)
    if answer.truncated and not answer.notice:
        parts.append(Text("The answer was cut off: raise FOOTNOTE_LLM_MAX_TOKENS.", style="yellow"))
    if answer.unknown_markers:
        verb = "was" if answer.unknown_markers == 1 else "were"
        said = f"{counted(answer.unknown_markers, 'citation marker')} named no source and {verb} removed."
        parts.append(Text(said, style="yellow"))
    wrote = f"{answer.model} (arm {answer.arm})" if answer.arm else answer.model
    spent = f"{answer.timings.total:.0f} ms"
    of_each = ", ".join(f"{one.name} generation {one.generation}" for one in answer.collections)
    asked = of_each or f"generation {answer.generation}"
    parts.append(Text(f"\n{wrote}, {asked}, {spent}{_took(answer.tokens)}", style="dim"))
    return Group(*parts)


def _took(tokens: TokenUse | None) -> str:
    if tokens is None:
        return ""
    reasoning = f" ({tokens.reasoning} of them reasoning)" if tokens.reasoning else ""
    cost = "" if tokens.cost_usd is None else f", {dollars(tokens.cost_usd)}"
    return f", {tokens.prompt} + {tokens.completion} tokens{reasoning}{cost}"


def _section(section: Section) -> RenderableType:
    line = whole(_place(section, section.collection), "dim", indent=2)
    return Group(line, _url(section.url)) if section.url else line


def _url(url: str) -> Text:
    return whole(url, Style(link=url), indent=4)


def _citation(citation: Citation, with_quote: bool) -> RenderableType:
    where = f"[{citation.number}] {_page(citation)}:{citation.start_line}-{citation.end_line}"
    headings = " > ".join(citation.heading_path)
    lines: list[RenderableType] = [whole(f"{where}  {headings}", "cyan")]
    if citation.source:
        lines.append(whole(", ".join(filter(None, (citation.source, citation.source_place))), indent=4))
    if citation.url:
        lines.append(_url(citation.url))
    lines.append(whole(f"sha256 {citation.sha256}", "dim", indent=4))
    if citation.table_header:
        lines.append(whole(citation.table_header, "dim", indent=4))
    if citation.included_by:
        more = f" and {len(citation.included_by) - 1} more" if len(citation.included_by) > 1 else ""
        lines.append(whole(f"shown on {citation.included_by[0]}{more}", "dim", indent=4))
    for place in citation.also_at:
        lines.append(whole(f"also {_page(place)}:{place.start_line}-{place.end_line}", "dim", indent=4))
    if with_quote:
        # In an extractive answer the quote is the answer and already on the screen.
        lines += [*text_lines(citation.quote, "italic", 4, citation.fence is not None), Text()]
    return Group(*lines)


_VERDICT_STYLE = {"valid": "green", "moved": "yellow", "changed": "red", "gone": "red", "invalid": "bold red"}
_DIFF_STYLE = {"+": "green", "-": "red", "@": "cyan"}


def render_verification(result: VerificationOut) -> RenderableType:
    """A line for each citation, what changed below it, and how many there are of each verdict."""
    parts = [_checked(checked) for checked in result.citations]
    counts = ", ".join(f"{count} {verdict}" for verdict, count in result.counts.items() if count)
    parts.append(Text(plain(f"{counts or 'no citations'}; docs: {result.docs_dir}"), style="dim"))
    return Group(*parts)


def render_saved_answers(result: SavedAnswersOut) -> RenderableType:
    """The saved answers that do not hold, each with its citations, and how many there are."""
    parts: list[RenderableType] = []
    for one in result.answers:
        parts.append(whole(f"/a/{one.id}  {one.question}  (saved {one.saved_at[:10]})", style="bold"))
        parts += [_checked(checked) for checked in one.verification.citations if checked.verdict != "valid"]
    holding = result.saved - result.not_holding
    said = f"{counted(result.saved, 'saved answer')}: {holding} hold, {result.not_holding} do not"
    parts.append(Text(plain(f"{said}; docs: {result.docs_dir}"), style="dim"))
    return Group(*parts)


def _checked(checked: CheckedCitationOut) -> RenderableType:
    number = "" if checked.number is None else f"[{checked.number}] "
    where = f"{number}{on_one_line(checked.path)}:{checked.start_line}-{checked.end_line}"
    now = checked.now
    if now and checked.verdict != "valid":
        where += f" -> {on_one_line(now.path)}:{now.start_line}-{now.end_line}"
    line = whole(f"{checked.verdict:<8}{where}")
    line.stylize(_VERDICT_STYLE[checked.verdict], 0, len(checked.verdict))
    details = [Text(f"        {checked.reason}", style="dim")] if checked.reason else []
    diff = [whole(row, _DIFF_STYLE.get(row[:1], ""), indent=8) for row in (checked.diff or "").split("\n")[2:]]
    return Group(line, *details, *diff)


def render_search(found: Retrieval, explain: bool, rarities: Mapping[str, float]) -> RenderableType:
    """The hits, and what was searched beside the question; see `render_hits`."""
    hits = render_hits(found.hits, explain, rarities)
    return Group(hits, *searched_beside(found.rewritten.texts, found.rewritten.failed))


def searched_beside(queries: Sequence[str], failed: str | None) -> list[RenderableType]:
    """What a language model wrote to be searched beside the question, or that it failed to."""
    lines: list[RenderableType] = [Text(plain(f"Searched as well: {query}"), style="dim") for query in queries]
    if failed:
        lines.append(Text(plain(f"{as_sentence(failed)} The question was searched alone."), style="yellow"))
    return lines


def render_hits(hits: Sequence[Hit], explain: bool, rarities: Mapping[str, float]) -> RenderableType:
    """The hits as a list, or with `explain` as a table of every stage's rank and score.

    `rarities` are those of the question's terms: of each passage the part that holds most of them is shown.
    """
    if not hits:
        return Text("Nothing found.")
    if not explain:
        return Group(*(_hit(number, hit, rarities) for number, hit in enumerate(hits, 1)))
    table = Table(box=None, pad_edge=False, caption="rank and score by stage; - where a search did not return it")
    table.add_column("#", justify="right")
    table.add_column("passage", overflow="fold")
    for stage in ("BM25", "cosine", "fused", "logit"):
        table.add_column(stage, justify="right", no_wrap=True)
    for number, hit in enumerate(hits, 1):
        stages = ((hit.lexical, 1), (hit.vector, 2), (hit.fused, 4), (hit.reranked, 1))
        table.add_row(
            str(number), Text(_place(hit.chunk, hit.collection)), *(_score(score, digits) for score, digits in stages)
        )
    return table


def _hit(number: int, hit: Hit, rarities: Mapping[str, float]) -> RenderableType:
    return Group(whole(f"{number}. {_place(hit.chunk, hit.collection)}", "cyan"), *_preview(hit.chunk.text, rarities))


def _preview(text: str, rarities: Mapping[str, float]) -> list[RenderableType]:
    """The lines that are closest to the question; an ellipsis where one is cut, which is never one of code."""
    closest = excerpt(text, rarities, _PREVIEW_CHARS).strip("\r\n")
    start = text.index(closest)
    end = start + len(closest)
    in_code = ends_in_code(text[:start])
    if in_code:
        start = text.rfind("\n", 0, start) + 1
    if ends_in_code(text[:end]):
        end = max(text.find("\n", end), end) if "\n" in text[end:] else len(text)
    before = "… " if text[:start].rpartition("\n")[2].strip() else ""
    after = " …" if text[end:].partition("\n")[0].strip() else ""
    lines = [line for line in text[start:end].split("\n") if line.strip()]
    return text_lines(before + "\n".join(lines) + after, indent=3, in_code=in_code)


def _page(part: Citation | OtherPlace) -> str:
    path = on_one_line(part.path)
    return f"{part.collection}: {path}" if part.collection else path


def _place(part: Chunk | Section, collection: str | None) -> str:
    of = f"{collection}: " if collection else ""
    return plain(
        f"{of}{on_one_line(part.path)}:{part.start_line}-{part.end_line}  {' > '.join(part.heading_path)}".rstrip()
    )


def _score(score: StageScore | None, digits: int) -> str:
    return f"{score.rank:>2} {score.score:.{digits}f}" if score else "-"
