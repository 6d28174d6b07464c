"""What an index of this format holds, as a hash: an ingest takes chunks over that another version has cut."""

import hashlib

from footnote.app.core.find import find_files
from footnote.app.index.documents import lexical_document
from footnote.app.index.manifest import FORMAT
from footnote.ingest.read import read_document
from footnote.ingest.split import split_document
from tests.conftest import CORPUS

# A new pair goes with every new FORMAT.
GOLDEN = (7, "830b374daa1134f0540a226099751ed6a0b8cf1cc2e326dd6ac1c529745aafbf")


def corpus_lines() -> list[str]:
    """Id, path, language, terms, place, title, headings and text of every chunk, in large and in small chunks."""
    files, _ = find_files(CORPUS, ["**/*.md"], [], 1_000_000)
    documents = [document for document, _ in map(read_document, files) if document]
    return [
        "\t".join(lexical_document(chunk))
        for size_chars, overlap_chars, small_chars in ((1000, 200, 0), (150, 60, 0), (1000, 200, 300))
        for document in documents
        for chunk in split_document(document, size_chars, overlap_chars, small_chars=small_chars)
    ]


def test_chunks_and_terms_are_those_of_the_format() -> None:
    lines = corpus_lines()
    assert len(lines) == 93
    found = (FORMAT, hashlib.sha256("\n".join(lines).encode()).hexdigest())
    assert found == GOLDEN, (
        "pages are cut or terms are made in another way: raise FORMAT in app/core/manifest.py, so that "
        f"indexes are built anew, and put {found} here"
    )
