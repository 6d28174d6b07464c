"""A chunk as an index holds it: its terms, and all else as JSON."""

import json
from typing import NamedTuple

from footnote.app.core.text.analysis import ENGLISH, stemmed_as, terms
from footnote.app.core.types import Anchors, Chunk, Part, SectionStart


class LexicalDocument(NamedTuple):
    """What the index stores of a chunk.

    Attributes:
        language: the one that its terms are spelled in.
        body: its terms, joined by spaces; what a search scores.
        english: of its terms as English spells them those that are not in `body`, each once. What counts chunks or
            looks for names spells all terms so, whatever the language of the page.
        chunk: as JSON.
    """

    chunk_id: str
    path: str
    language: str
    body: str
    english: str
    chunk: str

    def to_chunk(self) -> Chunk:
        """The chunk."""
        fields = json.loads(self.chunk)
        parts = tuple(Part(*part) for part in fields.pop("parts"))
        heading_path = tuple(fields.pop("heading_path"))
        anchors = Anchors(*fields.pop("anchors"))
        sections = tuple(
            SectionStart(start, tuple(names), Anchors(*ids)) for start, names, ids in fields.pop("sections")
        )
        return Chunk(
            included_by=tuple(fields.pop("included_by", ())),
            id=self.chunk_id,
            path=self.path,
            heading_path=heading_path,
            anchors=anchors,
            parts=parts,
            sections=sections,
            **fields,
        )


def lexical_document(chunk: Chunk) -> LexicalDocument:
    """The chunk as the index holds it."""
    language = stemmed_as(chunk.language)
    body = terms(chunk.index_text, language)
    english = dict.fromkeys(terms(chunk.index_text)) if language != ENGLISH else {}
    for term in body:
        english.pop(term, None)
    return LexicalDocument(chunk.id, chunk.path, language, " ".join(body), " ".join(english), chunk_json(chunk))


def chunk_json(chunk: Chunk) -> str:
    """The chunk as it is stored, without its id and path; two that are stored alike are equal here."""
    # Not asdict: it copies every value deeply. A part is the list of its values, and so are the anchors.
    fields = {name: getattr(chunk, name) for name in Chunk.__slots__ if name not in ("id", "path")}
    if not chunk.source_place:
        del fields["source_place"]  # most pages were not imported, and are stored as before there were such
    fields["parts"] = [[getattr(part, name) for name in Part.__slots__] for part in chunk.parts]
    fields["anchors"] = _values(chunk.anchors)
    fields["sections"] = [[one.start, one.heading_path, _values(one.anchors)] for one in chunk.sections]
    if not chunk.included_by:  # as it was stored before there were such
        del fields["included_by"]
    return json.dumps(fields, ensure_ascii=False)


def _values(anchors: Anchors) -> list[str]:
    return [getattr(anchors, name) for name in Anchors.__slots__]
