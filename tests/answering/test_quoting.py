"""Which run of a section is quoted, and what a reader sees of it."""

from dataclasses import replace
from functools import partial

import pytest
from markdown_it import MarkdownIt

from footnote.app.answering.links import Links
from footnote.app.answering.quoting.choose import scored
from footnote.app.answering.quoting.escaping import bold, unescaped
from footnote.app.answering.quoting.extend import RUN_CHARS, Run, extended, readable, standing_alone
from footnote.app.answering.quoting.render import rendered
from footnote.app.answering.quoting.stretches import stretches
from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Hit, StageScore
from footnote.ingest.split import split_document
from footnote.ingest.types import Document
from tests.builders import make_hit

FILLER = "The relay keeps all of its messages in a queue on the disk until they have been delivered to every client. "


def stretch_of(page, **cut):
    [stretch] = stretches([make_hit(page, **cut)])
    return stretch


def run_of(page, asked, room=900):
    """The run around the part that holds what is asked for."""
    stretch = stretch_of(page)
    [place] = [n for n, part in enumerate(stretch.parts) if asked in stretch.text[part.start : part.end]]
    return extended(readable(stretch, place, place, room), room)


def shown(page, flavour=PLAIN, **settings):
    return shown_of(stretch_of(page), flavour, **settings)


def shown_of(stretch, flavour=PLAIN, **settings):
    links = Links(load_settings(env_file=None, **settings).links, PLAIN.anchors)
    resolve = partial(links.target, "guides/a.md", 1)
    return rendered(Run(stretch, 0, len(stretch.parts) - 1), flavour, resolve)


def hits_of(text, size):
    chunks = split_document(Document("page.md", text.encode(), 0, None, {}, "", 0), size, size // 4)
    return [Hit(chunk, None, StageScore(1, 1.0), StageScore(1, 1.0)) for chunk in chunks]


def test_overlapping_chunks_are_one_stretch_with_each_part_once():
    text = "# Steps\n\n" + "".join(f"{n}. Say “{n}” to the relay and wait for its lamp.\n" for n in range(1, 30))
    hits = hits_of(text, 300)
    [stretch] = stretches([replace(hits[2], reranked=StageScore(1, 4.0)), hits[0], hits[1]])
    assert text.encode().startswith(stretch.text.encode())
    said = [stretch.text[part.start : part.end] for part in stretch.parts]
    assert (stretch.rank, stretch.logit(0, 0), stretch.logit(len(said) - 1, len(said) - 1), stretch.begins_section) == (
        0,
        0.0,
        4.0,
        True,
    )
    assert said == text.splitlines()[2 : 2 + len(said)]
    quote = stretch.passage(3, 5)
    assert text.encode()[quote.start : quote.end].decode() == quote.text == "\n".join(said[3:6])
    assert (quote.start_line, quote.end_line) == (6, 8)


def test_steps_are_quoted_as_a_whole_also_where_they_are_long():
    steps = "".join(f"{n}. Turn the key of lamp {n} of the relay, and {FILLER}\n" for n in range(1, 8))
    run = run_of(f"# Lamps\n\nFollow these steps:\n\n{steps}", "lamp 4")
    assert run.chars > 900
    assert run.text.startswith("Follow") and "lamp 7" in run.text


def test_blocks_within_an_item_are_labels_above_their_content():
    page = (
        "# Remove\n\n1.  Clean up:\n\n    ```console\n    $ relay clean\n    ```\n\n"
        "    !!! tip\n\n        Look first.\n\n"
        '    === "Linux"\n\n        ```sh\n        !!! no\n        rm relay\n        ```\n\n2.  Done.\n'
    )
    assert shown(page) == (
        "1.  Clean up:\n\n    ```console\n    $ relay clean\n    ```\n\n    **Tip**\n\n    Look first.\n\n"
        "    **Linux**\n\n    ```sh\n    !!! no\n    rm relay\n    ```\n\n2.  Done."
    )


def test_of_tabs_a_run_has_the_one_that_the_question_names():
    page = '# Install\n\n=== "Windows"\n\n    Run the setup.\n\n=== "Linux"\n\n    Run the package.\n'
    stretch = stretch_of(page)
    assert extended(Run(stretch, 1, 1), 900, frozenset(["linux"])).text == "Run the package."
    assert extended(Run(stretch, 1, 1), 900, frozenset(["instal"])).text.startswith("Run the setup.")


def test_a_break_parts_words():
    assert shown("# A\n\n| Key | What |\n|---|---|\n| age | Seconds<br>0 means never |\n").endswith(
        "| Seconds 0 means never |"
    )


def test_chunks_with_something_between_them_are_stretches_of_their_own():
    hits = hits_of("# A\n\nOne.\n\n# B\n\nTwo.\n", 300)
    assert [one.text.strip() for one in stretches(hits)] == ["# A\n\nOne.", "# B\n\nTwo."]


def test_a_fence_in_two_chunks_is_one_part():
    code = "\n".join(f"relay step --number {n}" for n in range(30))
    [stretch] = stretches(hits_of(f"Run it:\n\n```sh\n{code}\n```\n", 300))
    assert [part.kind for part in stretch.parts] == ["sentence", "code"]
    assert stretch.text[stretch.parts[1].start : stretch.parts[1].end] == code


@pytest.mark.parametrize(
    ("page", "asked", "first", "last"),
    [
        # A short section is quoted as a whole.
        ("One.\n\nTwo.\n\n- three\n- four\n\n```\nfive\n```", "Two", "One.", "five\n```"),
        # Steps, and what introduces them.
        (
            f"{FILLER * 5}\n\nTo reset it:\n\n1. Press.\n2. Hold.\n3. Wait.\n\n{FILLER * 5}",
            "Hold",
            "To reset",
            "3. Wait.",
        ),
        # Code, and the sentence above it.
        (f"{FILLER * 5}\n\nNow reset it.\n\n```\nrelay reset\n```\n\n{FILLER * 5}", "relay reset", "Now", "reset\n```"),
        # A sentence, and the code below it.
        (f"{FILLER * 5}\n\nNow reset it.\n\n```\nrelay reset\n```\n\n{FILLER * 5}", "Now reset", "Now", "reset\n```"),
        # What the beginning refers to.
        (f"{FILLER * 5}\n\nUse a token.\n\nAlternatively, use a key.\n\n{FILLER * 6}", "a key", "Use a", "use a key."),
        (f"{FILLER * 5}\n\n```\nrelay a\n```\n\nThis resets it.\n\n{FILLER * 6}", "This", FILLER[:20], "resets it."),
    ],
)
def test_a_run_is_what_can_be_read(page, asked, first, last):
    text = run_of(page, asked, 500).text
    assert text.startswith(first)
    assert text.endswith(last) or last in text


def test_a_row_of_a_long_table_is_quoted_alone():
    rows = "\n".join(f"| `sensor_{n}` | {n * 3} | what number {n} is about |" for n in range(40))
    assert run_of(f"Sensors:\n\n| Sensor | mV | About |\n|---|---|---|\n{rows}\n", "sensor_17").text.count("\n") == 0


def test_a_long_list_is_not_cut_into():
    items = "\n".join(f"- `--flag-{n}` makes number {n} do what it does, and nothing else" for n in range(40))
    run = run_of(f"Options:\n\n{items}\n\nAfter.", "flag-17")
    assert run.text == "- `--flag-17` makes number 17 do what it does, and nothing else"


def test_a_run_grows_down_and_up_within_its_section_and_no_further_than_that():
    paragraphs = [f"Number {n}. {FILLER}" for n in range(9)]
    run = run_of("\n\n".join(paragraphs), "Number 4.")
    assert run.text.startswith("Number 4.")
    assert RUN_CHARS - len(FILLER) < run.chars <= RUN_CHARS


def test_a_run_ends_before_what_introduces_something_else():
    text = run_of(f"Hold the key.\n\nFor older meters, see these steps:\n\n```\n{FILLER * 8}\n```", "Hold").text
    assert text == "Hold the key."


@pytest.mark.parametrize(
    ("page", "markdown"),
    [
        ("1. One:\n\n    ```sh\n    run\n      deep\n    ```\n\n2. Two.",) * 2,
        ('=== "Linux"\n\n    ```sh\n    run\n      deep\n    ```', "**Linux**\n\n```sh\nrun\n  deep\n```"),
        ('=== "A"\n\n    One.\n\n=== "B"\n\n    Two.', "**A**\n\nOne.\n\n**B**\n\nTwo."),
        ("!!! warning\n\n    Hot.\n    Really.", "**Warning**\n\nHot.\nReally."),
        ('!!! note "Before"\n\n    Read.', "**Before**\n\nRead."),
        (":::tip\nRead.\n:::", "**Tip**\n\nRead."),
        ("> [!NOTE]\n> Read\n> on.", "**Note**\n\nRead\non."),
        ("> Read\n> on.", "Read\non."),
        ("See [the page](../b.md#c), [d][e], [f](https://g.example/(h)).", "See the page, d, [f](<https://g.example/(h)>)."),
        ("![A chart](a.png) shows [![it](b.png)](https://c.example).", "A chart shows [it](https://c.example)."),
        ("Press <kbd>Ctrl</kbd>, {{< icon x >}} `<b>`{ .yaml }.\n{: .note }", "Press Ctrl,  `<b>`."),
        ("Works :material-check:, as ++ctrl+c++ does[^1].", "Works, as ctrl+c does."),
        ("{ref}`the page <label>` and {class}`~ray.Actor`", "the page and `ray.Actor`"),
        (
            'See {{< ref "/a/set-up.md#c" >}}. Or [that]({{< ref "b" >}}), {{% relref "b.md" %}}',
            "See set-up. Or that, b",
        ),
        ('```toml title="pyproject_a.toml" hl_lines="2"\na = 1\n```', "**pyproject_a.toml**\n\n```toml\na = 1\n```"),
        ('``` { .py .annotate hl_lines="2" }\na()  # (1)!\n# (2)! (3)!\nb() # (4)\n```', "```py\na()\nb() # (4)\n```"),
        ("``` title='x'\na\n```", "**x**\n\n```\na\n```"),
        ("```js\n// highlight-next-line\na() // [!code focus]\n```", "```js\na()\n```"),
        (
            '- Do:\n  ```{ .yaml .annotate title="a_b.yml" }\n  a: b <!-- (1)! -->\n  c: "# (1)!"\n  ```\n\n  Done.',
            '- Do:\n\n  **a_b.yml**\n\n  ```yaml\n  a: b\n  c: "# (1)!"\n  ```\n\n  Done.',
        ),
        ("1.  ~~~~ sh linenums='1'\n    ```\n    ~~~~", "1.  ~~~~sh\n    ```\n    ~~~~"),
        ("```{code-block} python\na = 1\n```", "```python\na = 1\n```"),
        ("~~~\na ``` b\n~~~", "````\na ``` b\n````"),
        ("    indented\n      more", "```\nindented\n  more\n```"),
        ("| a | b |\n|--|:-:|\n| [c](d.md) | `e \\| f` |", "| a | b |\n| --- | --- |\n| c | `e \\| f` |"),
        (
            "<table><tr><th>A</th><th>B</th></tr>\n<tr><td></td><td>d | e</td></tr></table>",
            "| A | B |\n| --- | --- |\n|  | d \\| e |",
        ),
        ("Term\n:   What it is.", "**Term**\n\nWhat it is."),
        ("Sum is\n    1. this. 2. That\n    # or this.", "Sum is\n    1. this. 2. That\n    # or this."),
    ],
)  # fmt: skip
def test_a_page_is_shown_as_plain_markdown(page, markdown):
    assert shown(page) == markdown


def test_of_a_site_with_code_annotations_each_form_of_their_marks_goes():
    page = "Run:\n\n```sh\na # (1)\nb (2)\n```\n\n1.  Why.\n"
    assert shown(page, Flavour("mkdocs", code_annotations=True)) == "Run:\n\n```sh\na\nb (2)\n```\n\n1.  Why."


def test_a_sentence_from_the_middle_of_a_line_begins_nothing():
    stretch = stretch_of("Say this. - And that. # And more.")
    for place in range(len(stretch.parts)):
        markdown = rendered(Run(stretch, place, place), PLAIN, lambda _: None)
        assert [token.type for token in MarkdownIt().parse(markdown)][0] == "paragraph_open"


def test_components_are_read_as_their_site_reads_them():
    page = 'Read <Highlight color="red">this</Highlight> now.'
    stretch = stretch_of(page)
    assert rendered(Run(stretch, 0, 0), Flavour("docusaurus", jsx=True), lambda _: None) == "Read this now."


def test_links_to_other_pages_are_made_of_the_template():
    page = (
        "See [b](../b.md#c), [here](#d), [e](e/), [f](/f.md), [g](g.png), [h](../../h.md) and [i](mailto:i@j.example)."
    )
    assert shown(page, link_template="https://docs.example/{page}#{anchor}") == (
        "See [b](https://docs.example/b/#c), [here](https://docs.example/guides/a/#d), e, f, g, h and "
        "[i](mailto:i@j.example)."
    )


@pytest.mark.parametrize("size", [1000, 80])
def test_links_whose_addresses_stand_elsewhere_on_the_page_are_links(size):
    page = (
        "# A\n\nSee [b], [the\nC][c d], [C  d][],\n[e], [f][f], [g], `[b]` and [1].\n\n# B\n\n"
        "[b]: https://b.example\n[C D]: ../c.md#d 'Title'\n[e]: e.png\n[1]: https://b.example\n"
    )
    stretch = stretches(hits_of(page, size))[0]
    assert shown_of(stretch, link_template="https://docs.example/{page}#{anchor}") == (
        "See [b](https://b.example), [the\nC](https://docs.example/c/#d), [C  d](https://docs.example/c/#d),\n"
        "e, f, [g], `[b]` and [1]."
    )


def test_a_reference_by_a_shortcode_reads_as_its_text():
    stretch = stretches(hits_of('# A\n\nSee [b], [c][b].\n\n# B\n\n[b]: {{< ref "b.md" >}}\n', 1000))[0]
    assert shown_of(stretch) == "See b, c."


@pytest.mark.parametrize("text", ["a_b.toml", "_private_ *x*", "[1] <b>", "`code`", "a\\b"])
def test_a_line_in_bold_shows_its_text(text):
    markdown = bold(text)
    assert MarkdownIt().render(markdown).count("<strong>") == 1
    assert unescaped(markdown[2:-2]) == text.replace("*", "").replace("`", "")


def test_a_run_does_not_grow_up_to_what_points_further_back():
    text = run_of(f"{FILLER[:-2] * 9}.\n\nThis is often useful.\n\nHold the key.", "Hold").text
    assert text == "Hold the key."


def beside_of(text, size, found):
    """The stretch of the chunk that holds what was found, with the chunks beside it."""
    hits = hits_of(text, size)
    place = next(n for n, hit in enumerate(hits) if found in hit.chunk.text)
    around = [hit.chunk for hit in hits[max(0, place - 1) : place + 2]]
    return stretches([hits[place]], around)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("size", [150, 400, 1000])
def test_a_stretch_goes_on_to_the_chunks_beside_the_hit_with_every_byte_as_on_the_page(size, end):
    paragraphs = "".join(f"Number {n} is “one”. {FILLER.strip()}\n\n```\nrelay {n}\n```\n\n" for n in range(9))
    text = f"# Numbers\n\n{paragraphs}".replace("\n", end)
    [stretch] = beside_of(text, size, "Number 5")
    assert text.encode()[stretch.chunk.start : stretch.end] == stretch.text.encode()
    assert len(stretch.text) > size or end == "\r\n"
    for place in range(len(stretch.parts)):
        quote = stretch.passage(place, place)
        assert text.encode()[quote.start : quote.end] == quote.text.encode()
        assert text.encode()[: quote.start].count(b"\n") + 1 == quote.start_line


def test_a_stretch_ends_with_its_section_and_before_what_is_hidden():
    text = f"# A\n\nOne.\n\n# B\n\nTwo. {FILLER}\n\n<!-- hidden -->\n\nThree. {FILLER}\n"
    for found in ("One", "Two", "Three"):
        [stretch] = beside_of(text, 150, found)
        assert [one for one in ("One", "Two", "Three", "hidden") if one in stretch.text] == [found]


def test_nothing_but_what_was_found_is_scored_and_each_passage_by_its_own_hit():
    text = f"# A\n\nOne: {FILLER}".rstrip() + f"\n\nTwo: {FILLER}".rstrip() + f"\n\nThree: {FILLER}"
    one, two, three = hits_of(text, 130)
    [stretch] = stretches([two], [one.chunk, three.chunk])
    assert [candidate.text[:3] for candidate in scored("?", [stretch], Alike(), None)] == ["Two"]
    [stretch] = stretches([replace(three, reranked=StageScore(1, 5.0)), one], [two.chunk])
    assert [candidate.score for candidate in scored("?", [stretch], Alike(), None)] == [0.0, 5.0]


class Alike:
    """A reranker to which all is alike."""

    def score(self, pairs):
        return [0.0 for _ in pairs]


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("Alternatively, hold the key.", "hold the key."),
        ("Finally,\nhold the key.", "hold the key."),
        ("However, this holds. Hold it.", "Hold it."),
        ("This holds. Hold it.", "Hold it."),
        ("In\nthis case, hold. Hold it.", "Hold it."),
        ("As above, hold. Hold it.", "Hold it."),
        ("The command above holds. Hold it.", "Hold it."),
        ("These options hold. Then hold.", None),
        ("This page is about keys.", "This page is about keys."),
        ("Values above 5 are high.", "Values above 5 are high."),
        ("That is all.", None),
    ],
)
def test_a_run_that_cannot_have_what_it_refers_to_begins_behind_that(said, rest):
    stretch = stretch_of(f"# A\n\n{FILLER * 9}\n\n{said}")
    first = next(n for n, part in enumerate(stretch.parts) if said.startswith(stretch.text[part.start : part.end]))
    run = standing_alone(Run(stretch, first, len(stretch.parts) - 1), len(stretch.parts) - 1)
    assert (run and run.text) == rest


def test_what_is_left_out_at_the_beginning_is_marked_outside_the_quote():
    stretch = stretch_of(f"# A\n\n{FILLER}\n\nAlso, hold it.")
    run = standing_alone(Run(stretch, 1, 1), 1)
    assert rendered(run, PLAIN, lambda _: None) == "… hold it."
    assert stretch.passage(run.first, run.last, run.left_out).text == "hold it."


SCRIPT = "\n".join(f"relay step --number {n}" + "\n" * (n % 5 == 4) for n in range(60))


@pytest.mark.parametrize("fence", ["```sh\n{}\n```", "> ```sh\n> {}\n> ```", "    {}"])
def test_of_long_code_lines_around_what_is_asked_are_quoted(fence):
    code = fence.format(SCRIPT.replace("\n", f"\n{fence[: fence.index('{')].rpartition(chr(10))[2]}"))
    stretch = stretch_of(f"# A\n\nRun all of it:\n\n{code}\n\nThen wait.\n")
    assert all(part.is_cut for part in stretch.parts if part.kind == "code")
    [place] = [n for n, part in enumerate(stretch.parts) if "number 27\n" in stretch.text[part.start : part.end]]
    run = extended(readable(stretch, place, place, 900), 900)
    assert run.chars <= RUN_CHARS
    markdown = rendered(run, PLAIN, lambda _: None)
    [code] = [token for token in MarkdownIt().parse(markdown) if token.type in ("fence", "code_block")]
    lines = code.content.split("\n")
    assert "relay step --number 27" in lines
    assert all(line in SCRIPT.split("\n") for line in lines)
    assert markdown.endswith(f"\n\n({len(list(filter(None, lines)))} of 60 lines)")
    assert stretch.passage(place, place).fence == stretch.parts[place].fence


@pytest.mark.parametrize(
    ("rows", "first", "last", "note"),
    [
        (40, 3, 5, "(3 of 40 rows)"),
        (40, 3, 3, "(1 of 40 rows)"),
        (40, 0, 39, ""),
        (3, 0, 2, ""),
    ],
)
def test_a_reader_is_told_how_many_rows_of_a_table_are_shown(rows, first, last, note):
    body = "\n".join(f"| `sensor_{n}` | {n * 3} |" for n in range(rows))
    stretch = stretch_of(f"# A\n\n| Sensor | mV |\n|---|---|\n{body}\n\nAfter.\n")
    markdown = rendered(Run(stretch, first, last), PLAIN, lambda _: None)
    assert markdown.rpartition("|")[2].strip() == note


def test_rows_of_a_table_whose_length_is_not_known_are_of_a_longer_one():
    body = "\n".join(f"| `sensor_{n}` | {n * 3} |" for n in range(90))
    text = f"# A\n\n| Sensor | mV |\n|---|---|\n{body}\n"
    [stretch] = beside_of(text, 400, "sensor_40")
    assert rendered(Run(stretch, 5, 5), PLAIN, lambda _: None).endswith("\n\n(1 row of a longer table)")
    [stretch] = beside_of(text, 4000, "sensor_40")
    assert rendered(Run(stretch, 5, 6), PLAIN, lambda _: None).endswith("\n\n(2 of 90 rows)")
