"""Extractive answers: verbatim quotes of the files on disk."""

import hashlib
from dataclasses import replace

import pytest

from footnote.app.answering.answerer import PASSAGES_SILENT, refusal
from footnote.app.answering.extractive import MAX_RUNS, ExtractiveAnswerer
from footnote.app.core.types import OtherPlace, StageScore
from tests.builders import make_hit
from tests.conftest import CORPUS

QUESTIONS = [
    ("Which port does Relay listen on?", "configuration.md", "7070"),
    ("How do I delete one message?", "guides/deleting.md", "acme-relay delete --id 4f1c"),
    ("How do I migrate the queue to the new format?", "guides/upgrading.md", "acme-relay migrate"),
    ("Why is a message delivered twice?", "troubleshooting.md", "after the timeout"),
    ("How many requests a second may a client send?", "reference/api.md", "100 requests"),
    ("What does error RLY-007 mean?", "troubleshooting.md", "The token is wrong"),
    ("What is the service called on Windows?", "install.md", "*AcmeRelay*"),
]


@pytest.fixture(scope="module")
def ask_anyway(make_engine):
    """Asks a question that the gate lets through whatever was found."""
    return make_engine(strictness=0.0).ask


@pytest.mark.parametrize(("question", "path", "contains"), QUESTIONS)
def test_the_first_quote_answers_and_all_are_exact_slices_of_the_files(ask_anyway, question, path, contains):
    answer = ask_anyway(question)
    assert 1 <= len(answer.citations) <= MAX_RUNS == 3
    assert answer.citations[0].path == path
    assert contains in answer.citations[0].quote
    for number, citation in enumerate(answer.citations, 1):
        file = (CORPUS / citation.path).read_bytes()
        assert file[citation.start : citation.end] == citation.quote.encode()
        assert citation.sha256 == hashlib.sha256(file[citation.start : citation.end]).hexdigest()
        lines = file.decode().split("\n")[citation.start_line - 1 : citation.end_line]
        assert citation.quote in "\n".join(lines)
        assert citation.quote.splitlines()[0] in lines[0]
        assert citation.quote.splitlines()[-1] in lines[-1]
        assert (citation.number, citation.generation) == (number, 1)


def test_each_sentence_is_one_quote_with_one_citation_and_the_text_shows_both(engine):
    answer = engine.ask("How do I restore a backup?")
    assert (answer.mode, answer.model, answer.tokens, answer.unknown_markers) == ("extractive", "extractive", None, 0)
    assert [(sentence.text, sentence.citations) for sentence in answer.sentences] == [
        (citation.quote, (citation.number,)) for citation in answer.citations
    ]
    at = 0
    for citation in answer.citations:
        at = answer.text.index(citation.quote, at) + len(citation.quote)
        assert answer.text[at:].lstrip().startswith(f"[{citation.number}]")


def test_a_question_stands_above_its_answer_instead_of_the_heading(answerer):
    page = (
        "# Relay\n\n## FAQ\n\nQ: Where is the queue?\n\nA: On disk.\n\nQ: Which port is used?\nA: Port 8443 is used.\n"
    )
    draft = answerer.answer("Which port is used?", [make_hit(page, heading_path=("Relay", "FAQ"))], 1)
    assert draft.text == "**Which port is used?**\n\nPort 8443 is used. [1]"


def test_a_quote_that_ends_in_code_keeps_its_marker_off_the_fence(answerer):
    draft = answerer.answer(
        "How do I reset the meter?", [make_hit("To do so:\n\n    ```\n    relay reset\n    ```")], 1
    )
    assert draft.text == "To do so:\n\n```\nrelay reset\n```\n\n[1]"


@pytest.fixture
def answerer(embedder, reranker):
    return ExtractiveAnswerer(reranker, embedder)


def test_overlapping_chunks_give_a_passage_once(answerer):
    whole = make_hit("Run it as root. Relay listens on port 7070.", start=0)
    tail = make_hit("Relay listens on port 7070.", start=16)
    draft = answerer.answer("Which port?", [whole, tail], 1)
    spans = sorted((citation.start, citation.end) for citation in draft.citations)
    assert spans == [(0, 43)] or spans == [(16, 43)]


def test_the_same_words_in_several_places_are_quoted_once_and_the_others_named(answerer):
    hits = [
        make_hit("Relay listens on\nport 7070.", path=path, start_line=5) for path in ("1.0/a.md", "2.0/a.md", "b.md")
    ]
    [citation] = answerer.answer("Which port?", hits, 1).citations
    assert citation.path == "1.0/a.md"
    assert citation.also_at == (OtherPlace("2.0/a.md", 5, 6), OtherPlace("b.md", 5, 6))


def test_what_stands_beside_the_passage_is_not_quoted_again(answerer):
    note = "Ask an operator before you turn any key of the relay."
    hits = [
        make_hit(f"# A\n\nHold the blue key to reset the meter.\n\n{note}\n", 3.0, path="a.md"),
        make_hit(f"# B\n\nTo reset the meter, hold the blue key for long.\n\n{note}\n", 2.9, path="b.md"),
    ]
    draft = answerer.answer("How do I reset the meter with the blue key?", hits, 1)
    assert [citation.path for citation in draft.citations] == ["a.md", "b.md"]
    assert draft.text.count(note) == 1


def test_at_most_three_quotes(answerer):
    hits = [make_hit(f"Relay {name} listens on port 7070.", path=f"{name}.md") for name in "abcde"]
    assert len(answerer.answer("Which port?", hits, 1).citations) == 3


@pytest.mark.parametrize(
    "page",
    [
        "**How do I reset the meter?**\n\nHold the blue key for 9 seconds.",
        "**How do I reset the meter?**\nHold the blue key for 9 seconds.",
        "__How do I reset the meter?__\n\nHold the blue key for 9 seconds.",
        "Q: How do I reset the meter?\n\nA: Hold the blue key for 9 seconds.",
        "**Q:** How do I reset the meter?\n**A:** Hold the blue key for 9 seconds.",
        "Q1. How do I reset the meter?\n\nHold the blue key for 9 seconds.",
        "<details>\n<summary>How do I reset the meter?</summary>\n\nHold the blue key for 9 seconds.\n\n</details>",
        "<details><summary><b>How do I reset the meter?</b></summary>\n\nHold the blue key for 9 seconds.\n</details>",
        "<h3>How do I reset the meter?</h3>\n\nHold the blue key for 9 seconds.",
        "### How do I reset the meter?\n\nHold the blue key for 9 seconds.",
        "How do I reset the meter?\n\nHold the blue key for 9 seconds.",
        "- How do I reset the meter?\n- Why does it blink?\n\nHold the blue key for 9 seconds.",
        "[How do I reset the meter?](meter.md#reset)\n\nHold the blue key for 9 seconds.",
        "- [Reset the meter](a.md)\n- [Meter, how to reset the](b.md)\n\nHold the blue key for 9 seconds to reset it.",
    ],
)
def test_a_question_or_a_pointer_in_the_docs_is_no_answer(answerer, page):
    hits = [make_hit(f"{page}\n\nThe lamp shows the state of the battery.\n")]
    draft = answerer.answer("How do I reset the meter?", hits, 1)
    assert draft.citations[0].quote.startswith("Hold the blue key for 9 seconds")
    assert not any(citation.quote.rstrip().endswith("?") for citation in draft.citations)


def test_the_row_that_is_named_comes_first(answerer):
    rows = "\n".join(f"| `sensor_{n:02}` | {n * 3} | {n * 7} |" for n in range(20, 45))
    hits = [make_hit(f"| Sensor | Low limit (mV) | High limit (mV) |\n|---|---|---|\n{rows}")]
    citation = answerer.answer("What is the high limit of sensor_37?", hits, 1).citations[0]
    assert (citation.quote, citation.table_header) == (
        "| `sensor_37` | 111 | 259 |",
        "| Sensor | Low limit (mV) | High limit (mV) |",
    )


@pytest.mark.parametrize("question", ["RELAY_MIN_SCORE", "What is RELAY_MIN_SCORE?"])
def test_a_name_alone_asks_for_the_row_that_begins_with_it(answerer, question):
    used = make_hit(
        "Choose `RELAY_MIN_SCORE` anew for another meter, since RELAY_MIN_SCORE has its scale.", path="a.md"
    )
    table = make_hit("| Setting | Meaning |\n|---|---|\n| `RELAY_MIN_SCORE` | Refuse what is below. |", path="b.md")
    hits = [used, replace(table, reranked=StageScore(2, used.reranked.score - 1.5))]
    assert answerer.answer(question, hits, 1).citations[0].path == "b.md"


@pytest.mark.parametrize("label", ["`/api/relays`", "Calls of relays", "> Calls of relays"])
def test_a_line_above_a_list_is_quoted_with_it(answerer, label):
    sign = "> " if label.startswith(">") else ""
    # As long as a run becomes by what adjoins it.
    listed = ", in the order of their names" * 9
    items = f"{sign}+ GET: lists the relays that are running{listed}.\n{sign}+ DELETE: stops a relay{listed}."
    page = f"Meters are read by hand.\n\n{label}\n{sign.strip()}\n{items}\n"
    quote = answerer.answer("How do I list the relays?", [make_hit(page)], 1).citations[0].quote
    assert quote.removeprefix("> ").splitlines()[0] == label.removeprefix("> ")


def test_a_further_quote_is_not_torn_from_the_code_it_introduces(answerer):
    first = "To register Relay, add it to `relay.toml`. " + "Each relay of the file is started in its turn. " * 11
    code = "\n".join(f"relay.option_{number} = {number}" for number in range(25))
    second = f"To register Relay, add it at the bottom of `relay.py`\n\n```python\n{code}\n```\n"
    hits = [make_hit(first, path="a.md"), make_hit(second, path="b.md")]
    answer = answerer.answer("How do I register Relay?", hits, 1)
    assert [one.path for one in answer.citations] == ["a.md"]
    # Where there is room for both, it is quoted with its code.
    short = [make_hit(first[:200], path="a.md"), hits[1]]
    _, with_code = answerer.answer("How do I register Relay?", short, 1).citations
    assert (with_code.path, with_code.quote) == ("b.md", second.strip())


@pytest.mark.parametrize("with_reranker", [True, False])
def test_a_quote_far_below_the_best_one_is_left_out(embedder, reranker, with_reranker):
    answerer = ExtractiveAnswerer(reranker if with_reranker else None, embedder)
    hits = [
        make_hit("Bananas ripen in a paper bag.", path="fruit.md"),
        make_hit("Relay listens on port 7070.", path="port.md"),
    ]
    assert [c.path for c in answerer.answer("Which port does Relay listen on?", hits, 1).citations] == ["port.md"]


def test_the_chunks_own_score_breaks_a_tie(answerer):
    hits = [make_hit("Relay listens on port 7070.", path="a.md"), make_hit("Relay listens on port 7070.", path="b.md")]
    hits[1] = replace(hits[1], reranked=StageScore(1, 9.0))
    assert answerer.answer("Which port?", hits, 1).citations[0].path == "b.md"


def test_headings_alone_answer_nothing(answerer):
    draft = answerer.answer("Which port?", [make_hit("## Ports\n\n---\n")], 1)
    assert draft == refusal("gate", PASSAGES_SILENT)


STEPS = """# Meters

## Reset a meter

Alternatively, call us to reset it.

Open the lid before you reset the meter, and mind the sharp edge of it on the left side, which has cut many a finger.

1. Hold the blue key.

    ```console
    $ meter reset --now
    ```

2. Wait for the lamp [1].
"""


def test_an_answer_reads_in_the_order_of_the_page_with_what_belongs_together(answerer):
    page = STEPS.replace("Alternatively, call", "Call")
    draft = answerer.answer("How do I reset the meter?", [make_hit(page, heading_path=("Meters", "Reset a meter"))], 1)
    assert draft.text == page.partition("Reset a meter\n\n")[2].replace("[1].", r"\[1\].").rstrip() + " [1]"
    [citation] = draft.citations
    assert page.encode()[citation.start : citation.end].decode() == citation.quote == draft.sentences[0].text


@pytest.mark.parametrize("page", [STEPS, STEPS.replace("## Reset a meter\n", "## Reset a meter\n\nBefore.\n", 1)])
def test_a_beginning_that_points_back_is_headed_or_has_what_it_points_to(answerer, page):
    hits = [make_hit(page, heading_path=("Meters", "Reset a meter"))]
    text = answerer.answer("How do I call to reset it?", hits, 1).text
    assert text.startswith(("**Reset a meter**\n\nAlternatively", "Before.\n\nAlternatively"))


def test_what_begins_in_the_middle_of_a_section_is_below_its_heading(answerer):
    filler = (
        "The lamp is green while the meter works as it should, and red when the battery must be replaced soon. " * 8
    )
    page = f"# Meters\n\n{filler}\n\nHold the blue key to reset the meter.\n"
    draft = answerer.answer("How do I reset the meter?", [make_hit(page, heading_path=("Meters",))], 1)
    assert draft.text.startswith("**Meters**\n\nThe lamp")
    assert draft.text.endswith("Hold the blue key to reset the meter. [1]")


def test_quotes_of_a_page_are_in_its_order_and_the_best_page_is_first(answerer):
    hits = [
        make_hit("Relay listens on port 7070 for clients.", path="b.md", start=500, heading_path=("Ports",)),
        make_hit("Relay listens on port 7070.", 2.0, path="b.md", heading_path=("Port",)),
        make_hit("Relay listens on port 7070 too.", 0.5, path="a.md"),
    ]
    draft = answerer.answer("Which port does Relay listen on?", hits, 1)
    assert [(one.path, one.start) for one in draft.citations] == [("b.md", 0), ("b.md", 500), ("a.md", 0)]
    assert draft.text == (
        "**A > Port**\n\nRelay listens on port 7070. [1]\n\n**A > Ports**\n\n"
        "Relay listens on port 7070 for clients. [2]\n\n**A**\n\nRelay listens on port 7070 too. [3]"
    )


def test_two_passages_of_one_section_that_adjoin_are_one_quote(answerer):
    filler = "The lamp is green while the meter works as it should, and red when it does not. "
    first, second = "Hold the blue key to reset the meter.", "To reset the meter, use the blue key."
    page = f"{filler * 5}\n\n{first}\n\n{filler * 4}\n\n{second}\n"
    draft = answerer.answer("How do I reset the meter with the blue key?", [make_hit(page)], 1)
    [citation] = draft.citations
    assert first in citation.quote
    assert second in citation.quote


def test_the_quotes_never_overlap(ask_anyway):
    for question, *_ in QUESTIONS:
        found = sorted((one.path, one.start, one.end) for one in ask_anyway(question).citations)
        assert all(one[0] != other[0] or one[2] <= other[1] for one, other in zip(found, found[1:], strict=False))


def test_an_image_for_light_and_one_for_dark_are_told_once(answerer):
    page = "# uv\n\nA package manager.\n\n" + "".join(
        f'<p>\n  <img alt="Shows a bar chart with benchmark results." src="https://example.com/1#only-{one}">\n</p>\n\n'
        for one in ("light", "dark")
    )
    draft = answerer.answer("What do the benchmark results show?", [make_hit(page + "*Installing packages.*\n")], 1)
    assert draft.text.count("Shows a bar chart with benchmark results.") == 1
