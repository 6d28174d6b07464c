import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from footnote.app.core.errors import DocsFolderError, SettingsError
from footnote.app.core.find import FoundFile, find_files
from footnote.app.core.types import Skip
from tests.conftest import WriteDocs

NOBODY = 65534
MARKDOWN = ("**/*.md", "**/*.mdx", "**/*.markdown")


def find(
    docs_dir: Path, include: Sequence[str] = MARKDOWN, exclude: Sequence[str] = (), max_bytes: int = 1000
) -> tuple[list[FoundFile], list[Skip]]:
    return find_files(docs_dir, include, exclude, max_bytes)


def paths(docs_dir: Path, include: Sequence[str] = MARKDOWN, exclude: Sequence[str] = ()) -> list[str]:
    files, skips = find(docs_dir, include, exclude)
    assert skips == []
    return [file.path for file in files]


def test_files_come_in_path_order_whatever_the_folder_depth(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"b.md": "", "a/z.md": "", "a.md": "", "a/b/c.md": "", "a-b.md": "", "B.md": ""})
    assert paths(tmp_path) == ["B.md", "a-b.md", "a.md", "a/b/c.md", "a/z.md", "b.md"]


def test_a_found_file_has_its_location_size_and_times(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"guides/a.md": "héllo"})
    file = tmp_path / "guides/a.md"
    os.utime(file, ns=(1, 5_000_000_000))
    assert find(tmp_path)[0] == [FoundFile("guides/a.md", file, 6, 5_000_000_000, file.stat().st_ctime_ns)]


def test_only_markdown_files_are_found_by_default(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"a.md": "", "b.mdx": "", "c/d.markdown": "", "e.txt": "", "f.md.bak": "", "md": ""})
    assert paths(tmp_path) == ["a.md", "b.mdx", "c/d.markdown"]


def test_an_ending_is_markdown_in_any_case(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"README.MD": "", "b.Markdown": "", "c/d.mDx": "", "e.TXT": "", "MD": "", ".MD": ""})
    assert paths(tmp_path) == ["README.MD", "b.Markdown", "c/d.mDx"]
    assert paths(tmp_path, ["**/*.txt"]) == ["e.TXT"]
    assert paths(tmp_path, ["readme.md", "**/*.MD"]) == ["README.MD"]
    assert paths(tmp_path, ["readme.md"]) == []


def test_patterns_and_names_are_the_same_in_either_form_of_unicode(tmp_path: Path, write_docs: WriteDocs) -> None:
    one, other = "K\u00f6ln", "Ko\u0308ln"
    write_docs(tmp_path, {f"{other}/a.md": "", f"{other}/{other}.md": "", f"{other}/.gitignore": f"{one}.md\n"})
    write_docs(tmp_path, {f"{other}-old.md": ""})
    assert paths(tmp_path, [f"{one}/*.md"]) == [f"{other}/a.md"]
    assert paths(tmp_path, exclude=[f"{one}-*"]) == [f"{other}/a.md"]


@pytest.mark.parametrize(
    ("include", "found"),
    [
        (["*.md"], ["a.md"]),  # anchored at the docs folder
        (["**/*.md"], ["a.md", "guides/b.md", "guides/deep/c.md"]),
        (["guides/*.md"], ["guides/b.md"]),
        (["/guides/**"], ["guides/b.md", "guides/deep/c.md", "guides/notes.txt"]),
        (["a.md", "**/*.txt"], ["a.md", "guides/notes.txt"]),
        ([], []),
    ],
)
def test_include_globs_are_anchored_at_the_docs_folder(
    tmp_path: Path, write_docs: WriteDocs, include: list[str], found: list[str]
) -> None:
    write_docs(tmp_path, {"a.md": "", "guides/b.md": "", "guides/deep/c.md": "", "guides/notes.txt": ""})
    assert paths(tmp_path, include) == found


@pytest.mark.parametrize(
    ("exclude", "found"),
    [
        (["drafts/"], ["a.md", "a.tmp.md", "keep.md"]),
        (["*.tmp.md"], ["a.md", "drafts/b.md", "drafts/keep.md", "keep.md"]),
        (["/keep.md"], ["a.md", "a.tmp.md", "drafts/b.md", "drafts/keep.md"]),
        (["*.md", "!keep.md"], ["drafts/keep.md", "keep.md"]),
    ],
)
def test_exclude_patterns_mean_what_they_mean_in_gitignore(
    tmp_path: Path, write_docs: WriteDocs, exclude: list[str], found: list[str]
) -> None:
    write_docs(tmp_path, {"a.md": "", "a.tmp.md": "", "keep.md": "", "drafts/b.md": "", "drafts/keep.md": ""})
    assert paths(tmp_path, exclude=exclude) == found


@pytest.mark.parametrize("ignore_file", [".gitignore", ".footnoteignore"])
def test_an_ignore_file_holds_for_its_folder_and_below(tmp_path: Path, write_docs: WriteDocs, ignore_file: str) -> None:
    write_docs(
        tmp_path,
        {f"guides/{ignore_file}": "# a comment\n\n/top.md\nlow.md\n", "top.md": "", "low.md": ""}
        | {f"guides/{path}": "" for path in ("top.md", "low.md", "deep/top.md", "deep/low.md")},
    )
    assert paths(tmp_path) == ["guides/deep/top.md", "low.md", "top.md"]


def test_the_innermost_ignore_file_that_says_anything_decides(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(
        tmp_path,
        {
            ".gitignore": "*.tmp.md\n",
            "a.tmp.md": "",
            "in/.gitignore": "!a.tmp.md\n",
            "in/a.tmp.md": "",
            "in/b.tmp.md": "",
        },
    )
    assert paths(tmp_path) == ["in/a.tmp.md"]


def test_footnoteignore_has_the_last_word_over_gitignore(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(
        tmp_path, {".gitignore": "built.md\n", ".footnoteignore": "!built.md\na.md\n", "built.md": "", "a.md": ""}
    )
    assert paths(tmp_path) == ["built.md"]


def test_a_file_below_an_ignored_folder_cannot_be_taken_back(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {".gitignore": "built/\n!built/a.md\n", "built/a.md": "", "b.md": ""})
    assert paths(tmp_path) == ["b.md"]


def test_negation_in_one_file_takes_a_file_back(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {".gitignore": "*.md\n!a.md\n", "a.md": "", "b.md": "", "in/a.md": ""})
    assert paths(tmp_path) == ["a.md", "in/a.md"]


def test_a_byte_order_mark_does_not_hide_the_first_ignore_pattern(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {".gitignore": "\ufeffa.md\nb.md\n", "a.md": "", "b.md": "", "c.md": ""})
    assert paths(tmp_path) == ["c.md"]


def test_an_ignore_file_that_is_no_text_is_reported(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"in/.gitignore": b"\xff\xfe", "in/a.md": ""})
    files, [skip] = find(tmp_path)
    assert [file.path for file in files] == ["in/a.md"]
    assert (skip.path, skip.reason, skip.lost) == ("in/.gitignore", "ignore file not read", "patterns")


def test_hidden_files_and_folders_are_left_out_without_a_word(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {".hidden.md": "", ".git/a.md": "", "in/.obsidian/b.md": "", "in/c.md": ""})
    assert paths(tmp_path) == ["in/c.md"]


def test_a_docs_folder_below_a_hidden_folder_is_read(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path / ".cache/docs", {"a.md": ""})
    assert paths(tmp_path / ".cache/docs") == ["a.md"]


def test_symlinks_that_stay_inside_are_followed(tmp_path: Path, write_docs: WriteDocs) -> None:
    docs_dir = write_docs(tmp_path / "docs", {"real/a.md": "text"})
    (docs_dir / "alias").symlink_to("real")
    (docs_dir / "b.md").symlink_to(docs_dir / "real/a.md")
    files, skips = find(docs_dir)
    assert [(file.path, file.size_bytes) for file in files] == [("alias/a.md", 4), ("b.md", 4), ("real/a.md", 4)]
    assert skips == []


def test_a_docs_folder_that_is_itself_a_symlink_is_read(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path / "real", {"a.md": ""})
    (tmp_path / "real/b.md").symlink_to("a.md")
    (tmp_path / "docs").symlink_to("real")
    assert paths(tmp_path / "docs") == ["a.md", "b.md"]


def test_symlinks_are_followed_below_a_folder_named_relative_to_the_working_folder(write_docs: WriteDocs) -> None:
    write_docs(Path("docs"), {"a.md": ""})
    Path("docs/b.md").symlink_to("a.md")
    assert paths(Path("docs")) == ["a.md", "b.md"]


def test_symlinks_that_leave_the_folder_are_skipped_and_counted(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"secret.md": "", "secrets/a.md": "", "docs/b.md": ""})
    (tmp_path / "docs/file.md").symlink_to("../secret.md")
    (tmp_path / "docs/folder").symlink_to(tmp_path / "secrets")
    (tmp_path / "docs/program").symlink_to("/bin/sh")  # never asked for: not counted
    files, skips = find(tmp_path / "docs")
    assert [file.path for file in files] == ["b.md"]
    assert skips == [
        Skip("file.md", "symlink leaves the docs folder"),
        Skip("folder", "symlink leaves the docs folder", lost="folder"),
    ]


def test_a_sibling_folder_whose_name_begins_alike_is_outside(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"docs-private/a.md": "", "docs/b.md": ""})
    (tmp_path / "docs/a.md").symlink_to("../docs-private/a.md")
    assert find(tmp_path / "docs")[1] == [Skip("a.md", "symlink leaves the docs folder")]


def test_symlink_loops_and_broken_symlinks_are_skipped_and_counted(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"in/a.md": ""})
    (tmp_path / "in/up").symlink_to("..")
    (tmp_path / "self.md").symlink_to("self.md")
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    files, skips = find(tmp_path)
    assert [file.path for file in files] == ["in/a.md"]
    assert skips == [Skip(path, "symlink is broken or loops") for path in ("gone.md", "in/up", "self.md")]


def test_an_ignored_symlink_is_not_counted(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {".gitignore": "gone.md\n", "a.md": ""})
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    assert paths(tmp_path) == ["a.md"]


def test_a_file_over_the_limit_is_skipped_with_its_size(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"fits.md": "x" * 1000, "over.md": "x" * 1001})
    files, skips = find(tmp_path, max_bytes=1000)
    assert [file.path for file in files] == ["fits.md"]
    assert skips == [Skip("over.md", "too large", "0.001001 MB; FOOTNOTE_MAX_FILE_MB allows 0.001")]


def test_skips_come_in_path_order(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, dict.fromkeys(("a/z.md", "a-b.md", "B.md"), "x" * 1001))
    assert [skip.path for skip in find(tmp_path)[1]] == ["B.md", "a-b.md", "a/z.md"]


def test_a_pipe_named_like_a_page_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    assert find(tmp_path) == ([], [Skip("a.md", "not a regular file")])


def test_names_that_are_not_utf8_are_skipped_with_a_name_that_can_be_stored(tmp_path: Path) -> None:
    for name in (b"page\xff.md", b"folder\xff/a.md"):
        file = os.path.join(os.fsencode(tmp_path), name)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb"):
            pass
    os.symlink(b"nowhere", os.path.join(os.fsencode(tmp_path), b"link\xff.md"))
    files, skips = find(tmp_path)
    assert files == []
    assert skips == [
        Skip("folder?/a.md", "file name is not UTF-8"),
        Skip("link?.md", "symlink is broken or loops"),
        Skip("page?.md", "file name is not UTF-8"),
    ]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may list, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to read everything, if the tests run as root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_folder_that_may_not_be_read_is_counted(mode: int, open_folder: Path, write_docs: WriteDocs) -> None:
    write_docs(open_folder, {"a.md": "", "locked/b.md": ""})
    (open_folder / "locked").chmod(mode)
    try:
        with as_nobody():
            files, [skip] = find(open_folder)
    finally:
        (open_folder / "locked").chmod(0o700)
    assert [file.path for file in files] == ["a.md"]
    assert (skip.path, skip.reason) == ("locked", "unreadable folder")


def test_a_link_to_itself_is_counted_only_if_it_could_be_markdown(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"a.md": ""})
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "loop.md").symlink_to("loop.md")
    files, skips = find(tmp_path)
    assert [file.path for file in files] == ["a.md"]
    assert skips == [Skip("loop.md", "symlink is broken or loops")]


def test_a_pattern_that_is_none_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FOOTNOTE_EXCLUDE"):
        find(tmp_path, exclude=["!"])


def test_a_path_that_the_system_refuses_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocsFolderError, match="cannot be looked at"):
        find(tmp_path / ("x" * 300))


def test_a_missing_folder_is_an_error_that_names_path_and_fix(tmp_path: Path) -> None:
    with pytest.raises(DocsFolderError) as raised:
        find(tmp_path / "nope")
    assert str(tmp_path / "nope") in str(raised.value)
    assert "`footnote ingest DIR` or FOOTNOTE_DOCS_DIR" in str(raised.value)


def test_a_file_instead_of_a_folder_is_an_error_that_names_it(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"a.md": ""})
    with pytest.raises(DocsFolderError, match="is a file; name the folder that holds it") as raised:
        find(tmp_path / "a.md")
    assert str(raised.value).startswith(str(tmp_path / "a.md"))


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert find(tmp_path) == ([], [])
