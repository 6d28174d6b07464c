import pytest

from footnote.ingest.split import split_document
from tests.ingest.test_split import document_of


def texts(page: str) -> list[str]:
    return [chunk.text for chunk in split_document(document_of(page))]


@pytest.mark.parametrize(
    "nothing",
    [
        "---",
        "***",
        "_ _ _",
        "---\n---",
        "&nbsp;",
        "&#160;&zwnj;",
        "\u200b",
        "-\n-",
        "- [ ]",
        "1.",
        ">",
        "|  |  |\n|--|--|\n|  |  |",
        "```\n```",
        "```sh\n\n```",
        "~~~~\n~~~~",
        "$$\n$$",
        "\\",
        "![](a.png)",
        "[](a.md)",
        "[^1]:",
        "[a]: https://a.example\n  [b c]: ../b.md#c",
        "---\n\n[a]: https://a.example\n\n&nbsp;",
        ":::",
        "#",
    ],
)
def test_what_has_nothing_to_read_is_no_chunk(nothing: str) -> None:
    assert texts(f"{nothing}\n") == []
    assert texts(f"{nothing}\n\n# Title\n\nText.\n")[-1].endswith("# Title\n\nText.")
    assert len(texts(f"{nothing}\n\n# Title\n\nText.\n")) == 1


@pytest.mark.parametrize(
    "page",
    [
        "# Title",
        "日本",
        "7",
        "🎉",
        "→",
        "- a",
        "```\n{}\n```",
        "```\n>>>\n```",
        "~~~~\n```\n~~~~",
        "![A map](a.png)",
        "[a](b.md)",
        "[Note]: this is no definition",
        "[^1]: Word.",
        "| a |\n|---|\n",
        "&copy;",
        "---\n\n---\n\nText.",
    ],
)
def test_what_a_reader_reads_is_a_chunk(page: str) -> None:
    assert texts(f"{page}\n") == [page.rstrip()]


def test_lines_of_old_macs_are_lines() -> None:
    assert texts("```\r```\rText.\r\r[a]: b.md\rMore.") == ["```\r```\rText.\r\r[a]: b.md\rMore."]
    assert texts("[a]: b.md\r\r---\r") == []


def test_a_rule_stays_in_the_chunk_that_it_stands_in() -> None:
    assert texts("One.\n\n---\n\nTwo.\n") == ["One.\n\n---\n\nTwo."]


def test_a_rule_above_the_first_heading_is_no_hit_and_no_front_matter() -> None:
    assert texts("---\n\n# Title\n\nText.\n\n---\n\n## Next\n\nMore.\n") == [
        "# Title\n\nText.\n\n---",
        "## Next\n\nMore.",
    ]


@pytest.mark.parametrize("sign", ["[a", "](", "[^", "```", "> ", "&", "1.", "- [ ]"])
def test_a_long_passage_is_told_in_time_that_grows_with_it(sign: str) -> None:
    assert texts(sign * 50_000 + "\n") is not None
