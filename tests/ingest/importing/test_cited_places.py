"""From a page that was imported to a citation that names its source."""

from pathlib import Path

from footnote.app.answering.citations import cite
from footnote.app.core.find import FoundFile
from footnote.app.core.pages.flavour import flavour_named
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Chunk
from footnote.app.index.documents import lexical_document
from footnote.ingest.read import read_document
from footnote.ingest.split import split_document, split_or_skip

FRONT = f'---\ntitle: "Pump"\nsource: "manuals/pump.pdf"\nsource_sha256: "{"a" * 64}"\nimported_by: "x"\n---\n\n'
BODY = (
    "<!-- page 1 -->\n\n# Pump\n\nThe pump moves water über hills.\n\n"
    "<!-- page 2 -->\n\nIt is serviced every 500 hours.\n\n## Code\n\n```\n<!-- page 9 -->\n```\n\nAfter the code.\n"
)


def chunks_of(tmp_path: Path, text: str) -> list[Chunk]:
    file = tmp_path / "pump.pdf.md"
    file.write_text(text, "utf-8")
    document, _ = read_document(FoundFile("pump.pdf.md", file, len(text), 0, 0))
    assert document
    return split_document(document)


def test_no_chunk_goes_across_two_pages_and_each_knows_its_own(tmp_path: Path) -> None:
    chunks = chunks_of(tmp_path, FRONT + BODY)
    assert [(one.source_place, one.text.split("\n")[-1]) for one in chunks[:2]] == [
        ("page 1", "The pump moves water über hills."),
        ("page 2", "It is serviced every 500 hours."),
    ]
    assert all("<!-- page 1" not in one.text and "<!-- page 2" not in one.text for one in chunks)


def test_a_citation_names_source_and_page_and_is_still_bytes_of_the_markdown(tmp_path: Path) -> None:
    chunk = chunks_of(tmp_path, FRONT + BODY)[1]
    citation = cite(1, lexical_document(chunk).to_chunk(), None, 7)
    assert (citation.source, citation.source_place, citation.path) == ("manuals/pump.pdf", "page 2", "pump.pdf.md")
    assert (tmp_path / "pump.pdf.md").read_bytes()[citation.start : citation.end].decode() == citation.quote


def test_a_page_that_was_written_by_hand_names_no_source(tmp_path: Path) -> None:
    chunk = chunks_of(tmp_path, "---\nsource: a.pdf\n---\n\n" + BODY)[1]
    citation = cite(1, chunk, None, 1)
    assert (citation.source, citation.source_place) == ("", "")


def test_an_imported_page_opens_no_file_that_its_text_names(tmp_path: Path) -> None:
    shows = '# Pump\n\nText.\n\n--8<-- "notes.txt"\n\n{{#include notes.txt}}\n'
    for front, named in ((FRONT, 0), ("", 2)):
        file = tmp_path / "pump.pdf.md"
        file.write_text(front + shows, "utf-8")
        document, _ = read_document(FoundFile("pump.pdf.md", file, 0, 0, 0))
        assert document
        assert len(split_or_skip(document, load_settings(None).ingest, flavour_named("")).includes) == named
