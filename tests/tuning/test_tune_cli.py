"""`footnote tune`: fits to questions about an index, and the index is ranked with what it wrote."""

import json
import logging
import shutil

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.settings import load_settings
from footnote.app.retrieval.weights import FILE, Tuning, Weights, read_tuning, with_tuning, write_tuning
from tests.conftest import CORPUS

# The vector search of a question that all questions begin with finds the same for all of them.
BAD = {
    "FOOTNOTE_QUERY_PREFIX": "How are messages deleted? " * 20,
    "FOOTNOTE_FUSED_WEIGHT": "100",
    "FOOTNOTE_LEXICAL_WEIGHT": "0",
    "FOOTNOTE_RERANK_DEPTH": "6",
}


@pytest.fixture
def index_dir(guide_index, tmp_path):
    return shutil.copytree(guide_index.index_dir, tmp_path / "index")


@pytest.fixture
def questions(tmp_path):
    rows = []
    for file in sorted(CORPUS.rglob("*.md")):
        for heading in (line[3:] for line in file.read_text("utf-8").splitlines() if line.startswith("## ")):
            gold = [{"path": str(file.relative_to(CORPUS)), "heading": heading}]
            rows += [
                {"question": f"{said} {heading}", "answerable": True, "gold": gold}
                for said in ("Tell me about:", "What of")
            ]
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return file


@pytest.fixture
def tune(index_dir):
    def run(*arguments, **env):
        env = {"FOOTNOTE_INDEX_DIR": str(index_dir), "COLUMNS": "200", **env}
        return CliRunner().invoke(app, ["tune", *map(str, arguments)], env=env)

    return run


def test_better_weights_are_written_and_used(tune, questions, index_dir):
    found = tune(questions, "--json", **BAD)
    document = json.loads(found.stdout)
    assert (found.exit_code, document["is_better"], document["written"]) == (0, True, True)
    assert document["set"] == {"lexical_share": 0.0, "cosine_span": 0.2, "fused_weight": 100.0}
    assert document["fit"]["after"] > document["fit"]["before"] + 0.2
    tuning = read_tuning(index_dir)
    assert tuning is not None
    assert vars_of(tuning.weights) == document["fit"]["weights"]
    assert tuning.questions == document["fit"]["questions"] >= 30
    used = with_tuning(load_settings(env_file=None).search, index_dir, tuning.embedder, tuning.reranker)
    assert Weights.of(used) == tuning.weights
    assert tune("--reset").exit_code == 0
    assert read_tuning(index_dir) is None


def test_what_is_not_better_is_not_written(tune, questions, index_dir):
    found = tune(questions, FOOTNOTE_RERANK_DEPTH="6")
    assert found.exit_code == 1
    assert "that is not better beyond noise: nothing was written" in found.stdout
    assert not (index_dir / FILE).exists()


def test_few_questions_are_refused(tune, questions):
    questions.write_text("".join(questions.read_text("utf-8").splitlines(keepends=True)[:5]), "utf-8")
    found = tune(questions)
    assert found.exit_code == 1
    assert "5 questions have labels that match the docs: with fewer than 30" in " ".join(found.stderr.split())


def vars_of(weights):
    return {name: getattr(weights, name) for name in ("lexical_share", "cosine_span", "fused_weight")}


@pytest.fixture
def tuning():
    return Tuning(Weights(0.3, 0.1, 4.0), "bge", "marco", 40)


def test_a_weight_set_by_hand_stays(tmp_path, tuning):
    write_tuning(tmp_path, tuning)
    search = with_tuning(load_settings(env_file=None, fused_weight=7.0).search, tmp_path, "bge", "marco")
    assert Weights.of(search) == Weights(0.3, 0.1, 7.0)
    search = with_tuning(load_settings(env_file=None, lexical_weight=0.9).search, tmp_path, "bge", "marco")
    assert (search.lexical_weight, search.vector_weight) == (0.9, 0.5)


def test_weights_of_other_models_are_not_used(tmp_path, tuning, caplog):
    write_tuning(tmp_path, tuning)
    search = load_settings(env_file=None).search
    with caplog.at_level(logging.WARNING):
        assert with_tuning(search, tmp_path, "bge", None) == search
    assert "is of other models and not used: run `footnote tune` again" in caplog.text


def test_a_broken_file_is_said_and_not_used(tmp_path, caplog):
    (tmp_path / FILE).write_text('{"weights": ', "utf-8")
    with caplog.at_level(logging.WARNING):
        assert read_tuning(tmp_path) is None
    assert "cannot be read and is not used" in caplog.text
