"""named: whether the docs hold a name, in whatever spelling."""

import pytest

from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.premises.named import is_named, name_like
from footnote.app.premises.names import Name
from tests.builders import make_chunk, make_hit

TEXT = """\
Start it fast with `--no-cache`, or with `--turbo-mode` and `--quiet`.
Run `relay queue list` to list, the vacuum command to clean, `prune` to cut the queues. The doctor checks ears.
Set `max_queue_age` or RELAY_QUEUE_DIR. Read with `relay.data.Reader.read_lines()`.
`verbose = true` in relay.toml says more. The BatchReader class reads. A colour is a word.
"""


@pytest.fixture
def chunks(tmp_path):
    return TantivyIndex.build(tmp_path / "index", [make_chunk(TEXT)])


def flag(text):
    return Name(text, "flag")


def command(text):
    return Name(text, "command")


def identifier(text):
    return Name(text, "identifier")


@pytest.mark.parametrize(
    "name",
    [
        flag("--no-cache"),
        flag("--quiet"),
        flag("--no-cahce"),
        flag("--verbose"),
        command("relay queue"),
        command("relay queue list"),
        command("relay vacuum"),
        command("relay prune"),
        identifier("max_queue_age"),
        identifier("Max_Queue_Age"),
        identifier("max-queue-age"),
        identifier("maxQueueAge"),
        identifier("max_queue_ages"),
        identifier("RELAY_QUEUE_DIRS"),
        identifier("read_lines"),
        identifier("relay.data.read_lines"),
        identifier("BatchReader"),
        identifier("batchreader"),
        identifier("BatchRaeder"),
        identifier("relay.toml"),
    ],
)
def test_a_name_stands_in_the_docs_in_any_spelling(chunks, name):
    assert is_named(name, chunks)


@pytest.mark.parametrize(
    "name",
    [
        flag("--turbo"),
        flag("--fast"),
        flag("--color-depth"),
        command("relay doctor"),
        command("relay queue freeze"),
        identifier("max_batch_size"),
        identifier("RELAY_COLOUR"),
        identifier("relay.data.read_excel"),
        identifier("BatchWriter"),
        identifier("relay.override.toml"),
    ],
)
def test_a_name_that_stands_nowhere_is_not_named(chunks, name):
    assert not is_named(name, chunks)


def test_a_word_of_too_many_chunks_counts_as_named(tmp_path, monkeypatch):
    monkeypatch.setattr("footnote.app.premises.named.MAX_READ", 2)
    pages = [make_chunk("It is fast.", path=f"{number}.md") for number in range(3)]
    assert is_named(flag("--fast"), TantivyIndex.build(tmp_path / "three", pages))
    assert not is_named(flag("--fast"), TantivyIndex.build(tmp_path / "two", pages[:2]))


@pytest.mark.parametrize(
    ("name", "like"),
    [
        (flag("--turbo"), "--turbo-mode"),
        (flag("--no-caching"), "--no-cache"),
        (identifier("max_queue_age_days"), "max_queue_age"),
        (identifier("read_excel"), None),
        (flag("--eager"), None),
        (command("relay doctor"), None),
    ],
)
def test_the_name_that_is_most_like_it_is_found(name, like):
    assert name_like(name, [make_hit(TEXT)]) == like
