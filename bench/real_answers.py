"""How much of what language models write the check of an answer cuts, and how many of their falsehoods it catches.

    python bench/real_answers.py DEV_SET [CORPUS ...] [--show lost|missed|doubted] [--policy drop]
    python bench/real_answers.py DEV_SET [CORPUS ...] --check model|both --llm NAME [--answers N]

`answers/CORPUS.jsonl` holds answers to Footnote's own prompts with each sentence, item, row and code block labelled by
a second reader, and natural falsehoods in place of some of them; see answers/README.md. The docs that they cite are
those of DEV_SET, by hash. An answer goes through markers, links and check as in the service; one falsehood
at a time replaces what it was made from.

A true unit is *lost* when the reader does not get it: cut, or its answer refused. It is *doubted* when it stays with
another verdict than supported or "not checkable". A falsehood is *caught* when it is cut or doubted, a wrong citation
also when the reader gets the right one instead.

With `--check` a language model gives its second opinion on every answer and every falsehood: one request each, up to
609 in all. NAME is written as FOOTNOTE_CHECK_LLM, and the environment has its key and other settings.
"""

import argparse
import hashlib
import json
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.language_models.fake_chat_models import FakeListChatModel
from tables import table

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.answering.language_model import LLMAnswerer
from footnote.app.checking.checker import Checker
from footnote.app.checking.second_opinion import Seconded, SecondOpinion, make_second_opinion
from footnote.app.checking.verdicts import Policy, checked
from footnote.app.core.find import find_files
from footnote.app.core.pages.flavour import flavour_of
from footnote.app.core.settings import load_settings
from footnote.app.core.text.analysis import terms
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.timing import timed
from footnote.app.core.types import Chunk, Hit, Sentence, StageScore, TokenUse, Verdict
from footnote.ingest.read import read_document
from footnote.ingest.split import split_document

AS_RECORDED = load_settings(None, llm="as:recorded").llm
ANSWERS = Path(__file__).parent / "answers"
_NUMBER = re.compile(r"\d+")
_MARKER = re.compile(r"\[\d+(?:\s*[,;–-]\s*\d+)*\]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one unit: the verdicts of its sentences, whether any was cut, which passages are cited."""

    unit: dict[str, Any]
    verdicts: frozenset[Verdict | None]
    reasons: tuple[str, ...]
    is_cut: bool
    cited: frozenset[int] = frozenset()

    @property
    def is_doubted(self) -> bool:
        return not self.is_cut and bool(self.verdicts & {"unsupported", "unverified"})


@dataclass
class Once:
    """A second opinion that is asked once about the same sentences, and what it cost."""

    opinion: SecondOpinion
    tokens: TokenUse = TokenUse(0, 0)
    ms: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    _known: dict[tuple[object, ...], Seconded] = field(default_factory=dict)

    def on(self, sentences: Sequence[Sentence], question: str, hits: Sequence[Hit]) -> Seconded:
        key = (question, *sentences, *(hit.chunk.id for hit in hits))
        if key not in self._known:
            self._known[key], ms = timed(lambda: self.opinion.on(sentences, question, hits))
            self.ms.append(ms)
            self.tokens += self._known[key].tokens or TokenUse(0, 0)
            self.failed[_NUMBER.sub("N", self._known[key].failed or "")] += 1
        return self._known[key]

    def report(self) -> Iterator[str]:
        median = statistics.median(self.ms) if self.ms else 0
        yield (
            f"second opinion: {len(self.ms)} answers, {self.tokens.prompt:,} + {self.tokens.completion:,} tokens, "
            f"median {median:,.0f} ms"
        )
        yield from (f"{count} x {reason}" for reason, count in self.failed.most_common() if reason)


class Corpus:
    """The docs that answers cite, with how often their terms occur."""

    def __init__(self, dev_set: Path, name: str) -> None:
        folders = (dev_set / name / "docs", dev_set / f"{name}-docs", dev_set / name)
        self.folder = next(folder for folder in folders if folder.is_dir())
        files, _ = find_files(self.folder, load_settings(None).ingest.include, (), 10**7)
        site = flavour_of(self.folder)
        chunks = [
            chunk
            for file in files
            if (document := read_document(file)[0])
            for chunk in split_document(document, site=site)
        ]
        frequency = Counter(term for chunk in chunks for term in set(terms(chunk.index_text)))
        self.terms = TermCounts(len(chunks), lambda term: frequency[term])

    def hits(self, passages: Sequence[dict[str, Any]]) -> list[Hit]:
        return [Hit(self._chunk(one), None, None, StageScore(at, 1 / at)) for at, one in enumerate(passages, 1)]

    def _chunk(self, one: dict[str, Any]) -> Chunk:
        raw = (self.folder / one["path"]).read_bytes().removeprefix(b"\xef\xbb\xbf")
        text = raw[one["start"] : one["end"]]
        if hashlib.sha256(text).hexdigest() != one["sha256"]:
            raise SystemExit(f"{one['path']} is not the page that the answers were written from")
        line = raw[: one["start"]].count(b"\n") + 1
        return Chunk(
            id=one["sha256"][:32],
            path=one["path"],
            title=(one["heading_path"] or [Path(one["path"]).stem])[0],
            heading_path=tuple(one["heading_path"]),
            start_line=line,
            end_line=line + text.count(b"\n"),
            start=one["start"],
            end=one["end"],
            text=text.decode(),
            sha256=one["sha256"],
            metadata={},
        )


def outcomes(
    answer: str,
    units: Sequence[dict[str, Any]],
    question: str,
    hits: list[Hit],
    checker: Checker,
    policy: Policy,
    opinion: Once | None = None,
) -> list[Outcome]:
    """What the check makes of each unit of an answer."""
    model = LLMAnswerer(FakeListChatModel(responses=[answer]), AS_RECORDED, compact_prompt=False)
    draft = model.answer(question, hits, 1)
    if draft.refused:  # the reader gets the refusal alone
        kept = _squeezed(REFUSAL_TEXT)
        return [Outcome(unit, frozenset({"not checkable"}), (), _squeezed(unit["text"]) not in kept) for unit in units]
    marked = checked(draft, question, hits, checker, Policy("mark"), 1, opinion)
    result = checked(draft, question, hits, checker, policy, 1, opinion)
    dropped = {sentence.text for sentence in result.dropped}
    sources = {
        citation.number: number
        for citation in marked.citations
        for number, hit in enumerate(hits, 1)
        if hit.chunk.path == citation.path and hit.chunk.start <= citation.start and citation.end <= hit.chunk.end
    }
    places = _places(_squeezed(draft.text), [_squeezed(sentence.text) for sentence in marked.sentences])
    found = []
    unit_places = _places(_squeezed(answer), [_squeezed(unit["text"]) for unit in units])
    for unit, (start, end) in zip(units, unit_places, strict=True):
        inside = [
            sentence
            for sentence, (first, last) in zip(marked.sentences, places, strict=True)
            if min(end, last) - max(start, first) > min(end - start, last - first) / 2
        ]
        is_cut = result.refused or any(sentence.text in dropped for sentence in inside)
        verdicts = frozenset(sentence.verdict for sentence in inside)
        cited = frozenset(sources[number] for sentence in inside for number in sentence.citations)
        found.append(Outcome(unit, verdicts, tuple(one.reason for one in inside if one.reason), is_cut, cited))
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", _MARKER.sub("", text)).lower()


def _places(text: str, parts: Sequence[str]) -> list[tuple[int, int]]:
    """Where each of the parts stands, in order."""
    places, at = [], 0
    for part in parts:
        start = text.find(part, at)
        start = start if start >= 0 else at
        places.append((start, start + len(part)))
        at = start + (len(part) if text.startswith(part, start) else 0)
    return places


def interval(hits: int, of: int) -> str:
    """A share with its 95% interval of Wilson."""
    if not of:
        return "-"
    share, z = hits / of, 1.96
    middle, half = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = ((middle + sign * half) / (1 + z * z / of) for sign in (-1, 1))
    return f"{hits}/{of} {share:.3f} ({max(0, low):.3f}-{high:.3f})"


@dataclass
class Found:
    """The outcomes of one corpus; of a falsehood also whether the reader gets the right citation instead."""

    units: list[Outcome]
    falsehoods: list[tuple[dict[str, Any], Outcome, bool]]
    refused: int = 0


def measure(
    corpus: Corpus, rows: Sequence[dict[str, Any]], checker: Checker, policy: Policy, opinion: Once | None = None
) -> Found:
    found = Found([], [])
    for row in rows:
        hits = corpus.hits(row["passages"])
        of_answer = outcomes(row["answer"], row["units"], row["question"], hits, checker, policy, opinion)
        found.units += of_answer
        found.refused += bool(of_answer) and all(one.is_cut for one in of_answer)
        for falsehood in row["falsehoods"]:
            wrong = row["answer"].replace(falsehood["original"], falsehood["false"])
            unit = {"text": falsehood["false"]}
            [outcome] = outcomes(wrong, [unit], row["question"], hits, checker, policy, opinion)
            said = _squeezed(falsehood["original"])
            right = {number for unit in row["units"] if _squeezed(unit["text"]) == said for number in unit["passages"]}
            is_mended = falsehood["type"] == "citation" and bool(outcome.cited) and outcome.cited <= right
            found.falsehoods.append((falsehood, outcome, is_mended))
    return found


def is_caught(outcome: Outcome, is_mended: bool) -> bool:
    return outcome.is_cut or outcome.is_doubted or is_mended


def report(name: str, found: Found) -> list[str]:
    def of(label: str) -> list[Outcome]:
        return [one for one in found.units if one.unit["label"] == label]

    true, outside = of("true"), of("outside")
    caught = [one for _, one, is_mended in found.falsehoods if is_caught(one, is_mended)]
    return [
        name,
        interval(sum(one.is_cut for one in true), len(true)),
        interval(sum(one.is_doubted for one in true), len(true)),
        interval(sum(one.is_cut or one.is_doubted for one in outside), len(outside)),
        interval(sum(one.is_cut for one in caught), len(found.falsehoods)),
        interval(len(caught), len(found.falsehoods)),
        str(found.refused),
    ]


def show(found: Found, what: str) -> Iterator[str]:
    for one in found.units:
        if one.unit["label"] == "true" and (one.is_cut if what == "lost" else what == "doubted" and one.is_doubted):
            yield f"{one.unit['kind']:9s} {one.unit['text'][:200]!r}\n          {'; '.join(one.reasons)}"
    for falsehood, one, is_mended in found.falsehoods:
        if what == "missed" and not is_caught(one, is_mended):
            yield f"{falsehood['type']:9s} {falsehood['false'][:200]!r}\n          {falsehood['why']}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dev_set", type=Path)
    parser.add_argument("corpora", nargs="*", default=sorted(file.stem for file in ANSWERS.glob("*.jsonl")))
    parser.add_argument("--show", choices=["lost", "missed", "doubted"])
    parser.add_argument("--policy", choices=["drop", "mark", "refuse"], default="drop")
    parser.add_argument("--check", choices=["rules", "model", "both"], default="rules")
    parser.add_argument("--llm", help="the language model of --check, as openai:gpt-4o")
    parser.add_argument("--answers", type=int, help="of each corpus the first so many alone")
    options = parser.parse_args()
    settings = load_settings(None, check=options.check, check_llm=options.llm)
    made = make_second_opinion(settings.second_opinion, settings.llm)
    opinion = Once(made) if made else None
    lines, everything = [], Found([], [])
    for name in options.corpora:
        corpus = Corpus(options.dev_set, name)
        rows = [json.loads(line) for line in (ANSWERS / f"{name}.jsonl").read_text("utf-8").splitlines()]
        checker = Checker(None, corpus.terms)
        found = measure(corpus, rows[: options.answers], checker, Policy(options.policy), opinion)
        lines.append(report(name, found))
        everything.units += found.units
        everything.falsehoods += found.falsehoods
        everything.refused += found.refused
        for line in show(found, options.show or ""):
            print(name, line)
    head = ["corpus", "true lost", "true doubted", "outside caught", "false cut", "false caught", "answers refused"]
    print(table(head, [*lines, report("all", everything)]))
    kinds = Counter(falsehood["type"] for falsehood, *_ in everything.falsehoods)
    caught = Counter(falsehood["type"] for falsehood, *how in everything.falsehoods if is_caught(*how))
    print(table(["falsehood", "caught"], [[kind, f"{caught[kind]}/{kinds[kind]}"] for kind in sorted(kinds)]))
    print("\n".join(opinion.report() if opinion else ()))


if __name__ == "__main__":
    main()
