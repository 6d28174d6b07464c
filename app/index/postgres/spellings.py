"""Terms that are nearly spelled like one: PostgreSQL's own distance knows no swapped letters, tantivy's does."""

from collections.abc import Iterable

import tantivy

_TERMS_A_DOCUMENT = 10_000
_WRITER_BYTES = 15_000_000


class Spellings:
    """Terms in a tantivy in memory: a second for 300,000."""

    def __init__(self, terms: Iterable[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="basic")
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        writer = index.writer(_WRITER_BYTES, num_threads=1)
        batch: list[str] = []
        for term in terms:
            batch.append(term)
            if len(batch) == _TERMS_A_DOCUMENT:
                writer.add_document(tantivy.Document(terms=" ".join(batch)))
                batch = []
        writer.add_document(tantivy.Document(terms=" ".join(batch)))
        writer.commit()
        index.reload()
        self._searcher = index.searcher()

    def has_near(self, term: str, distance: int) -> bool:
        """Whether one of them is made by at most so many letters: added, left out, replaced, or two swapped."""
        query = tantivy.Query.fuzzy_term_query(self._schema, "terms", term, distance=distance)
        return bool(self._searcher.search(query, 1, count=False).hits)
