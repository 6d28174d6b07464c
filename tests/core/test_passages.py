import pytest

from footnote.app.core.text.passages import MAX_CHARS, passages
from footnote.app.core.types import Chunk
from footnote.ingest.split import split_document
from footnote.ingest.types import Document


def chunk_of(text: str, before: str = "") -> Chunk:
    """A chunk of the whole text, which stands in its file after the lines of `before`."""
    raw = (before + text).encode()
    [chunk] = split_document(Document("page.md", raw, len(before.encode()), None, {}, "", 0), 20_000)
    assert chunk.text == text
    return chunk


def texts(text: str) -> list[str]:
    return [passage.text for passage in passages(chunk_of(text))]


def labels(text: str) -> list[tuple[str, str]]:
    return [(passage.label, passage.text) for passage in passages(chunk_of(text))]


def test_a_passage_cites_bytes_and_lines_of_the_file() -> None:
    chunk = chunk_of("# Größe\r\n\r\nEin Füll-\r\nhorn. Zwei €.", before="---\r\ntitle: Ü\r\n---\r\n")
    raw = "---\r\ntitle: Ü\r\n---\r\n# Größe\r\n\r\nEin Füll-\r\nhorn. Zwei €.".encode()
    found = passages(chunk)
    assert [(passage.text, passage.start_line, passage.end_line) for passage in found] == [
        ("Ein Füll-\r\nhorn.", 6, 7),
        ("Zwei €.", 7, 7),
    ]
    assert [raw[passage.start : passage.end].decode() for passage in found] == [passage.text for passage in found]


def test_each_sentence_of_a_paragraph_is_a_passage() -> None:
    assert texts("One one. Two two. Three.\n\nFour.") == ["One one.", "Two two.", "Three.", "Four."]


@pytest.mark.parametrize(
    "example",
    ["```sh\nrun it\n```", "    run it", "- one\n- two", "1. one\n2. two", "| a | b |\n|---|---|\n| 1 | 2 |"],
)
@pytest.mark.parametrize("colon", [":", ":*", ":**", ":_"])
def test_a_sentence_that_ends_in_a_colon_takes_the_example_along(example: str, colon: str) -> None:
    assert texts(f"First. *Run this{colon}\n\n{example}\n\nAfter.") == [
        "First.",
        f"*Run this{colon}\n\n{example}",
        "After.",
    ]


def test_an_example_after_a_sentence_without_a_colon_stands_alone() -> None:
    assert texts("Run this.\n\n```\nrun\n```") == ["Run this.", "```\nrun\n```"]


def test_an_example_that_is_too_long_is_left_out_of_its_introduction() -> None:
    code = "```\n" + "x" * MAX_CHARS + "\n```"
    assert texts(f"Run this:\n\n{code}") == ["Run this:", code]


def test_a_table_gives_its_rows_without_header_and_rule() -> None:
    table = "| Code | Cause |\n|:-----|------:|\n| `A` | full |  \n| | |\n| `B` | empty |"
    assert texts(table) == ["| `A` | full |", "| `B` | empty |"]


def test_a_list_gives_its_items_with_what_is_below_them() -> None:
    assert texts("- one\n    - deep\n\n  more\n- two") == ["- one\n    - deep\n\n  more", "- two"]


def test_a_long_item_is_taken_apart() -> None:
    long = "x" * MAX_CHARS
    assert texts(f"- {long}\n    - deep\n    - deeper") == [f"- {long}", "- deep", "- deeper"]


def test_code_is_one_passage_and_keeps_its_indentation() -> None:
    assert texts("```\na = 1\n\nb = 2. C\n```") == ["```\na = 1\n\nb = 2. C\n```"]
    assert texts("Text.\n\n    code\n\n      more") == ["Text.", "    code\n\n      more"]


def test_headings_rules_and_link_definitions_are_left_out() -> None:
    assert texts("# Head\n\n[a]: https://example.com\n\n***\n\nText [a].") == ["Text [a]."]


@pytest.mark.parametrize(
    ("markdown", "label"),
    [
        ('=== "Windows"\n\n    Run it.', "Windows"),
        ('===! "Windows"\n\n    Run it.', "Windows"),
        ('!!! warning "Before you start"\n\n    Run it.', "Before you start"),
        ('??? note "More"\n    Run it.', "More"),
        ('???+ note "More"\n    Run it.', "More"),
        ("!!! note\n    Run it.", ""),
        (":::tip\nRun it.\n:::", ""),
        ("Run it.", ""),
    ],
)
def test_a_passage_carries_the_title_of_its_tab_or_admonition(markdown: str, label: str) -> None:
    assert labels(markdown) == [(label, "Run it.")]


def test_each_tab_labels_its_own_passages() -> None:
    assert labels('=== "Linux"\n\n    Run a.\n\n=== "Windows"\n\n    Run b.\n\nThen c.') == [
        ("Linux", "Run a."),
        ("Windows", "Run b."),
        ("", "Then c."),
    ]


def test_the_innermost_title_is_the_label_and_an_untitled_admonition_keeps_the_outer_one() -> None:
    assert labels('=== "Linux"\n\n    !!! note "Root"\n        Run a.\n\n    !!! note\n        Run b.') == [
        ("Root", "Run a."),
        ("Linux", "Run b."),
    ]


def test_a_quotation_gives_its_sentences() -> None:
    assert texts("> One. Two.\n>\n> Three.") == ["> One.", "Two.", "> Three."]


def test_an_html_block_is_one_passage() -> None:
    assert texts("<div><b>One.</b>\nTwo.</div>") == ["<b>One.</b>\nTwo."]


def last_chunk(text: str) -> Chunk:
    return split_document(Document("page.md", text.encode(), 0, None, {}, "", 0), 300, 0)[-1]


def test_a_chunk_that_begins_inside_a_fence_has_its_code_and_then_its_prose() -> None:
    code = "\n".join(f"line {number:03}" for number in range(40))
    found = [passage.text for passage in passages(last_chunk(f"```sh\n{code}\n```\n\nAfter it. And more.\n"))]
    assert found[0].startswith("line ")
    assert found[0].endswith("line 039")
    assert found[1:] == ["After it.", "And more."]


def test_a_chunk_that_begins_inside_a_tab_has_sentences() -> None:
    body = "\n\n".join(f"    Sentence {number:02}. Another one." for number in range(20))
    found = [passage.text for passage in passages(last_chunk(f'=== "Linux"\n\n{body}\n'))]
    assert found[-2:] == ["Sentence 19.", "Another one."]


def test_a_chunk_that_begins_inside_a_table_has_rows() -> None:
    rows = "\n".join(f"| name{number:02} | value |" for number in range(40))
    found = [passage.text for passage in passages(last_chunk(f"| a | b |\n|---|---|\n{rows}\n"))]
    assert found[-2:] == ["| name38 | value |", "| name39 | value |"]
