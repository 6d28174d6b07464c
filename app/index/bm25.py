"""BM25 as tantivy computes it, for engines that leave the arithmetic to us.

Source: tantivy 0.26, `src/query/bm25.rs` and `src/fieldnorm/code.rs`.
"""

from bisect import bisect_right

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
