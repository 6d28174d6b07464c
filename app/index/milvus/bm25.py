"""BM25 as tantivy computes it, as an inner product: the document's share of a score, and idf beside the question.

Source: tantivy 0.26, `src/query/bm25.rs` and `src/fieldnorm/code.rs`.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np

K1, B = 1.2, 0.75
_EXACT_LENGTHS = 24  # tantivy's code, which is Lucene's: shorter fields keep their length, longer ones three bits of it


def _decoded(code: int) -> int:
    if code < _EXACT_LENGTHS:
        return code
    bits, shift = (code - _EXACT_LENGTHS) & 7, ((code - _EXACT_LENGTHS) >> 3) - 1
    return _EXACT_LENGTHS + (bits if shift < 0 else (bits | 8) << shift)


_LENGTHS = [_decoded(code) for code in range(256)]


def length_code(terms: int) -> int:
    """The byte that stands for a chunk of so many terms: of the next lower length that has one."""
    return bisect_right(_LENGTHS, terms) - 1


def length_norms(average_terms: float) -> list[float]:
    """What a term's count is weighed against, by the code of the chunk's length."""
    if not average_terms:
        return [K1] * len(_LENGTHS)
    return [K1 * (1.0 - B + B * length / average_terms) for length in _LENGTHS]


def document_weights(counts: Mapping[int, int], terms: int, norms: Sequence[float]) -> dict[int, float]:
    """What each term of a chunk of so many terms gives to a score, above 0 and below k1 + 1, by the term's number.

    `norms` are `length_norms`.
    """
    norm = norms[length_code(terms)]
    return {number: count * (K1 + 1.0) / (count + norm) for number, count in counts.items()}


def question_weight(chunks: int, holding: int) -> float:
    """What a term's weights count in a question, its idf: so many of the chunks hold it.

    In single precision, as tantivy: for a term of nearly all chunks its idf is off by a thousandth of itself.
    """
    odds = (np.float32(chunks - holding) + np.float32(0.5)) / (np.float32(holding) + np.float32(0.5))
    return float(np.log(np.float32(1.0) + odds))
