"""BM25 as an inner product: the document's share of a score here, idf on the side of the question."""

from collections.abc import Mapping, Sequence

import numpy as np

from footnote.app.index.bm25 import K1, length_code


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
