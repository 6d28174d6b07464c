from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from footnote.app.core.errors import QuestionError
from footnote.app.core.types import Metadata
from footnote.app.index.filters import QueryFilter, parse_fields
from footnote.app.index.reader import Index, open_index
from footnote.app.models.embedder import Embedder
from tests.conftest import GuideIndex


@dataclass(frozen=True)
class File:
    path: str
    metadata: Metadata = field(default_factory=dict)
    included_by: tuple[str, ...] = ()


FILES = [
    File(path)
    for path in ("a.md", "guides/a.md", "guides/deep/install.md", "install.md", "guides-old/b.md", "v1/guides/c.md")
]


def allowed(query_filter: QueryFilter, files: list[File] = FILES) -> list[str]:
    selection = query_filter.select(files)
    assert selection.allowed | selection.others == {file.path for file in files}
    assert not selection.allowed & selection.others
    return sorted(selection.allowed)


def holds(metadata: Metadata, query_filter: QueryFilter) -> bool:
    return bool(allowed(query_filter, [File("a.md", metadata)]))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.md", ["a.md"]),  # a name is a path from the docs folder, not a name anywhere
        ("./a.md", ["a.md"]),
        ("/a.md", ["a.md"]),
        ("guides/", ["guides/a.md", "guides/deep/install.md"]),
        ("guides", ["guides/a.md", "guides/deep/install.md"]),
        ("gui*s/", ["guides/a.md", "guides/deep/install.md"]),
        ("guides/*.md", ["guides/a.md"]),
        ("guides/**/*.md", ["guides/a.md", "guides/deep/install.md"]),
        ("**/install.md", ["guides/deep/install.md", "install.md"]),
        ("*install*", ["guides/deep/install.md", "install.md"]),  # a bare glob matches at any depth
        ("[ab].md", ["a.md", "guides-old/b.md", "guides/a.md"]),
        ("nowhere/", []),
    ],
)
def test_a_path_is_a_file_a_folder_or_a_glob(path: str, found: list[str]) -> None:
    assert allowed(QueryFilter(path)) == found


ODD = [
    File(path)
    for path in (
        "!important.md",
        "#1.md",
        "a.md",
        "app/[id]/deep/b.md",
        "app/[id]/page.mdx",
        "app/i/page.mdx",
        "notes [draft].md",
        "notes d.md",
        "what?.md",
        "whats.md",
        "Ko\u0308ln/a.md",
        "Ko\u0308ln.md",
        "x*.md",
        "xy.md",
    )
]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("app/[id]/page.mdx", ["app/[id]/page.mdx"]),
        ("/app/[id]/page.mdx", ["app/[id]/page.mdx"]),
        ("app/[id]/", ["app/[id]/deep/b.md", "app/[id]/page.mdx"]),
        ("app/[id]", ["app/[id]/deep/b.md", "app/[id]/page.mdx"]),
        ("app/[ij]/", ["app/i/page.mdx"]),
        ("notes [draft].md", ["notes [draft].md"]),
        ("notes [abcd].md", ["notes d.md"]),
        ("!important.md", ["!important.md"]),
        ("what?.md", ["what?.md"]),
        ("wha?s.md", ["whats.md"]),
        ("x*.md", ["x*.md"]),
        ("#1.md", ["#1.md"]),
        ("#*", ["#1.md"]),
        ("K\u00f6ln/", ["Ko\u0308ln/a.md"]),
        ("K\u00f6ln.md", ["Ko\u0308ln.md"]),
        ("Ko\u0308l*/", ["Ko\u0308ln/a.md"]),
        ("K\u00f6*.md", ["Ko\u0308ln.md"]),
    ],
)
def test_what_is_there_under_the_given_name_comes_before_a_glob(path: str, found: list[str]) -> None:
    assert allowed(QueryFilter(path), ODD) == found


def test_fields_and_tags_are_the_same_in_either_form_of_unicode() -> None:
    assert holds({"tags": ["Ko\u0308ln"]}, QueryFilter(tags=("k\u00f6ln",)))


@pytest.mark.parametrize("path", ["/", "!guides/", " ./ "])
def test_a_path_that_names_no_file_is_refused(path: str) -> None:
    with pytest.raises(QuestionError, match="names no file: give a folder, a file or a glob"):
        QueryFilter(path).select(FILES)


@pytest.mark.parametrize(
    ("metadata", "tags", "found"),
    [
        ({"tags": ["Setup", "linux"]}, ("setup",), True),
        ({"tags": ["setup", "linux"]}, ("setup", "LINUX"), True),
        ({"tags": ["setup"]}, ("setup", "linux"), False),
        ({"tags": ["setup"]}, ("set",), False),
        ({"tags": "setup"}, ("setup",), True),
        ({"tags": "setup, linux"}, ("linux",), True),
        ({"tags": [2024]}, ("2024",), True),
        ({"tags": None}, ("none",), False),
        ({}, ("setup",), False),
    ],
)
def test_every_tag_must_be_among_the_files_tags(metadata: Metadata, tags: tuple[str, ...], found: bool) -> None:
    assert holds(metadata, QueryFilter(tags=tags)) is found


@pytest.mark.parametrize(
    ("metadata", "name", "value", "found"),
    [
        ({"team": "Docs"}, "team", "docs", True),
        ({"team": "docs"}, "team", "doc", False),
        ({"draft": True}, "draft", "true", True),
        ({"draft": False}, "draft", "true", False),
        ({"weight": 3}, "weight", "3", True),
        ({"teams": ["docs", "web"]}, "teams", "web", True),
        ({"author": {"team": {"name": "web"}}}, "author.team.name", "web", True),
        ({"author": {"team": "web"}}, "author", "web", False),
        ({"author": {"team": "web"}}, "author.name", "web", False),
        ({"author": "web"}, "author.team", "web", False),
        ({"author.team": "web"}, "author.team", "web", True),
        ({"team": None}, "team", "None", False),
        ({}, "team", "docs", False),
    ],
)
def test_a_field_is_compared_as_text_without_case(metadata: Metadata, name: str, value: str, found: bool) -> None:
    assert holds(metadata, QueryFilter(fields=((name, value),))) is found


def test_all_conditions_must_hold() -> None:
    files = [
        File("guides/a.md", {"tags": ["x"], "team": "docs"}),
        File("guides/b.md", {"tags": ["x"], "team": "web"}),
        File("guides/c.md", {"tags": ["y"], "team": "docs"}),
        File("d.md", {"tags": ["x"], "team": "docs"}),
    ]
    assert allowed(QueryFilter("guides/", ("x",), (("team", "docs"),)), files) == ["guides/a.md"]


def test_an_empty_filter_is_false() -> None:
    assert not QueryFilter()
    assert not QueryFilter("", (), ())
    assert QueryFilter("a.md")
    assert QueryFilter(tags=("x",))
    assert QueryFilter(fields=(("a", "b"),))


def test_fields_are_parsed_from_name_equals_value() -> None:
    assert parse_fields(["team=docs", " a = b=c ", "empty="]) == (
        ("team", "docs"),
        ("a", "b=c"),
        ("empty", ""),
    )
    assert parse_fields(["a=1", "a=2"]) == (("a", "1"), ("a", "2"))


@pytest.mark.parametrize("pair", ["team", "=docs", " =x"])
def test_a_pair_without_name_or_equals_is_refused(pair: str) -> None:
    with pytest.raises(QuestionError, match=f"'{pair}' is not NAME=VALUE"):
        parse_fields([pair])


@pytest.fixture(scope="module", params=["tantivy", "rank-bm25"])
def index(request: pytest.FixtureRequest, guide_index: GuideIndex) -> Iterator[Index]:
    opened = open_index(guide_index.index_dir, request.param)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query_filter", "paths"),
    [
        (QueryFilter("reference/"), {"reference/api.md"}),
        (QueryFilter(tags=("linux",)), {"install.md"}),
        (QueryFilter(fields=(("author.team", "support"),)), {"troubleshooting.md"}),
        (QueryFilter(fields=(("internal", "true"),)), {"reference/api.md"}),
        (QueryFilter(fields=(("draft", "false"),)), {"index.md"}),
    ],
)
def test_both_searches_are_restricted_before_the_cut(
    index: Index, embedder: Embedder, query_filter: QueryFilter, paths: set[str]
) -> None:
    question = "Delete a message from the queue, back up the folder and upgrade the service"
    embedding = embedder.embed_query(question)
    selection = index.select(query_filter)
    assert selection is not None
    assert selection.allowed == paths
    inside = {chunk.id for chunk in index.chunks.all_chunks() if chunk.path in paths}
    top_k = 2

    everywhere = [index.lexical.search(question, top_k), index.vectors.search(embedding, top_k)]
    restricted = [
        index.lexical.search(question, top_k, selection.allowed),
        index.vectors.search(embedding, top_k, selection),
    ]
    for hits in everywhere:
        assert inside.isdisjoint(hit.chunk_id for hit in hits)
    for hits in restricted:
        assert [hit.chunk_id in inside for hit in hits] == [True] * top_k


def test_without_a_filter_nothing_is_selected(index: Index) -> None:
    assert index.select(None) is None
    assert index.select(QueryFilter()) is None


def test_what_a_page_shows_passes_with_the_page():
    files = [
        File("guides/a.md", {"tags": ["x"]}),
        File("guides/b.md", {"tags": ["y"]}),
        File("code/a.py", {}, ("guides/a.md", "guides/b.md")),
        File("code/b.py", {}, ("guides/b.md",)),
    ]
    assert allowed(QueryFilter(tags=("x",)), files) == ["code/a.py", "guides/a.md"]
    assert allowed(QueryFilter(path="guides/b.md"), files) == ["code/a.py", "code/b.py", "guides/b.md"]
    assert allowed(QueryFilter(path="code/"), files) == ["code/a.py", "code/b.py"]
