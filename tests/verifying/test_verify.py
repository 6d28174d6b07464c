"""A saved answer is checked against the docs as they are now: every verdict, what is said with it, and what is read."""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.errors import DocsFolderError, SavedAnswerError
from footnote.app.core.settings import load_settings
from footnote.app.index.docs_folder import docs_folder
from footnote.app.index.manifest import read_manifest
from footnote.app.schemas.answers import AnswerOut
from footnote.app.schemas.verification import SavedCitation
from footnote.app.verifying.saved import read_citations
from footnote.app.verifying.verify import verify
from tests.fake_llm import run_fake_llm
from tests.http.test_http import assert_problem, serving, until

SETTINGS = load_settings(env_file=None)
PAGE = """# Backups

Backups run every night at 02:00. Each backup is kept for 30 days, then it is deleted.

- Restores take an hour.
- Ask the operations team.

The vault holds the keys.
"""
QUOTE = "Each backup is kept for 30 days, then it is deleted."
LIST = "- Restores take an hour.\n- Ask the operations team."


def cited(page=PAGE, quote=QUOTE, path="guides/backups.md", **changes):
    """The citation of the first place of a quote, as a program would have saved it."""
    raw, part = (text if isinstance(text, bytes) else text.encode() for text in (page, quote))
    start = raw.index(part)

    def line(before):
        return 1 + before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")

    fields = {
        "number": 1,
        "path": path,
        "start_line": line(raw[:start]),
        "end_line": line(raw[: start + len(part) - 1]),
        "start": start,
        "end": start + len(part),
        "quote": part.decode(),
        "sha256": hashlib.sha256(part).hexdigest(),
    }
    return {**fields, **changes}


@pytest.fixture
def checked(tmp_path, write_docs):
    """Writes a docs folder and verifies citations against it."""

    def check(files, *citations, settings=SETTINGS):
        docs = write_docs(tmp_path / "docs", files)
        return verify([SavedCitation(**citation) for citation in citations], docs, settings.ingest)

    return check


def place(one):
    now = one.now
    return (now.path, now.start_line, now.end_line, now.start, now.end)


def test_a_quote_that_stands_where_it_stood_is_valid(checked):
    [one] = checked({"guides/backups.md": PAGE}, cited())
    assert (one.verdict, one.reason, one.diff) == ("valid", None, None)
    assert place(one) == ("guides/backups.md", 3, 3, 45, 97)


def test_lines_decide_and_not_offsets(checked):
    edited = PAGE.replace("# Backups", "# All our backups").replace("02:00", "2 am")
    [one] = checked({"guides/backups.md": "\ufeff" + edited}, cited())
    assert one.verdict == "valid"
    assert place(one)[1:] == (3, 3, 45 + 3 + 8 - 1, 97 + 3 + 8 - 1)


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_count_as_the_splitter_counts_them(checked, line_end):
    page = PAGE.replace("\n", line_end)
    citations = [cited(page), cited(page, LIST.replace("\n", line_end))]
    assert [(one["start_line"], one["end_line"]) for one in citations] == [(3, 3), (5, 6)]
    one, several = checked({"guides/backups.md": page}, *citations)
    assert (one.verdict, several.verdict) == ("valid", "valid")


def test_a_line_end_belongs_to_the_line_that_it_ends(checked):
    [one] = checked({"a.md": "x\r\ny\n"}, cited("x\r\ny\n", "x\r\n", "a.md", end_line=1))
    assert (one.verdict, place(one)) == ("valid", ("a.md", 1, 1, 0, 3))


@pytest.mark.parametrize("end", ["", "\n"])
def test_of_two_on_the_cited_line_the_one_at_the_cited_offset_is_named(checked, end):
    page = "Yes. No. Yes. No. Yes." + end
    second = cited(page, "Yes.", start=9, end=13)
    [one] = checked({"guides/backups.md": page}, second)
    assert (one.verdict, place(one)[3:]) == ("valid", (9, 13))


def test_a_quote_that_stands_on_another_line_has_moved(checked):
    [one] = checked({"guides/backups.md": "A new line.\n" + PAGE}, cited())
    assert (one.verdict, one.reason, one.diff) == ("moved", None, None)
    assert place(one) == ("guides/backups.md", 4, 4, 57, 109)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ({2: 1, 9: 1}, 9),
        ({1: 1, 9: 1}, 9),
        ({5: 1, 9: 1}, 5),
        ({4: 1, 10: 1}, 4),  # as near: the one above
        ({1: 1, 3: 2}, 3),
        ({9: 2, 14: 1}, 9),
        ({40: 1}, 40),
    ],
)
def test_of_several_places_in_the_file_the_nearest_is_named(checked, lines, found):
    page = "".join("x x " * lines.get(line, 0) + "\n" for line in range(1, 50))
    original = "\n" * 6 + "x x \n"
    [one] = checked({"a.md": page}, cited(original, "x x", "a.md"))
    assert (one.verdict, place(one)[1]) == ("moved", found)


def test_a_line_beyond_the_end_of_the_file_is_no_obstacle(checked):
    [one] = checked({"a.md": "x y z\n"}, cited("\n" * 99 + "x y z\n", "x y z", "a.md"))
    assert (one.verdict, place(one)) == ("moved", ("a.md", 1, 1, 0, 5))


def test_a_quote_of_another_file_has_moved_there_as_its_name_or_else_its_path_says(checked):
    files = {"a.md": PAGE, "z/backups.md": PAGE, "guides/backups.md": "# Backups\n\nSee the team.\n"}
    [one] = checked(files, cited())
    assert (one.verdict, place(one)) == ("moved", ("z/backups.md", 3, 3, 45, 97))
    [one] = checked({**files, "z/backups.md": "", "b.md": PAGE}, cited())
    assert (one.verdict, one.now.path) == ("moved", "a.md")


def test_a_renamed_file_is_found(checked):
    [one] = checked({"guides/restore.md": "\n" + PAGE}, cited())
    assert (one.verdict, place(one)) == ("moved", ("guides/restore.md", 4, 4, 46, 98))


def test_the_same_file_comes_first_however_far_away(checked):
    far = "# Backups\n" + "\n" * 500 + QUOTE
    [one] = checked({"guides/backups.md": far, "a.md": PAGE}, cited())
    assert (one.verdict, one.now.path, one.now.start_line) == ("moved", "guides/backups.md", 502)


def test_an_edited_quote_has_changed_and_the_diff_shows_how(checked):
    [one] = checked({"guides/backups.md": "\n" + PAGE.replace("30 days", "60 nights")}, cited())
    assert (one.verdict, one.reason) == ("changed", None)
    assert place(one)[1:3] == (4, 4)
    assert one.diff.split("\n") == [
        "--- guides/backups.md\tas cited",
        "+++ guides/backups.md\tnow",
        "@@ -3,1 +4,1 @@",
        f"-{QUOTE}",
        "+Each backup is kept for 60 nights, then it is deleted.",
    ]


def test_the_diff_of_several_lines_names_the_lines_of_both(checked):
    page = PAGE.replace("an hour.\n", "an hour,\n- or two when it is late.\n")
    [one] = checked({"guides/backups.md": page}, cited(quote=LIST))
    assert (one.verdict, place(one)[1:3]) == ("changed", (5, 7))
    assert one.diff.split("\n")[2:] == [
        "@@ -5,2 +5,3 @@",
        "-- Restores take an hour.",
        "+- Restores take an hour,",
        "+- or two when it is late.",
        " - Ask the operations team.",
    ]


def test_the_diff_shows_all_lines(checked):
    page = "".join(f"- line {number}\n" for number in range(20))
    [one] = checked({"a.md": page.replace("line 9\n", "other\n")}, cited(page, page.rstrip(), "a.md"))
    assert one.diff.split("\n")[2] == "@@ -1,20 +1,20 @@"
    assert len(one.diff.split("\n")) == 3 + 21


def test_indentation_is_part_of_what_stands_there(checked):
    page = "List:\n\n    kubectl apply --file deployment.yaml\n"
    edited = page.replace("apply", "replace")
    [one] = checked({"a.md": edited}, cited(page, "    kubectl apply --file deployment.yaml", "a.md"))
    assert one.diff.split("\n")[-1] == "+    kubectl replace --file deployment.yaml"


def test_markup_around_the_words_is_part_of_what_stands_there(checked):
    page = "Set **alpha beta gamma delta**, now please.\n"
    [one] = checked({"a.md": page.replace("beta", "omega")}, cited(page, "**alpha beta gamma delta**,", "a.md"))
    assert one.diff.split("\n")[-1] == "+**alpha omega gamma delta**,"


def test_upper_and_lower_case_are_the_same_word(checked):
    [one] = checked({"guides/backups.md": PAGE.upper()}, cited())
    assert (one.verdict, one.diff.split("\n")[-1]) == ("changed", f"+{QUOTE.upper()}")


@pytest.mark.parametrize(
    ("edited", "line"),
    [
        ("Each team has its own rules for this.\n\nBackup is kept for 60 days, then it is deleted.", 3),
        ("Each backup is kept for 60 days, then it is over.\n\nWhat is no more of any use is deleted.", 1),
    ],
)
def test_a_word_that_stands_apart_is_no_part_of_it(checked, edited, line):
    [one] = checked({"guides/backups.md": edited}, cited())
    assert (one.verdict, place(one)[1:3]) == ("changed", (line, line))


@pytest.mark.parametrize(
    ("words", "kept", "verdict"),
    [
        *((8, 4, "changed"), (8, 3, "gone"), (7, 4, "changed"), (7, 3, "gone"), (4, 3, "changed"), (4, 2, "gone")),
        *((3, 3, "changed"), (3, 2, "gone"), (2, 2, "changed"), (2, 1, "gone"), (1, 1, "changed"), (1, 0, "gone")),
    ],
)
def test_half_of_the_words_must_be_left_and_three(checked, words, kept, verdict):
    quote = " ".join(f"word{number}" for number in range(words))
    now = " ".join(f"{'Word' if number < kept else 'other'}{number}" for number in range(words))
    [one] = checked({"a.md": f"{now}\n"}, cited(quote, quote, "a.md"))
    assert one.verdict == verdict


def test_words_out_of_order_or_far_apart_are_not_enough(checked):
    quote = "alpha beta gamma delta"
    for now in ("delta gamma beta alpha", "alpha x beta y gamma", "alpha x beta x x x gamma x x x delta"):
        [one] = checked({"a.md": f"{now}\n"}, cited(quote, quote, "a.md"))
        assert one.verdict == "gone"


@pytest.mark.parametrize(("edited", "verdict"), [(150, "changed"), (151, "gone")])
def test_a_very_long_quote_is_compared_by_lines(checked, edited, verdict):
    page = "".join(f"  - word{number} is in here\n" for number in range(300))
    now = page.replace("here", "there", edited)
    [one] = checked({"a.md": now}, cited(page, page.strip(), "a.md"))
    assert one.verdict == verdict


def test_of_two_equally_edited_places_the_nearer_is_shown(checked):
    edited = QUOTE.replace("30 days", "60 days")
    page = f"{edited}\n" + "\n" * 20 + f"{edited}\n\nText.\n"
    far_down = "\n" * 20 + PAGE
    [one] = checked({"guides/backups.md": page}, cited(far_down))
    assert (one.verdict, place(one)[1:3]) == ("changed", (22, 22))


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("It is `kept` for 60 weeks, then it is deleted.", "It is `kept` for 60 weeks, then it is deleted."),
        ("Each (old) backup is kept for 30 days!", "Each (old) backup is kept for 30 days!"),
        ("each backup is kept for 30 days, then it is deleted", "each backup is kept for 30 days, then it is deleted"),
    ],
)
def test_what_replaced_words_at_its_edges_is_shown_too_and_no_more_of_the_line(checked, sentence, shown):
    page = PAGE.replace(QUOTE, f"{sentence} Ask us. Or do not. Nobody reads this.")
    [one] = checked({"guides/backups.md": page}, cited())
    assert one.verdict == "changed"
    assert page.encode()[one.now.start : one.now.end].decode() == shown
    assert one.diff.split("\n")[-1] == f"+{shown}"


def test_other_line_ends_are_a_change_that_no_diff_shows(checked):
    [one] = checked({"guides/backups.md": PAGE.replace("\n", "\r\n")}, cited(quote=LIST))
    assert (one.verdict, one.diff, one.reason) == ("changed", None, "only line ends differ")
    assert place(one)[1:3] == (5, 6)


def test_a_script_without_spaces_is_compared_by_characters(checked):
    quote = "备份每天晚上两点运行，保留三十天，然后删除。"
    page = f"# 备份\n\n介绍。{quote}请问运维团队。\n"
    [one] = checked({"a.md": page.replace("三十", "六十")}, cited(page, quote, "a.md"))
    assert one.verdict == "changed"
    assert one.diff.split("\n")[-2:] == [f"-{quote}", f"+{quote.replace('三十', '六十')}"]


def test_a_file_that_is_no_utf8_is_compared_too(checked):
    raw = b"\xff\xfe\n" + PAGE.replace("30 days", "60 days").encode() + b"\xff"
    [one] = checked({"guides/backups.md": raw}, cited())
    assert (one.verdict, place(one)) == ("changed", ("guides/backups.md", 4, 4, 48, 100))


def test_a_deleted_quote_is_gone(checked):
    [one] = checked({"guides/backups.md": PAGE.replace(QUOTE, "")}, cited())
    assert (one.verdict, one.now, one.diff) == ("gone", None, None)
    assert one.reason == "nothing like it is left in the file, and the quote stands in no other"


def test_a_few_words_of_it_elsewhere_are_nothing_like_it(checked):
    page = PAGE.replace(QUOTE, "Then a year went by, and it is spring.")
    [one] = checked({"guides/backups.md": page}, cited())
    assert one.verdict == "gone"


def test_a_quote_without_words_is_there_or_gone(checked):
    [there, gone] = checked({"a.md": "---\n"}, cited("---", "---", "a.md"), cited("***", "***", "a.md"))
    assert (there.verdict, gone.verdict) == ("valid", "gone")


def test_a_quote_of_a_deleted_file_is_gone(checked):
    [one] = checked({"other.md": PAGE.replace("30 days", "60 days")}, cited())
    assert one.verdict == "gone"
    assert one.reason == "the file is not there any more, and the quote stands in no other"


def test_a_file_that_an_ingest_would_not_read_is_not_read(checked):
    settings = load_settings(env_file=None, max_file_mb=0.0001)
    [one] = checked({"guides/backups.md": PAGE}, cited(), settings=settings)
    assert one.verdict == "gone"
    assert one.reason == "the file is not read (too large), and the quote stands in no other"
    [one] = checked({"guides/backups.md": PAGE, ".footnoteignore": "guides/\n"}, cited())
    assert one.verdict == "gone"
    [one] = checked({".footnoteignore": ""}, cited(), settings=load_settings(env_file=None, exclude="guides/*"))
    assert one.verdict == "gone"


ALTERED = {
    "quote": ({"quote": QUOTE.replace("30", "90")}, "its sha256 is not that of the quote"),
    "hash": ({"sha256": "0" * 64}, "its sha256 is not that of the quote"),
    "end": ({"end": 98}, "its offsets do not fit the quote of 52 bytes"),
    "offset": ({"start": -1, "end": 51}, "its offsets do not fit the quote of 52 bytes"),
    "last line": ({"end_line": 4}, "its lines do not fit the quote of 1 lines"),
    "first line": ({"start_line": 0, "end_line": 0}, "its lines do not fit the quote of 1 lines"),
    "huge": ({"start_line": 10**30}, "its lines do not fit the quote of 1 lines"),
    "empty": ({"quote": "", "sha256": hashlib.sha256(b"").hexdigest(), "end": 45}, "its quote is empty"),
    **{
        path: ({"path": path}, "its path is none of a docs folder")
        for path in ("", "..", "../docs/guides/backups.md", "guides/../guides/backups.md", "./guides/backups.md")
        + ("guides//backups.md", "guides/", "/etc/passwd", "guides/backups.md\0", "guides/./backups.md")
    },
}


@pytest.mark.parametrize("changes", ALTERED.values(), ids=ALTERED)
def test_an_altered_citation_is_invalid_whatever_the_docs_say(checked, changes):
    fields, reason = changes
    [one] = checked({"guides/backups.md": PAGE}, {**cited(), **fields})
    assert (one.verdict, one.reason) == ("invalid", f"this citation was altered: {reason}")
    assert (one.now, one.diff) == (None, None)


def test_a_quote_of_several_lines_must_name_them_all(checked):
    right = cited(quote=LIST)
    altered = {**right, "end_line": right["end_line"] - 1}
    assert [one.verdict for one in checked({"guides/backups.md": PAGE}, right, altered)] == ["valid", "invalid"]


def test_a_quote_longer_than_any_chunk_is_invalid(checked):
    page = "x" * 25_001
    allowed, longer = cited(page, page[1:], "a.md"), cited(page, page, "a.md")
    assert [one.verdict for one in checked({"a.md": page}, allowed, longer)] == ["valid", "invalid"]


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """The paths that are opened meanwhile, as the interpreter sees them."""
    _seen.clear()
    _watching.append(True)
    try:
        yield _seen
    finally:
        _watching.clear()


_seen: list[str] = []
_watching: list[bool] = []
_before_opening: dict[str, Callable[[], object]] = {}


def _hook(event: str, details: tuple[object, ...]) -> None:
    if _watching and event == "open":
        _seen.append(str(details[0]))
        _before_opening.pop(str(details[0]), lambda: None)()


sys.addaudithook(_hook)


def test_a_file_that_has_grown_too_large_since_it_was_found_is_not_searched(tmp_path, write_docs):
    docs = write_docs(tmp_path / "docs", {"guides/backups.md": PAGE, "a.md": ""})
    page = docs / "guides/backups.md"
    settings = load_settings(env_file=None, max_file_mb=0.0003)
    _before_opening[str(page)] = lambda: page.write_text(PAGE * 2, "utf-8")
    with opened_files():
        [one] = verify([SavedCitation(**cited())], docs, settings.ingest)
    assert (one.verdict, one.reason) == ("gone", "the file is not read (too large), and the quote stands in no other")


def test_a_file_that_vanishes_meanwhile_is_not_there(tmp_path, write_docs):
    docs = write_docs(tmp_path / "docs", {"guides/backups.md": PAGE, "a.md": PAGE})
    page = docs / "guides/backups.md"
    _before_opening[str(page)] = page.unlink
    with opened_files():
        [moved, gone] = verify(
            [SavedCitation(**cited()), SavedCitation(**cited("Lost.", "Lost."))], docs, SETTINGS.ingest
        )
    assert (moved.verdict, moved.now.path) == ("moved", "a.md")
    assert (
        gone.reason == "the file is not read (unreadable: No such file or directory), and the quote stands in no other"
    )


def test_only_markdown_of_the_docs_folder_is_opened_and_each_file_once(tmp_path, write_docs):
    outside = write_docs(tmp_path / "outside", {"secret.md": PAGE})
    inside = {f"{name}.md": f"# {name}\n" for name in "abcd"}
    docs = write_docs(tmp_path / "docs", {**inside, "plain.txt": PAGE, ".hidden.md": PAGE, "guides/backups.md": "\n"})
    (docs / "link.md").symlink_to(outside / "secret.md")
    (docs / "folder").symlink_to(outside)
    paths = ["link.md", "folder/secret.md", str(outside / "secret.md"), "../outside/secret.md", "plain.txt"]
    paths += [
        ".hidden.md",
        "guides/backups.md",
        "b.md",
        "c.md",
        "b.md",
        "guides/../b.md",
        "b.md/../../outside/secret.md",
    ]
    citations = [SavedCitation(**cited(path=path)) for path in paths]
    with opened_files() as seen:
        verdicts = {one.verdict for one in verify(citations, docs, SETTINGS.ingest)}
    assert verdicts == {"gone", "invalid"}
    read = sorted(path for path in seen if str(tmp_path) in path)
    assert read == sorted(str(docs / path) for path in (*inside, "guides/backups.md"))


def test_no_file_is_opened_for_what_is_decided_without_it(tmp_path, write_docs):
    files = {"a.md": "", "b.md": PAGE, "a/backups.md": PAGE, "guides/backups.md": PAGE, "z/backups.md": PAGE}
    docs = write_docs(tmp_path / "docs", files)
    for citation, expected in (
        (cited(), ["guides/backups.md"]),
        (cited(sha256=""), []),
        (cited(path="lost/backups.md"), ["a/backups.md"]),
        (cited(path="lost.md"), ["a.md", "a/backups.md"]),
    ):
        with opened_files() as seen:
            verify([SavedCitation(**citation)], docs, SETTINGS.ingest)
        assert [path for path in seen if str(tmp_path) in path] == [str(docs / path) for path in expected]


def test_no_verdict_depends_on_the_other_citations(checked):
    files = {"a.md": PAGE, "b/backups.md": PAGE, "c.md": "\n" + PAGE, "guides/backups.md": "#\n", "z/backups.md": PAGE}
    paths = ("c.md", "guides/backups.md", "gone.md", "a.md", "b/backups.md", "z/backups.md")
    citations = [cited(path=path) for path in paths]
    together = checked(files, *citations)
    assert together == [one for citation in citations for one in checked(files, citation)]
    assert [one.verdict for one in together] == ["moved", "moved", "moved", "valid", "valid", "valid"]
    assert together[2].now.path == "a.md"


def test_a_missing_docs_folder_is_an_error(tmp_path):
    with pytest.raises(DocsFolderError):
        verify([SavedCitation(**cited())], tmp_path / "nope", SETTINGS.ingest)


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: {"question": "x", "citations": one}])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_an_answer_and_a_list_of_citations_are_read(wrap, mark):
    saved = mark + json.dumps(wrap([{**cited(), "title": "x", "url": None}])).encode()
    assert read_citations(saved) == [SavedCitation(**cited())]


@pytest.mark.parametrize(
    "saved",
    [
        b"",
        b"{",
        b"\xff",
        b"5",
        b"{}",
        b'{"citations": null}',
        b"[5]",
        b"[" * 100_000,
        json.dumps([{**cited(), "sha256": None}]).encode(),
        json.dumps([{**cited(), "path": "\ud800.md"}]).encode(),
    ],
)
def test_anything_else_is_an_error(saved):
    with pytest.raises(SavedAnswerError, match="this is no saved answer"):
        read_citations(saved)


def test_the_docs_folder_is_the_one_asked_for_or_that_of_the_index(guide_index):
    manifest = read_manifest(guide_index.index_dir / "generations" / "1")
    unset = load_settings(env_file=None)
    assert docs_folder(load_settings(env_file=None, docs_dir="x"), manifest).name == "x"
    assert docs_folder(unset, manifest) == guide_index.settings.folders.docs_dir
    assert docs_folder(unset, None).name == "docs"


@pytest.fixture
def run(tmp_path, write_docs):
    """Runs `footnote verify` on a folder of two pages, in a working folder without an index."""
    docs = write_docs(tmp_path / "docs", {"guides/backups.md": PAGE, "moved.md": "\n" + PAGE})

    def invoke(*citations, options=(), given=None, env=None):
        saved = json.dumps({"citations": citations}) if given is None else given
        result = CliRunner().invoke(
            app, ["verify", "-", *options], input=saved, env={"FOOTNOTE_DOCS_DIR": str(docs)} | (env or {})
        )
        return result

    return invoke


def test_the_command_prints_a_line_for_each_citation(run, tmp_path):
    changed = cited(PAGE.replace("02:00", "night"), "Backups run every night at night.", number=3)
    result = run(cited(), cited(path="moved.md", number=2), changed, cited(number=None, sha256=""))
    assert result.exit_code == 1
    assert [line.rstrip() for line in result.stdout.splitlines()][:-1] == [
        "valid   [1] guides/backups.md:3-3",
        "moved   [2] moved.md:3-3 -> moved.md:4-4",
        "changed [3] guides/backups.md:3-3 -> guides/backups.md:3-3",
        "        @@ -3,1 +3,1 @@",
        "        -Backups run every night at night.",
        "        +Backups run every night at 02:00.",
        "invalid guides/backups.md:3-3",
        "        this citation was altered: its sha256 is not that of the quote",
    ]
    assert f"1 valid, 1 moved, 1 changed, 1 invalid; docs: {tmp_path}" in result.stdout.replace("\n", "")


@pytest.mark.parametrize(
    ("citations", "options", "code"),
    [
        ([], [], 0),
        ([cited()], [], 0),
        ([cited(), cited(path="moved.md")], [], 1),
        ([cited(), cited(path="moved.md")], ["--allow-moved"], 0),
        ([cited(path="moved.md"), cited(sha256="")], ["--allow-moved"], 1),
        ([cited(quote="The vault holds the keys."), cited(PAGE + "Lost and gone.", "Lost and gone.")], [], 1),
    ],
)
def test_the_exit_code_says_whether_all_are_valid(run, citations, options, code):
    for option in ([], ["--json"]):
        assert run(*citations, options=[*options, *option]).exit_code == code


def test_the_command_prints_json(run, tmp_path):
    result = run(cited(), cited(path="moved.md", number=2), options=["--json"])
    assert json.loads(result.stdout) == {
        "docs_dir": str(tmp_path / "docs"),
        "all_valid": False,
        "counts": {"valid": 1, "moved": 1, "changed": 0, "gone": 0, "invalid": 0},
        "citations": [
            {
                **{"number": number, "path": path, "start_line": 3, "end_line": 3, "verdict": verdict},
                "now": {"path": path, "start_line": line, "end_line": line, "start": start, "end": start + 52},
                **{"diff": None, "reason": None},
            }
            for number, path, verdict, line, start in (
                (1, "guides/backups.md", "valid", 3, 45),
                (2, "moved.md", "moved", 4, 46),
            )
        ],
    }


def test_nothing_to_check_is_said(run):
    result = run()
    assert "no citations; docs: " in result.stdout


def test_docs_wins_over_the_setting_and_a_file_is_read(run, tmp_path, write_docs, monkeypatch):
    monkeypatch.chdir(tmp_path)
    other = write_docs(tmp_path / "other", {"guides/backups.md": "\n\n" + PAGE})
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps([cited()]), "utf-8")
    result = CliRunner().invoke(
        app, ["verify", str(saved), "--docs", "other", "--json"], env={"FOOTNOTE_DOCS_DIR": "x"}
    )
    shown = json.loads(result.stdout)
    assert (shown["citations"][0]["now"]["start_line"], shown["docs_dir"]) == (5, str(other))


def test_without_either_the_folder_of_the_index_is_checked(guide_index, engine, tmp_path):
    saved = tmp_path / "answer.json"
    answer = engine.ask("Which port does Relay listen on?")
    saved.write_text(AnswerOut.model_validate(answer).model_dump_json(), "utf-8")
    result = CliRunner().invoke(app, ["verify", str(saved), "--json", "--index-dir", str(guide_index.index_dir)])
    assert result.exit_code == 0
    shown = json.loads(result.stdout)
    assert shown["docs_dir"] == str(guide_index.settings.folders.docs_dir)
    assert shown["counts"]["valid"] == len(answer.citations) > 0


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_bad_input_is_exit_code_2(run, options, tmp_path):
    assert run(given="{}", options=options).exit_code == 2
    assert run(cited(), options=[*options, "--docs", str(tmp_path / "nope")]).exit_code == 2
    assert CliRunner().invoke(app, ["verify", str(tmp_path / "nope.json"), *options]).exit_code == 2
    assert CliRunner().invoke(app, ["verify", str(tmp_path), *options]).exit_code == 2


def test_a_damaged_index_is_no_obstacle(run, tmp_path):
    index = tmp_path / "index"
    index.mkdir()
    (index / "CURRENT").write_text("x", "utf-8")
    assert run(cited(), options=["--index-dir", str(index)]).exit_code == 0


def test_text_of_docs_and_citations_does_not_drive_the_terminal(run):
    result = run(
        cited(path="a\x1b[31m.md"),
        cited(PAGE.replace("30 days", "30\x1b[2J days"), QUOTE.replace("30 days", "30\x1b[2J days")),
    )
    assert "\x1b" not in result.stdout
    assert "30[2J days" in result.stdout.replace("\n", " ")


@pytest.fixture(scope="module")
def client(guide_index):
    with serving(index_dir=guide_index.index_dir, reranker="none") as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        yield client


def test_the_service_verifies_its_own_answers_against_the_folder_of_its_index(client, guide_index):
    answer = client.post("/query", json={"question": "Which port does Relay listen on?"}).json()
    for body in (answer, answer["citations"]):
        response = client.post("/verify", json=body)
        assert response.status_code == 200
        shown = response.json()
        assert (shown["all_valid"], shown["docs_dir"]) == (True, str(guide_index.settings.folders.docs_dir))
        assert [one["verdict"] for one in shown["citations"]] == ["valid"] * len(answer["citations"])
    altered = {**answer["citations"][0], "quote": "Relay listens on no port."}
    assert client.post("/verify", json=[altered]).json()["counts"]["invalid"] == 1


def test_the_service_verifies_against_the_folder_of_its_settings(guide_index, tmp_path, write_docs):
    docs = write_docs(tmp_path / "docs", {"guides/backups.md": "\n" + PAGE})
    with serving(index_dir=guide_index.index_dir, reranker="none", docs_dir=docs) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        assert client.post("/verify", json=[cited()]).json()["counts"]["moved"] == 1
        (docs / "guides/backups.md").write_text(PAGE, "utf-8")
        assert client.post("/verify", json=[cited()]).json()["counts"]["valid"] == 1
        (docs / "guides/backups.md").unlink()
        (docs / "guides").rmdir()
        docs.rmdir()
        assert_problem(client.post("/verify", json=[cited()]), 503, "docs-folder", "does not exist")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"question": "x"}, "citations: Field required"),
        ([{**cited(), "end": "x"}], "citations.0.end: Input should be a valid integer"),
        ([cited()] * 101, "citations: List should have at most 100 items"),
    ],
)
def test_a_wrong_body_is_a_problem(client, body, detail):
    assert_problem(client.post("/verify", json=body), 422, "invalid-request", detail)


def test_half_a_character_is_a_problem(client):
    body = json.dumps([cited(path="\ud800.md")])
    response = client.post("/verify", content=body, headers={"content-type": "application/json"})
    assert_problem(response, 422, "invalid-request", "lone surrogate")


def test_a_hundred_citations_are_taken(client):
    body = [cited("x " * 100 + "y", "x y", "a.md", number=number) for number in range(100)]
    assert client.post("/verify", json=body).json()["counts"]["gone"] == 100


def test_verifying_waits_in_the_queue_of_the_questions(guide_index):
    with (
        run_fake_llm() as fake,
        serving(
            index_dir=guide_index.index_dir,
            reranker="none",
            llm_base_url=fake.base_url,
            query_workers=1,
            query_queue=0,
        ) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        until(lambda: client.get("/health/ready").status_code == 200)
        fake.silent.set()
        running = pool.submit(client.post, "/query", json={"question": "Which port does Relay listen on?"})
        until(lambda: fake.received)
        assert_problem(client.post("/verify", json=[cited()]), 503, "over-capacity", "try again")
        fake.silent.clear()
        fake.go_on.set()
        assert running.result().status_code == 200
        assert client.post("/verify", json=[cited()]).status_code == 200


def test_the_openapi_document_describes_it(client):
    document = client.get("/openapi.json").json()["paths"]["/verify"]["post"]
    assert set(document["responses"]) == {"200", "401", "403", "404", "413", "415", "422", "429", "503"}
