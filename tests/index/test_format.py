"""What an index of this format holds, as a hash: an ingest takes chunks over that another version has cut."""

import hashlib

from footnote.app.core.find import find_files
from footnote.app.index.lexical_segments import lexical_document
from footnote.app.index.manifest import FORMAT
from footnote.ingest.read import read_document
from footnote.ingest.split import split_document
from tests.conftest import CORPUS

# A new pair goes with every new FORMAT.
GOLDEN = (5, "9ac8bd3f98a5e776a83f367f6fb3677d08882f495680d6ef9330c8a07f5c676e")


def corpus_lines() -> list[str]:
    """Id, path, terms, place, title, headings and text of every chunk, in large and in small chunks."""
    files, _ = find_files(CORPUS, ["**/*.md"], [], 1_000_000)
    documents = [document for document, _ in map(read_document, files) if document]
    return [
        "\t".join(lexical_document(chunk))
        for size_chars, overlap_chars in ((1000, 200), (150, 60))
        for document in documents
        for chunk in split_document(document, size_chars, overlap_chars)
    ]


def test_chunks_and_terms_are_those_of_the_format() -> None:
    lines = corpus_lines()
    assert len(lines) == 84
    found = (FORMAT, hashlib.sha256("\n".join(lines).encode()).hexdigest())
    assert found == GOLDEN, (
        "pages are cut or terms are made in another way: raise FORMAT in app/core/manifest.py, so that "
        f"indexes are built anew, and put {found} here"
    )
