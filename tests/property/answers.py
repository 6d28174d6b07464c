"""Answers as language models write them, good and bad, and ways to cut them into tokens."""

from hypothesis import strategies as st

_SENTENCES = (
    "Relay listens on port 7070 [1].",
    "Relay listens on port 9999 [1].",
    "Backups are kept for 30 days.[2]",
    "Backups run at 02:00 [2, 1].",
    "Backups are kept for 90 days [2].",
    "It is blue.",
    "It costs 5 dollars and was made by Anna Karenina.",
    "The docs do not say.",
    "The docs do not say who wrote it.",
    "Yes.",
    "See e.g. `RELAY_PORT`. It is set [7].",
    "See [the guide](https://evil.example/?q=1).",
    "It is <b>bold</b> and ![an image](http://x/y.png).",
    "Run `relay --port <n>`.",
    "Open `code and [a bracket",
    "缓存在本地。默认端口是 7070 [1]。",
    "[1]: http://evil.example",
    "[a]: javascript:alert(1)",
    "Set `RELAY_PORT` to it [1]",
    "!",
    "[1]",
    "**Ports:**",
    "These are set:",
    "## Backups",
)
_CODE = ("```sh\nrelay --port 7070\n\n# a. B\n```", "```\nnever closed", "~~~\n<script>\n~~~\n[1]", "    indented <b>")
_TABLES = (
    "| Setting | Purpose |\n|---|---|\n| `RELAY_PORT` | the port that Relay listens on [1] |\n| `X` | 9999 |",
    "A | B\n--- | ---\nRelay listens on port 7070 | [1]",
)
_TOKENS = st.text("ab. \n`[]1()<>!|-*#:~é。", max_size=8)


_MARKS = (
    "",
    "- ",
    "* ",
    "1. ",
    "2. ",
    "10) ",
    "  - ",
    "   ",
    "    ",
    "      ",
    "\t",
    "> ",
    "> - ",
    "- 1. ",
    "## ",
    "| ",
)
_LINES = (
    *(
        "~~~",
        "```",
        "```sh",
        "~~~~",
        "````",
        "``` a`b",
        "`",
        "``",
        "a ` b",
        "\\`",
        "[7] ~~~",
        "It is so. ```",
        "---",
        "===",
    ),
    *("<script>", "</script>", "<b>x</b>", "<!-- c", "-->", "&lt;b>", "[a](javascript:x)", "![i](x)", "[a", "](x)"),
    *(
        "[1]",
        "[1]:",
        "http://x.y",
        "[1]: <x>",
        "[a]: javascript:alert(1)",
        "[1] - x",
        "[7] 2. B",
        "See [7].",
        "\r",
        "\x0c",
    ),
    *("Relay listens on port 7070 [1].", "Relay listens on port 9999 [1].", "It is `set`. Backups run at 02:00 [2]."),
    *("It costs 5 dollars and was made by Anna Karenina.", "Steps:", "**Ports:**", "|---|---|", "a | b", "Yes."),
)


def answers() -> st.SearchStrategy[str]:
    """Markdown texts: paragraphs, lists below lead-ins, code, tables, what is none of these, and lines at random."""
    sentence = st.sampled_from(_SENTENCES) | _TOKENS
    paragraph = st.lists(sentence, min_size=1, max_size=4).map(" ".join)
    blocks = st.lists(paragraph | _lists() | st.sampled_from(_CODE + _TABLES), max_size=4).flatmap(_joined)
    line = st.tuples(
        st.sampled_from(_MARKS), st.sampled_from(_LINES), st.sampled_from(["\n", "\n", "\n\n", " ", "\n \n"])
    )
    return blocks | st.lists(line.map("".join), max_size=9).map("".join)


def chunkings(text: str) -> st.SearchStrategy[list[str]]:
    """The text cut into tokens of any length."""
    cuts = st.lists(st.integers(0, len(text)), max_size=max(1, len(text) // 3)).map(sorted)
    return cuts.map(lambda ends: [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)])


def _lists() -> st.SearchStrategy[str]:
    marks = st.sampled_from(["- ", "* ", "1. ", "2. ", "3) ", "  - ", "   1. ", "      - "])
    said = st.sampled_from(_SENTENCES) | st.sampled_from(_CODE)
    lines = st.lists(st.tuples(marks, said).map("".join), min_size=1, max_size=5).map("\n".join)
    lead_in = st.sampled_from(["", "Steps:\n\n", "It is:\n", "**Label**\n", "## Heading\n\n"])
    return st.tuples(lead_in, lines).map("".join)


def _joined(blocks: list[str]) -> st.SearchStrategy[str]:
    gaps = st.lists(st.sampled_from(["\n\n", "\n", " ", "\n\n\n"]), min_size=len(blocks), max_size=len(blocks))
    return gaps.map(lambda found: "".join(block + gap for block, gap in zip(blocks, found, strict=True)))
