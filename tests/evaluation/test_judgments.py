"""What counts as right when retrievers that cut pages differently are compared (bench/judgments.py)."""

import pytest

from bench.judgments import Found, Gold, gold_of, located, scores
from footnote.app.evaluation.scoring.labels import Labels, Target
from footnote.app.evaluation.scoring.ranking import DEPTH
from footnote.app.evaluation.scoring.relevance import relevance
from footnote.app.evaluation.types import Label
from tests.conftest import CORPUS
from tests.evaluation.builders import make_question
from tests.evaluation.conftest import PORT_QUOTE

GOLD = Gold("a.md", section=((100, 200),), passage=((120, 140),))


def by_metric(found, *gold):
    return {one.metric: one.value for one in scores(found, gold or [GOLD])}


def test_pages_sections_and_passages_of_one_ranking():
    found = [Found("b.md", 120, 140), Found("b.md", 0, 50), Found("a.md", 180, 300), Found("a.md", 110, 150)]
    assert by_metric(found) == {
        "page/hit@1": 0,
        "page/hit@5": 1,
        "page/MRR@10": 1 / 2,  # the other page counts once
        "section/hit@1": 0,
        "section/hit@4": 1,
        "passage/hit@1": 0,
        "passage/hit@4": 1,
        "passage/hit@10": 1,
    }


@pytest.mark.parametrize(
    ("start", "end", "section", "passage"),
    [
        (0, 100, 0, 0),  # ends where the section begins
        (0, 101, 1, 0),
        (0, 129, 1, 0),
        (0, 130, 1, 1),  # half of the quote
        (134, 146, 1, 1),  # half of the chunk
        (200, 300, 0, 0),
    ],
)
def test_a_section_shares_text_and_a_passage_half_of_the_shorter(start, end, section, passage):
    found = by_metric([Found("a.md", start, end)])
    assert (found["section/hit@1"], found["passage/hit@1"]) == (section, passage)


def test_what_comes_after_the_tenth_chunk_counts_nothing():
    others = [Found("b.md", start, start + 9) for start in range(DEPTH)]
    assert set(by_metric([*others, Found("a.md", 120, 140)]).values()) == {0}
    found = by_metric([*others[1:], Found("a.md", 120, 140)])
    assert (found["page/MRR@10"], found["passage/hit@10"], found["passage/hit@4"]) == (1 / 2, 1, 0)


def test_a_level_needs_what_it_takes_from_every_label():
    page_only = Gold("b.md", (), ())
    names = by_metric([Found("b.md", 0, 9)], GOLD, page_only)
    assert names == {"page/hit@1": 1, "page/hit@5": 1, "page/MRR@10": 1}
    assert by_metric([], page_only)["page/hit@1"] == 0


@pytest.mark.parametrize(
    "label",
    [
        Label("configuration.md", ("Network",), PORT_QUOTE),
        Label("troubleshooting.md", ("The disk is full",)),
        Label("troubleshooting.md", quote="List them by size:"),
        Label("install.md"),
    ],
)
def test_of_footnotes_own_chunks_those_are_right_that_are_relevant_to_footnote_eval(engine, label):
    labels = Labels(engine.index)
    gold = gold_of(make_question(gold=(label,)), labels, engine.index)
    target = labels.resolve(label)
    assert isinstance(target, Target) and not isinstance(gold, str)
    relevant = {one.level: one.units for one in relevance([target])}
    chunks = list(engine.index.chunks.all_chunks())
    for chunk in chunks:
        found = {one.metric: one.value for one in scores([Found(chunk.path, chunk.start, chunk.end)], gold)}
        right = {level for level in ("page", "section", "passage") if found.get(f"{level}/hit@1")}
        assert right == {level for level, units in relevant.items() if chunk.id in units}


def test_gold_is_bytes_of_the_file(engine):
    labels = Labels(engine.index)
    label = Label("configuration.md", ("Network",), PORT_QUOTE)
    (gold,) = gold_of(make_question(gold=(label,)), labels, engine.index)
    raw = (CORPUS / "configuration.md").read_bytes()
    ((start, end),) = gold.passage
    assert raw[start:end].decode() == PORT_QUOTE
    assert any(first <= start and end <= last for first, last in gold.section)


def test_a_stale_label_says_why(engine):
    labels = Labels(engine.index)
    good = Label("configuration.md", ("Network",), PORT_QUOTE)
    question = make_question(gold=(good, Label("configuration.md", quote="nowhere to be found")))
    assert gold_of(question, labels, engine.index) == "the quote is not on configuration.md"


PAGE = """# Géant

Open the port
with `relay --port`.

| name             | default |
|------------------|---------|
| retention period | 30 days |

See [the ports](../network/ports.md#list). Open the door.
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Open the port with relay --port .", "Open the port\nwith `relay --port"),
        ("`retention period`, default = `30 days`.", "retention period | 30 days"),
        ("See the ports. Open the door.", "See [the ports](../network/ports.md#list). Open the door"),
        ("GÉANT says nothing", None),
        ("", None),
    ],
)
def test_rewritten_markup_is_located_by_its_words(text, expected):
    (span,) = located([text], PAGE)
    assert (span and PAGE.encode()[slice(*span)].decode()) == expected


def test_a_word_far_from_the_rest_is_not_part_of_it():
    page = "alpha " + "filler " * 50 + "beta gamma delta"
    ((start, end),) = located(["alpha beta gamma delta"], page)
    assert page[start:end] == "beta gamma delta"
