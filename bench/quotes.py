"""How small the quotes of written answers are, and whether they still support their sentences.

    python bench/quotes.py DEV_SET [CORPUS ...]      two corpora where none are named, as in bench/answer_check.py

The sentences are those of bench/answer_check.py, as they are and paraphrased, and those of reference answers. Each
is narrowed within a chunk that supports it. Prints the length of quotes and chunks, how often the whole check says
the same of the quote as of the chunk, and for reference answers how often the quote meets the gold quote.
"""

import json
import sys
from pathlib import Path
from random import Random
from statistics import median

from corruptions import Corpus, sampled_cases
from gold import holds

from footnote.app.answering.citations import resolve_markers
from footnote.app.checking.checker import Checker
from footnote.app.checking.quotes import supporting_passage
from footnote.app.core.text.passages import in_context
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk


def reference_cases(corpus: Corpus, questions: Path) -> list[tuple[str, str, Chunk, str]]:
    """Question, sentence of its reference answer, the chunk with the gold quote, and that quote."""
    cases = []
    for line in questions.read_text("utf-8").splitlines():
        row = json.loads(line)
        if not row["answerable"] or len(row["gold"]) != 1:
            continue
        gold = row["gold"][0]
        wanted = " ".join(gold["quote"].split())
        for chunk in corpus.chunks:
            if chunk.path == gold["path"] and wanted in " ".join(chunk.text.split()):
                sentences = resolve_markers(row["answer"], ()).sentences
                cases += [(row["question"], sentence.text, chunk, wanted) for sentence in sentences]
                break
    return cases


def main() -> None:
    dev_set = Path(sys.argv[1])
    for name in sys.argv[2:] or ["uv-docs", "prometheus-docs"]:
        corpus = Corpus(dev_set / name)
        terms = TermCounts(len(corpus.chunks), lambda term, counts=corpus.frequency: counts[term])
        checker = Checker(None, terms)
        by_text = {chunk.index_text: chunk for chunk in corpus.chunks}
        sampled = [
            (case.source, "", case.sentence, by_text[case.passages[0]], None)
            for case in sampled_cases(corpus, Random(7))
        ]
        found = reference_cases(corpus, dev_set / "questions" / f"{name}.jsonl")
        cases = [("reference", *case) for case in found] + sampled
        print(f"\n{name}\n{'source':12} {'cases':>5} {'quote':>6} {'chunk':>6} {'whole':>6} {'same':>6} {'gold':>6}")
        for source in ("verbatim", "paraphrased", "reference"):
            rows = []
            for _, question, sentence, chunk, gold in (case for case in cases if case[0] == source):
                whole = checker.judge(sentence, [chunk.index_text], question).verdict
                if whole not in ("supported", "unverified"):
                    continue
                quote = supporting_passage(sentence, chunk, checker)
                text = quote.text if quote else chunk.text
                verdict = checker.judge(
                    sentence, [in_context(chunk, quote) if quote else chunk.index_text], question
                ).verdict
                meets = gold is not None and (holds(text, gold) or " ".join(text.split()) in gold)
                rows.append((len(text), len(chunk.text), quote is None, verdict == whole, meets))
            quoted, chunks, missing, same, gold_met = zip(*rows, strict=True)
            print(
                f"{source:12} {len(rows):5} {median(quoted):6.0f} {median(chunks):6.0f} {sum(missing):6} "
                f"{sum(same) / len(rows):6.3f} {sum(gold_met) / len(rows):6.3f}"
            )


if __name__ == "__main__":
    main()
