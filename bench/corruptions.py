"""Sentences that passages support, and the same sentences made wrong, for bench/answer_check.py."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from footnote.app.answering.citations import resolve_markers
from footnote.app.checking.alignment import unit_texts as units
from footnote.app.checking.facts import facts, plain
from footnote.app.core.find import find_files
from footnote.app.core.settings import load_settings
from footnote.app.core.text.analysis import terms
from footnote.app.core.text.passages import passages
from footnote.ingest.read import read_document
from footnote.ingest.split import split_document

SOURCES = ("verbatim", "paraphrased", "reference")
SAMPLED = 150
_WORDS = "two three four five six seven eight nine ten"
_VERBS, _NOUNS = "auto allow force skip strict enable keep", "sync resolve cache retry merge check scrape"
KINDS = ("number", "entity", "negation", "invented flag", "other page")
_VERSION = re.compile(r"\b\d+(?:\.\d+)+")


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with its cited passages; `kind` is "clean" or how it was made wrong."""

    corpus: str
    question: str
    source: str
    kind: str
    clean: str
    sentence: str
    passages: tuple[str, ...]


class Corpus:
    """The chunks of a docs folder, and its names, by which others are replaced."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        files, _ = find_files(folder, load_settings(None).ingest.include, (), 10**7)
        documents = [document for document, _ in map(read_document, files) if document]
        self.chunks = [chunk for document in documents for chunk in split_document(document)]
        self.chunk_terms = [set(terms(chunk.index_text)) for chunk in self.chunks]
        self.frequency: Counter[str] = Counter(term for held in self.chunk_terms for term in held)
        self.sentences = [
            (chunk.path, unit) for chunk in self.chunks for unit in units(chunk.text) if _is_statement(unit)
        ]
        words = Counter(re.findall(r"\w+", " ".join(chunk.text for chunk in self.chunks)))
        pools: dict[str, Counter[str]] = {}
        for chunk in self.chunks:
            for fact in facts(chunk.text):
                if fact.kind in ("identifier", "flag", "path"):
                    pools.setdefault(shape(fact.key), Counter())[fact.key] += 1
            for name in names(chunk.text):
                if words[name.casefold()] < words[name]:
                    pools.setdefault("name", Counter())[name] += 1
        self.pools = {kind: sorted(key for key, count in pool.items() if count > 1) for kind, pool in pools.items()}

    def share(self, term: str) -> float:
        return self.frequency[term] / len(self.chunks)


def shape(literal: str) -> str:
    if literal.startswith("--"):
        return "flag"
    if literal.isupper():
        return "constant"
    return "path" if "/" in literal or re.search(r"\.[a-z]{2,4}$", literal) else "snake" if "_" in literal else "other"


def names(text: str) -> list[str]:
    """Capitalised words inside sentences."""
    return [
        match[1]
        for match in re.finditer(
            r"(?<=[a-z,] )(?!MUST|SHOULD|MAY|NOT|AND|OR|SHALL|REQUIRED)([A-Z][a-z]{2,}|[A-Z]{2,6})\b(?![_.])",
            plain(text),
        )
    ]


def _is_statement(unit: str) -> bool:
    words = re.findall(r"[a-z]{2,}", unit)
    return 40 <= len(unit) <= 250 and len(words) >= 6 and unit[-1] in ".!" and not unit.startswith(("#", "|"))


def sampled_cases(corpus: Corpus, rng: random.Random) -> Iterator[Case]:
    """Statements of any page and their paraphrases, a third of them with a number, each with its chunk."""
    found = [(unit, chunk) for chunk in corpus.chunks for unit in units(chunk.text) if _is_statement(unit)]
    numeric = [one for one in found if re.search(r"(?<![\w./-])\d", one[0])]
    others = [one for one in found if one not in numeric]
    for unit, chunk in rng.sample(numeric, min(SAMPLED // 3, len(numeric))) + rng.sample(others, SAMPLED * 2 // 3):
        text = re.sub(r"^(?:[-*+]|\d+[.)])\s+", "", unit)
        for source, sentence in (("verbatim", text), ("paraphrased", paraphrase(text))):
            yield Case(corpus.name, "", source, "clean", sentence, sentence, (chunk.index_text,))


def clean_cases(corpus: Corpus, questions: Path) -> Iterator[Case]:
    """Reference answers by sentence with the gold sections, gold sentences and paraphrases with their chunk.

    None where there is no file of questions.
    """
    for line in questions.read_text("utf-8").splitlines() if questions.is_file() else ():
        row = json.loads(line)
        if not row["answerable"]:
            continue
        sections, quoted = [], []
        for gold in row["gold"]:
            chunks = [
                chunk for chunk in corpus.chunks if chunk.path in (gold["path"], gold["path"].removeprefix("docs/"))
            ]
            wanted = " ".join(gold["quote"].split())
            holding = [chunk for chunk in chunks if wanted in " ".join(chunk.text.split())]
            headings = {chunk.heading_path for chunk in holding}
            sections += [chunk for chunk in chunks if chunk.heading_path in headings]
            quoted += [(chunk, wanted) for chunk in holding[:1]]
        if not sections:
            continue
        texts = tuple(chunk.index_text for chunk in sections)
        for sentence in resolve_markers(row["answer"], ()).sentences:
            yield Case(corpus.name, row["question"], "reference", "clean", sentence.text, sentence.text, texts)
        for chunk, wanted in quoted:
            for passage in passages(chunk):
                text = " ".join(passage.text.split())
                if text in wanted or wanted in text or wanted[:60] in text or text[:60] in wanted:
                    if "```" in text or text.startswith("|") or not re.search(r"[a-z]{2,} [a-z]{2,}", text):
                        continue
                    text = re.sub(r"^(?:[-*+]|\d+[.)])\s+", "", text)
                    yield Case(corpus.name, row["question"], "verbatim", "clean", text, text, (chunk.index_text,))
                    other = paraphrase(text)
                    yield Case(corpus.name, row["question"], "paraphrased", "clean", other, other, (chunk.index_text,))


_MARKUP = [(r"\[([^\]]+)\]\([^)]*\)", r"\1"), (r"\*\*([^*]+)\*\*", r"\1"), (r"(?<!\w)_([^_]+)_(?!\w)", r"\1")]
_PHRASES = [
    (r"\bdoesn[’']t\b", "does not"),
    (r"\bdo not\b", "don't"),
    (r"\bwill not\b", "won't"),
    (r"\bcannot\b", "can't"),
    (r"\bis not\b", "isn't"),
    (r"\bmust be\b", "has to be"),
    (r"\bmust\b(?! not)", "needs to"),
    (r"\bused to\b", "there to"),
    (r"\b[Uu]se of\b", "usage of"),
    (r"(?<!when )\busing\b", "with"),
    (r"\bshould\b(?! not)", "ought to"),
    (r"\bif you want to\b", "to"),
    (r"\bcan be used\b", "may be used"),
    (r"\bbegins?\b", "starts"),
    (r"\brequires\b", "needs"),
    (r"\bfor example\b", "for instance"),
    (r"\bsuch as\b", "like"),
    (r"\bby default\b", "unless configured otherwise"),
    (r"\bhowever, ", ""),
    (r"\bin order to\b", "to"),
    (r"\bmultiple\b", "several"),
    (r"\bsimilar to\b", "much like"),
    (r"\bprovides\b", "offers"),
    (r"\bensure\b", "make sure"),
    (r"\bcreated\b", "made"),
    (r"\bvia\b", "through"),
    (r"\bspecified\b", "given"),
    (r"\bobtain\b", "get"),
    (r"\b5 min\b", "5 minutes"),
    (r"\b10\b(?![.\d])", "ten"),
    (r"\btwo\b", "2"),
    (r"\bthree\b", "3"),
    (r"\bfive\b", "5"),
]


def paraphrase(sentence: str) -> str:
    """The sentence in other words by rule, with a leading clause put behind, and numbers in other notations.

    Code spans stay; of links and emphasis the words stay.
    """
    for pattern, words in _MARKUP:
        sentence = re.sub(pattern, words, sentence)
    pieces = re.split(r"(`[^`]*`)", sentence)
    for pattern, words in _PHRASES:
        pieces[::2] = [re.sub(rf"(?<![-.\w]){pattern}(?![-.]\w)", words, piece, flags=re.I) for piece in pieces[::2]]
    sentence = "".join(pieces)
    leading = re.match(r"((?:If|To|When|Whenever|While|For) [^,`]{8,100}), (.+?)([.:]?)$", sentence)
    if leading:
        head = leading[1][0].lower() + leading[1][1:]
        sentence = f"{leading[2][0].upper()}{leading[2][1:]} {head}{leading[3]}"
    return sentence


def corrupt(case: Case, corpus: Corpus, rng: random.Random) -> Iterator[Case]:
    """The case made wrong in every way that its sentence allows."""
    changes: dict[str, Callable[[], str | None]] = {
        "number": lambda: _other_number(case.clean, rng),
        "entity": lambda: _other_entity(case, corpus, rng),
        "negation": lambda: _negated(case.clean, rng),
        "invented flag": lambda: _with_flag(case.clean, corpus, rng),
        "other page": lambda: _other_page(case, corpus, rng),
    }
    for kind, change in changes.items():
        sentence = change()
        if sentence and sentence != case.clean:
            yield Case(case.corpus, case.question, case.source, kind, case.clean, sentence, case.passages)


def _other_number(text: str, rng: random.Random) -> str | None:
    words = _WORDS.split()
    found = list(re.finditer(rf"(?<![\w./-])\d+(?:\.\d+)*(?![\w]*_)|\b(?:{'|'.join(words)})\b(?! of)", text, re.I))
    if not found:
        return None
    match = rng.choice(found)
    old = match.group()
    if old.isalpha():
        new = rng.choice([word for word in words if word != old.casefold()])
    elif "." in old:
        parts = old.split(".")
        place = rng.randrange(len(parts))
        parts[place] = str(int(parts[place]) + rng.choice((1, 2, 3)))
        new = ".".join(parts)
    else:
        number = int(old)
        options = [number + 1, number * 2, number * 10, number + 5, max(number - 1, 0), number // 2]
        new = str(rng.choice([option for option in options if option != number]))
    return text[: match.start()] + new + text[match.end() :]


def _other_entity(case: Case, corpus: Corpus, rng: random.Random) -> str | None:
    text = case.clean
    options = [(fact.key, shape(fact.key)) for fact in facts(text) if fact.kind in ("identifier", "flag", "path")]
    options += [(name, "name") for name in names(text)]
    options = [(old, kind) for old, kind in options if len(corpus.pools.get(kind, ())) > 3 and old in text]
    if not options:
        return None
    old, kind = rng.choice(options)
    new = rng.choice([other for other in corpus.pools[kind] if other.casefold() != old.casefold()])
    return text.replace(old, new)


_DENIALS = [
    (r"\b(does|do|did|is|are|was|were|will|can|should|must|would|could|may|has|have) not\b", r"\1"),
    (r"\b(does|do|did|is|are|was|were|would|could|should|has|have)n't\b", r"\1"),
    (r"\bwon't\b", "will"),
    (r"\bcan't\b|\bcannot\b", "can"),
    (r"\bnever\b", "always"),
    (r"\balways\b", "never"),
    (r"\bwithout\b", "with"),
    (r"\bno longer\b", "still"),
    (r"\bnot\b ", ""),
    (r"\bdisabled?\b", "enable"),
    (r"\boptional\b", "required"),
    (r"\brequired\b", "optional"),
    (r"\bbefore\b", "after"),
    (r"\bafter\b", "before"),
    (r"\bminimum\b", "maximum"),
    (r"\bat least\b", "at most"),
    (r"\bincreases?\b", "decrease"),
    (r"\btrue\b", "false"),
    (r"\bno\b (?=[a-z])", "a "),
]
_INSERTIONS = [
    (r"\b(is|are|was|were|will|can|should|must|would|could|may|does|has)\b(?! not| to be\b)", r"\1 not"),
    (r"^(Use|Set|Run|Add|Put|Install|Wrap|Keep|Separate|Pipe|Pass|Start|Enable|Quote)\b", r"Do not \1"),
    (r"\b(uv|Prometheus|it|which|that) (?!is|was|has|does|alias|us)(\w+[^s\W])s\b(?= \w)", r"\1 does not \2"),
    (r"\b(you|to|they|we) (use|set|run|add|have|need|enable|keep|make)\b", r"\1 not \2"),
]


def _negated(text: str, rng: random.Random) -> str | None:
    body = re.match(r"(?:No|Yes|None)[,;:] ", text)
    start = body.end() if body else 0
    for rules in (_DENIALS, _INSERTIONS):
        fitting = [(pattern, to) for pattern, to in rules if re.search(pattern, text[start:])]
        if fitting:
            pattern, to = rng.choice(fitting)
            return text[:start] + re.sub(pattern, to, text[start:], count=1)
    return None


def _with_flag(text: str, corpus: Corpus, rng: random.Random) -> str | None:
    if (
        re.search(r"\d", text) is None
        and "`" not in text
        and not re.search(r"\b(?:use|set|run|pass|install)\b", text, re.I)
    ):
        return None
    verb, noun = (
        rng.choice(_VERBS.split()),
        rng.choice(_NOUNS.split()),
    )
    flag = f"--{verb}-{noun}"
    spans = list(re.finditer(r"`[^`]+`", text))
    if spans and rng.random() < 0.5:
        at = spans[-1].end() - 1
        return f"{text[:at]} {flag}{text[at:]}"
    bare = text.rstrip(".:")
    return (
        f"{bare} with `{flag}`{text[len(bare) :]}" if rng.random() < 0.5 else f"{bare} with {flag}{text[len(bare) :]}"
    )


def _other_page(case: Case, corpus: Corpus, rng: random.Random) -> str:
    """A statement of another page: half of the time the one nearest by words among 300, else any."""
    headers = {passage.partition("\n")[0].split(" > ")[0] for passage in case.passages}
    own = {chunk.path for chunk in corpus.chunks if chunk.title in headers}
    options = [text for path, text in rng.sample(corpus.sentences, min(300, len(corpus.sentences))) if path not in own]
    if rng.random() < 0.5:
        return rng.choice(options)
    wanted = set(terms(case.clean + " " + case.question))
    return max(options, key=lambda text: len(wanted & set(terms(text))) / (5 + len(set(terms(text)))))


def all_cases(corpus: Corpus, questions: Path, seed: int = 7) -> list[Case]:
    """Clean cases, each followed by its corruptions; the same for the same seed."""
    rng = random.Random(seed)
    seen: set[tuple[str, str]] = set()
    cases: list[Case] = []
    for case in [*clean_cases(corpus, questions), *sampled_cases(corpus, rng)]:
        if (case.source, case.clean) not in seen:
            seen.add((case.source, case.clean))
            cases += [case, *corrupt(case, corpus, rng)]
    return cases


def group(cases: Sequence[Case]) -> Counter[tuple[str, str]]:
    return Counter((case.source, case.kind) for case in cases)
