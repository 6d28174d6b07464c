"""BM25 as an inner product, with the scores of tantivy: the document's share here, idf on the side of the query.

Source: tantivy 0.26, `src/query/bm25.rs` and `src/fieldnorm/code.rs`; `tests/index/milvus/` holds the scores together.
"""

from bisect import bisect_right
from collections.abc import Mapping

K1, B = 1.2, 0.75
_EXACT_LENGTHS = 24  # tantivy's code, which is Lucene's: shorter fields keep their length, longer ones three bits of it


def _decoded(code: int) -> int:
    if code < _EXACT_LENGTHS:
        return code
    bits, shift = (code - _EXACT_LENGTHS) & 7, ((code - _EXACT_LENGTHS) >> 3) - 1
    return _EXACT_LENGTHS + (bits if shift < 0 else (bits | 8) << shift)


_LENGTHS = [_decoded(code) for code in range(256)]


def rounded_length(terms: int) -> int:
    """The length of a field as tantivy keeps it in one byte: the next lower one that it has a code for."""
    return _LENGTHS[bisect_right(_LENGTHS, terms) - 1]


def document_weights(counts: Mapping[int, int], terms: int, average_terms: float) -> dict[int, float]:
    """What each term of a chunk of so many terms gives to a score, above 0 and below k1 + 1, by the term's number."""
    norm = K1 * (1.0 - B + B * rounded_length(terms) / average_terms) if average_terms else K1
    return {number: count * (K1 + 1.0) / (count + norm) for number, count in counts.items()}
