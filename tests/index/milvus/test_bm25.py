"""The weights against tantivy itself."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from footnote.app.core.text.analysis import terms
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.milvus.bm25 import document_weights, length_norms, question_weight
from tests.builders import make_chunk

LENGTHS = (1, 2, 23, 24, 25, 39, 40, 41, 42, 43, 55, 56, 87, 88, 95, 96, 200, 1000, 5000)


def test_a_weight_with_its_idf_is_the_score_that_tantivy_gives(tmp_path: Path) -> None:
    dice = random.Random(7)
    texts = {
        f"{length:032x}": " ".join(dice.choices(("quagga", "zebra", "okapi"), k=length)) + " every"
        for length in LENGTHS
    }
    chunks = [replace(make_chunk(text), id=chunk_id) for chunk_id, text in texts.items()]
    bodies = {chunk.id: Counter(terms(chunk.index_text)) for chunk in chunks}
    average = sum(body.total() for body in bodies.values()) / len(bodies)
    index = TantivyIndex.build(tmp_path / "tantivy", chunks)
    for word in ("quagga", "zebra", "every"):
        [term] = terms(word)
        holding = sum(term in body for body in bodies.values())
        idf = question_weight(len(bodies), holding)
        hits = index.search(word, 50)
        assert len(hits) == holding
        for hit in hits:
            body = bodies[hit.chunk_id]
            [weight] = document_weights({0: body[term]}, body.total(), length_norms(average)).values()
            assert idf * weight == pytest.approx(hit.score, rel=1e-6)
