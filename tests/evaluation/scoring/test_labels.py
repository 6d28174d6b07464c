"""Labels against the docs: what they mean, and how a stale one is told."""

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.evaluation.scoring.labels import Labels, Target, overlaps
from footnote.app.evaluation.scoring.relevance import relevance
from footnote.app.evaluation.types import Label
from footnote.app.index.reader import open_index
from footnote.ingest.flow import ingest
from tests.conftest import CORPUS
from tests.evaluation.conftest import PORT_QUOTE


@pytest.fixture(scope="module")
def labels(engine):
    return Labels(engine.index)


@pytest.fixture(scope="module")
def chunks(engine):
    return {chunk.id: chunk for chunk in engine.index.chunks.all_chunks()}


def headings(ids, chunks):
    return {chunks[one].heading_path[-1] for one in ids}


def test_a_label_means_page_section_and_passage(labels, chunks):
    target = labels.resolve(Label("configuration.md", ("Network",), PORT_QUOTE))
    assert {chunks[one].path for one in target.page} == {"configuration.md"}
    assert len(target.page) == sum(chunk.path == "configuration.md" for chunk in chunks.values())
    assert headings(target.section, chunks) == headings(target.passage, chunks) == {"Network"}
    ((start, end),) = target.spans
    assert (CORPUS / "configuration.md").read_bytes()[start:end] == PORT_QUOTE.encode()


def test_white_space_of_a_quote_makes_no_difference(labels):
    quote = "Relay keeps an open lock on it, and a changed\n   file makes the next start fail"
    target = labels.resolve(Label("guides/backups.md", ("Restore a backup",), quote))
    ((start, end),) = target.spans
    assert b"changed file\nmakes" in (CORPUS / "guides/backups.md").read_bytes()[start:end]


def test_a_heading_means_what_is_below_it(labels, chunks):
    target = labels.resolve(Label("troubleshooting.md", ("The disk is full",)))
    assert headings(target.section, chunks) == {"The disk is full", "Find the largest messages"}
    assert target.passage is None
    assert labels.resolve(Label("troubleshooting.md", ("Troubleshooting",))).section == target.page


def test_a_quote_alone_means_the_section_around_it(labels, chunks):
    target = labels.resolve(Label("troubleshooting.md", quote="List them by size:"))
    assert headings(target.section, chunks) == {"Find the largest messages"}


def test_a_path_alone_means_the_page(labels):
    target = labels.resolve(Label("install.md"))
    assert (target.section, target.passage) == (None, None)
    assert [one.level for one in relevance([target])] == ["page"]


@pytest.mark.parametrize("heading", [("network",), ("## Network",), ("Configuration", "Network")])
def test_a_heading_may_be_written_as_on_the_page_or_with_those_above(labels, heading):
    assert isinstance(labels.resolve(Label("configuration.md", heading)), Target)


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        (Label("guide/backups.md"), "there is no page guide/backups.md"),
        (Label("configuration.md", ("Net",)), "configuration.md has no heading 'Net'"),
        (Label("configuration.md", ("Queue", "Network")), "configuration.md has no heading 'Queue > Network'"),
        (Label("configuration.md", (), "The default is 8080."), "the quote is not on configuration.md"),
        (
            Label("configuration.md", ("Cache",), PORT_QUOTE),
            "the quote is on configuration.md, but not below 'Cache'",
        ),
    ],
)
def test_a_label_that_matches_nothing_says_why(labels, label, reason):
    assert labels.resolve(label) == reason


def test_a_quote_that_moved_is_found(labels):
    quote = "It asks for confirmation unless `--yes` is given."
    assert labels.elsewhere([quote, "nowhere at all"]) == {quote: "guides/deleting.md:21"}


def test_of_two_equal_headings_the_one_above_the_quote_counts(write_docs, embedder, tmp_path):
    page = (
        "# P\n\n## Linux\n\n### Example\n\nRun the first.\n\n## Windows\n\n### Example\n\nRun the second.\n\n"
        "## Mac\n\nOuter.\n\n### Mac\n\nRun the third.\n"
    )
    docs = write_docs(tmp_path / "docs", {"p.md": page})
    settings = load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index")
    ingest(settings, lambda *_: None, embedder)
    index = open_index(settings.folders.index_dir)
    try:
        resolved = Labels(index)
        second = resolved.resolve(Label("p.md", ("Example",), "Run the second."))
        chunks = index.chunks.get(second.section)
        assert {chunk.heading_path for chunk in chunks.values()} == {("P", "Windows", "Example")}
        assert len(resolved.resolve(Label("p.md", ("Example",))).section) == 2
        inner = resolved.resolve(Label("p.md", ("Mac",), "Run the third."))
        assert {chunk.heading_path[-2:] for chunk in index.chunks.get(inner.section).values()} == {("Mac", "Mac")}
    finally:
        index.close()


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [((0, 10), (10, 20), False), ((0, 10), (6, 20), False), ((0, 10), (5, 20), True), ((0, 100), (40, 42), True)],
)
def test_spans_overlap_by_half_of_the_shorter(one, other, shared):
    assert overlaps(one, other) == overlaps(other, one) == shared


def test_labels_that_share_a_chunk_are_one(labels, chunks):
    same = [Label("configuration.md", ("Network",), PORT_QUOTE), Label("configuration.md", ("Network",), "need root.")]
    other = Label("install.md", ("Install",), "It runs on Linux, macOS and Windows.")
    targets = [labels.resolve(label) for label in (*same, other)]
    assert [(one.level, one.total) for one in relevance(targets)] == [("page", 2), ("section", 2), ("passage", 2)]
    two_sections = [targets[0], labels.resolve(Label("configuration.md", ("Cache",), "for five minutes"))]
    assert [one.total for one in relevance(two_sections)] == [1, 2, 2]


def test_a_section_and_a_part_of_it_are_one(labels):
    whole = labels.resolve(Label("troubleshooting.md", ("The disk is full",)))
    part = labels.resolve(Label("troubleshooting.md", ("Find the largest messages",)))
    for targets in ([whole, part], [part, whole]):
        by_section = relevance(targets)[1]
        assert (by_section.total, by_section.units.keys()) == (1, whole.section)


def test_a_page_counts_once_at_its_best_rank(labels, chunks):
    by_page = relevance([labels.resolve(Label("install.md"))])[0]
    config = [chunk for chunk in chunks.values() if chunk.path == "configuration.md"]
    install = [chunk for chunk in chunks.values() if chunk.path == "install.md"]
    assert by_page.ranked([*config[:2], install[0], config[2], install[1]]) == [False, True]
