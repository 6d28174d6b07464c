import pytest

from footnote.app.core.text import markdown
from footnote.app.core.text.markdown import Block, CostlyPageError, parse_blocks


def blocks(text: str) -> list[Block]:
    return parse_blocks(text, text.count("\n") + 1)


def outline(text: str) -> list[tuple[str, int, int]]:
    return [(block.kind, block.first, block.end) for block in blocks(text)]


def test_blocks_tile_every_line_of_the_text() -> None:
    text = "\nPara\n\n[a]: x\n\n- one\n- two\n\n```\ncode\n```\n"
    assert outline(text) == [
        ("other", 0, 1),
        ("paragraph", 1, 2),
        ("other", 2, 5),
        ("bullet_list", 5, 8),
        ("fence", 8, 11),
        ("other", 11, 12),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_gives_the_same_lines(newline: str) -> None:
    text = newline.join(["# A", "", "text", "more", "", "```", "code", "```"])
    assert [(block.kind, block.first, block.end) for block in parse_blocks(text, 8)] == [
        ("heading", 0, 1),
        ("other", 1, 2),
        ("paragraph", 2, 4),
        ("other", 4, 5),
        ("fence", 5, 8),
    ]


@pytest.mark.parametrize(
    ("markdown", "level", "heading"),
    [
        ("# Title", 1, "Title"),
        ("### Deep ###", 3, "Deep"),
        ("Setext\n===", 1, "Setext"),
        ("Two\nlines\n---", 2, "Two lines"),
        ("# The `--flag` of *foo*", 1, "The --flag of foo"),
        ("# A [link](x.md) and ![logo](x.png)", 1, "A link and logo"),
        ("# Tom &amp; Jerry", 1, "Tom & Jerry"),
        ("## Title { #anchor }", 2, "Title"),
        ("## Title {#anchor .big}", 2, "Title"),
        ("## Title {: .big }", 2, "Title"),
        ("## Title {width=3}", 2, "Title"),
        ("## Title { data-search-exclude }", 2, "Title"),
        ("## GET /users/{id}", 2, "GET /users/{id}"),
        ("## `${HOME}`", 2, "${HOME}"),
        ("#", 1, ""),
    ],
)
def test_a_heading_has_its_level_and_plain_text(markdown: str, level: int, heading: str) -> None:
    [block] = blocks(markdown)
    assert (block.kind, block.level, block.heading) == ("heading", level, heading)


def test_a_long_list_may_be_cut_between_its_items_and_their_sublists() -> None:
    [listing] = blocks("- one\n    - deep\n    - deeper\n- two")
    assert [(item.kind, item.first, item.end) for item in listing.children] == [
        ("list_item", 0, 3),
        ("list_item", 3, 4),
    ]
    assert [child.kind for child in listing.children[0].children] == ["paragraph", "bullet_list"]


def test_a_table_is_one_block() -> None:
    assert outline("| a | b |\n|---|---|\n| 1 | 2 |\ntext below\n\nend")[0] == ("table", 0, 4)


@pytest.mark.parametrize(
    "markdown",
    [
        '!!! warning "Careful"\n    First.\n\n    ```\n    code\n    ```',
        "??? note\n    First.\n\n    ```\n    code\n    ```",
        "???+ note\n    First.\n\n    ```\n    code\n    ```",
        ":::tip\nFirst.\n\n```\ncode\n```\n:::",
        "::: danger Whatever\nFirst.\n\n```\ncode\n```\n:::",
        '=== "Linux"\n\n    First.\n\n    ```\n    code\n    ```',
        '===! "Linux"\n    First.\n\n    ```\n    code\n    ```',
    ],
)
def test_what_is_inside_an_admonition_container_or_tab_is_markdown(markdown: str) -> None:
    [block] = blocks(markdown)
    assert (block.first, block.end) == (0, markdown.count("\n") + 1)
    kinds = [child.kind for child in block.children]
    assert [kind for kind in kinds if kind not in ("other", "admonition_title")] == ["paragraph", "fence"]


def test_a_container_holds_its_closing_line() -> None:
    assert outline(":::tip\ntext\n:::\nafter") == [("container_admonition", 0, 3), ("paragraph", 3, 4)]
    assert outline("::::a\n:::b\ntext\n:::\n::::\nafter") == [("container_admonition", 0, 5), ("paragraph", 5, 6)]
    assert outline(":::tip\nnever closed") == [("container_admonition", 0, 2)]
    [item] = blocks("- item\n\n    :::tip\n    text\n    :::\n")[0].children
    assert [(child.kind, child.first, child.end) for child in item.children][-1] == ("container_admonition", 2, 5)


def test_a_tab_ends_at_the_next_tab_or_at_less_indented_text() -> None:
    text = '=== "A"\n    a\n\n=== "B"\n    b\n\nAfter.\n'
    assert [entry for entry in outline(text) if entry[0] != "other"] == [
        ("tab", 0, 2),
        ("tab", 3, 5),
        ("paragraph", 6, 7),
    ]


def test_a_tab_in_a_list_item_belongs_to_the_item() -> None:
    [listing] = blocks('- item\n\n    === "A"\n        a\n')[:1]
    [item] = listing.children
    assert [child.kind for child in item.children if child.kind != "other"] == ["paragraph", "tab"]


def test_a_tab_sign_in_code_or_without_a_title_is_text() -> None:
    assert outline('```\n=== "A"\n```') == [("fence", 0, 3)]
    assert outline('    === "A"') == [("code_block", 0, 1)]
    assert outline("text\n\n=== A") == [("paragraph", 0, 1), ("other", 1, 2), ("paragraph", 2, 3)]


def test_an_unclosed_fence_reaches_the_end() -> None:
    assert outline("text\n\n```\n# not a heading\n\n- no list") == [
        ("paragraph", 0, 1),
        ("other", 1, 2),
        ("fence", 2, 6),
    ]


@pytest.mark.parametrize("prefix", ["", "# "])
def test_emphasis_nested_without_bound_is_read(prefix: str) -> None:
    text = prefix + "*a " * 2000 + "b* " * 2000
    assert [block.kind for block in blocks(text)] == ["heading" if prefix else "paragraph"]


@pytest.mark.parametrize("opener", ["> ", "- ", "[", '!!! "x"\n'])
def test_blocks_nested_without_bound_are_read(opener: str) -> None:
    text = opener * 3000 + "x"
    assert blocks(text)[-1].end == text.count("\n") + 1


def test_too_many_blocks_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "MAX_BLOCKS", 50)
    assert blocks("a\n" * 60)
    with pytest.raises(CostlyPageError, match="more than 50 blocks"):
        blocks("- a\n" * 60)
