"""citations: `[n]` markers of a model's answer, checked against its sources; and `cite`."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.answering.citations import cite, edit_sentences, resolve_markers
from footnote.app.core.types import Passage
from tests.builders import make_chunk, make_sources

SOURCES = make_sources(3)


def resolve(text):
    """`(text, cited numbers, unknown)`."""
    resolved = resolve_markers(text, SOURCES)
    return resolved.text, [citation.number for citation in resolved.citations], resolved.unknown


@pytest.mark.parametrize(
    ("text", "clean", "cited"),
    [
        ("A [1].", "A [1].", [1]),
        ("A [2][1].", "A [2][1].", [1, 2]),
        ("A [1, 2].", "A [1][2].", [1, 2]),
        ("A [1; 3].", "A [1][3].", [1, 3]),
        ("A [1-3].", "A [1][2][3].", [1, 2, 3]),
        ("A [2\N{EN DASH}3].", "A [2][3].", [2, 3]),
        ("A [1, 2-3].", "A [1][2][3].", [1, 2, 3]),
        ("A [2, 2].", "A [2].", [2]),
        ("A [^1].", "A [1].", [1]),
        ("A [^1, ^2].", "A [1][2].", [1, 2]),
        ("A 【1】.", "A [1].", [1]),
        ("A 【2†source】.", "A [2].", [2]),
        ("A.", "A.", []),
        ("A [x] [1a] [ ].", "A [x] [1a] [ ].", []),
    ],
)
def test_every_way_to_write_a_marker_becomes_plain_markers(text, clean, cited):
    assert resolve(text) == (clean, cited, 0)


@pytest.mark.parametrize(
    ("text", "clean", "cited", "unknown"),
    [
        ("A [4].", "A.", [], 1),
        ("A [0].", "A.", [], 1),
        ("A [1][9].", "A [1].", [1], 1),
        ("A [8, 2, 9].", "A [2].", [2], 2),
        ("A [3-5].", "A [3].", [3], 2),
        ("A 【7】.", "A.", [], 1),
        ("Released in [2024].", "Released in.", [], 1),
        ("A [12345].", "A.", [], 1),
        ("A [1, 99999999999999999999].", "A [1].", [1], 1),
        ("A [1-9999].", "A [1].", [1], 1),
        ("A [1-99999999999].", "A [1].", [1], 1),
        ("A [" + "9" * 5000 + "].", "A.", [], 1),
        ("A [[9]1].", "A [1].", [1], 1),  # what is left must not be a marker that nobody checked
        ("A [[9]8].", "A.", [], 2),
    ],
)
def test_a_marker_without_a_source_is_removed_and_counted(text, clean, cited, unknown):
    assert resolve(text) == (clean, cited, unknown)


def test_removed_markers_are_logged(caplog):
    caplog.set_level("INFO")
    resolve_markers("A [7]. B [8].", SOURCES)
    assert [record.getMessage() for record in caplog.records] == ["removed 2 citation markers that name no source"]
    caplog.clear()
    resolve_markers("A [1].", SOURCES)
    assert not caplog.records


@pytest.mark.parametrize(
    "link",
    [
        "[1](https://evil.example)",
        "[1]()",
        '[1](https://evil.example "Source")',
        "[1]( https://evil.example )",
        "[1](https://evil.example/a_(b))",
    ],
)
def test_a_link_is_never_a_citation(link):
    assert resolve(f"A {link}.") == ("A.", [], 1)


def test_a_link_definition_would_turn_markers_into_links():
    assert resolve("A [1].\n\n[1]: https://evil.example 'Source'\n[2]: b.md") == ("A [1].", [1], 2)
    assert resolve("[1]: stop the service.") == ("[1]: stop the service.", [1], 0)


@pytest.mark.parametrize(
    "code",
    [
        "`items[1]`",
        "``a ` b[9]``",
        "```python\nitems[1] = items[9]\n```",
        "~~~\nitems[1, 2]\n~~~",
        "```\nitems[9]",  # never closed, as of an answer cut short
        "1. Run it:\n\n   ```sh\n   echo ${a[9]}\n   ```",
        "````md\n```\nitems[9]\n```\n````",
    ],
)
def test_code_is_left_alone(code):
    assert resolve(code) == (code, [], 0)
    assert resolve(f"Before [2].\n\n{code}") == (f"Before [2].\n\n{code}", [2], 0)


def test_markers_after_code_are_markers():
    assert resolve("```sh\na[9]\n```\n\nAfter [1].") == ("```sh\na[9]\n```\n\nAfter [1].", [1], 0)
    assert resolve("1. Run:\n   ```sh\n   a[9]\n   ```\n2. After [1][9].") == (
        "1. Run:\n   ```sh\n   a[9]\n   ```\n2. After [1].",
        [1],
        1,
    )
    assert resolve("```a[9]``` does it [1] [9].") == ("```a[9]``` does it [1].", [1], 1)


def test_brackets_in_parentheses_after_a_marker_stay():
    assert resolve("Port 7070 [1] (see below).") == ("Port 7070 [1] (see below).", [1], 0)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Stop it [1]. Start it [2].", [("Stop it.", (1,)), ("Start it.", (2,))]),
        ("Stop it. [1] Start it. [2]", [("Stop it.", (1,)), ("Start it.", (2,))]),
        ("Stop it.[1][2] Start it.", [("Stop it.", (1, 2)), ("Start it.", ())]),
        ("Stop [2] it [1][2].", [("Stop it.", (2, 1))]),
        ("Stop it.\n[3]", [("Stop it.", (3,))]),
        ("- Stop it [1]\n- Start it [2]", [("- Stop it", (1,)), ("- Start it", (2,))]),
        ("1. Stop it. [1]\n2. Start it. [2]", [("1. Stop it.", (1,)), ("2. Start it.", (2,))]),
        ("[1] Stop it.\n[2] Start it.", [("Stop it.", (1,)), ("Start it.", (2,))]),
        ("Stop it [9]. Start it [1].", [("Stop it.", ()), ("Start it.", (1,))]),
        ("Run:\n```sh\na[1]\nb. C\n```\n[2]", [("Run:", ()), ("```sh\na[1]\nb. C\n```", (2,))]),
        ("Set `a[1]` to 0 [2].", [("Set `a[1]` to 0.", (2,))]),
        ("Set `a[9]` to 0 [2].", [("Set `a[9]` to 0.", (2,))]),
        ("Set `a. B[9]` to 0 [2].", [("Set `a. B[9]` to 0.", (2,))]),
        ("Use e.g. Linux [1]. Done.", [("Use e.g. Linux.", (1,)), ("Done.", ())]),
        ("", []),
    ],
)
def test_each_sentence_has_the_numbers_that_stand_in_or_after_it(text, sentences):
    found = resolve_markers(text, SOURCES).sentences
    assert [(sentence.text, sentence.citations) for sentence in found] == sentences


def test_the_citations_are_those_of_the_sources_unchanged():
    assert resolve_markers("A [3]. B [1].", SOURCES).citations == (SOURCES[0], SOURCES[2])


MARKER_LIKE = st.text(alphabet="[]()【】^-,; \n123 09aA.!*†", max_size=60)
CODE = st.sampled_from(["`a[9]`", "\n```sh\na[9] [1, 2]\n```\n", "\n\n  ~~~\n  a[4]\n  ~~~\n"])


@given(MARKER_LIKE)
def test_only_checked_markers_survive_and_the_citations_are_exactly_those(text):
    resolved = resolve_markers(text, SOURCES)
    left = {int(number) for number in re.findall(r"\[\^?(\d+)\]", resolved.text)}
    assert left == {citation.number for citation in resolved.citations} <= {1, 2, 3}
    assert not re.search(r"【\d+】|\[\d+\]\(\S*\)", resolved.text)
    assert {number for sentence in resolved.sentences for number in sentence.citations} <= left
    assert not any(re.search(r"\[\d+\]", sentence.text) for sentence in resolved.sentences)
    assert resolve_markers(resolved.text, SOURCES)[:3] == resolved[:3]  # nothing is left to do


@given(st.lists(st.tuples(st.sampled_from(["A [1].", "B [9].", "c", "[2]", ""]), CODE)))
def test_code_survives_anything_around_it(pieces):
    resolved = resolve_markers("".join(f"{prose} {code}" for prose, code in pieces), SOURCES)
    at = 0
    for _, code in pieces:
        at = resolved.text.index(code.strip(), at) + len(code.strip())


@given(st.text() | st.text(alphabet="`~[]19 \n.(", max_size=40))
def test_any_text_is_taken(text):
    resolved = resolve_markers(text, SOURCES)
    assert {citation.number for citation in resolved.citations} <= {1, 2, 3}
    assert {n for sentence in resolved.sentences for n in sentence.citations} <= {c.number for c in resolved.citations}


def test_cite_gives_the_exact_slice_of_a_passage_and_its_sha256():
    chunk = make_chunk("Größe: 5.\nRun `x`.", path="guides/ü.md", heading_path=("H", "I"), start=100, start_line=7)
    passage = Passage("Run `x`.", start=112, end=120, start_line=8, end_line=8)
    citation = cite(2, chunk, passage, 5)
    assert (citation.number, citation.path, citation.title, citation.heading_path) == (
        2,
        "guides/ü.md",
        "A",
        ("H", "I"),
    )
    assert (citation.start, citation.end, citation.start_line, citation.end_line) == (112, 120, 8, 8)
    assert (citation.quote, citation.generation) == ("Run `x`.", 5)
    assert citation.sha256 == hashlib.sha256(b"Run `x`.").hexdigest()


def test_cite_without_a_passage_is_of_the_whole_chunk():
    chunk = make_chunk("Größe: 5.\nRun `x`.", start=100, start_line=7)
    citation = cite(1, chunk, None, 1)
    assert (citation.start, citation.end, citation.start_line, citation.end_line) == (100, chunk.end, 7, 8)
    assert citation.quote == chunk.text
    assert citation.sha256 == hashlib.sha256(chunk.text.encode()).hexdigest()


def test_a_line_that_only_looks_like_a_definition_is_a_sentence_with_its_citation():
    resolved = resolve_markers("[1]: Yes. And more [1].", make_sources(1))
    assert [sentence.citations for sentence in resolved.sentences] == [(1,), (1,)]


@pytest.mark.parametrize(
    ("text", "clean", "unknown"),
    [
        ("Stop it [1]. See also [7].", "Stop it [1].", 1),
        ("Stop it [1]. See also [7]. Start it [2].", "Stop it [1]. Start it [2].", 1),
        ("Stop it [1].\n\nSee also [7].\n\nStart it [2].", "Stop it [1].\n\nStart it [2].", 1),
        ("Stop it [1].\n- See [7]\n- Start it [2].", "Stop it [1].\n- Start it [2].", 1),
        ("For more information, see [7] and [8]. Stop it [1].", "Stop it [1].", 2),
        ("**Sources:** [7], [8]\n\nStop it [1].", "Stop it [1].", 2),
        ("Stop it (see [7]) now [1].", "Stop it now [1].", 1),
        ("Stop it [1] (see also [7], [8]).", "Stop it [1].", 2),
        ("See also [7].", "", 1),
        ("See also [2] and [7].", "See also [2].", 1),
        ("See also [7] and [2], [8].", "See also [2].", 2),
        ("A [1], [7].", "A [1].", 1),
        ("See the port in [7].", "See the port in.", 1),
        ("Stop it (the port of [7]).", "Stop it (the port of).", 1),
        ("See also.", "See also.", 0),
        ("See `[7]`.", "See `[7]`.", 0),
    ],
)
def test_what_says_nothing_but_a_removed_marker_goes_with_it(text, clean, unknown):
    resolved = resolve_markers(text, SOURCES)
    assert (resolved.text, resolved.unknown) == (clean, unknown)


def test_blank_lines_of_code_stay_where_a_sentence_goes():
    code = "```\na\n\n\n\nb\n```"
    assert resolve(f"{code}\n\nSee [7].\n\nStop it [1].")[0] == f"{code}\n\nStop it [1]."
    assert edit_sentences(f"{code}\n\nStop it.\n\nStart it.", {1: None}) == f"{code}\n\nStart it."
