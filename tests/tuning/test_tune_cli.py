"""`footnote tune`: fits to questions about an index, and the index is ranked with what it wrote."""

import json
import logging
import shutil

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.settings import load_settings
from footnote.app.retrieval.weights import (
    FILE,
    Tuning,
    Weights,
    read_tuning,
    tuned_gate,
    tuned_search,
    tuning_of,
    write_tuning,
)
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
    assert vars_of(tuning.weights) == document["fit"]["chosen"]
    assert document["fit"]["questions"] >= 30
    settings = load_settings(env_file=None)
    assert Weights.of(tuned_search(settings.search, tuning)) == tuning.weights
    assert tuned_gate(settings.gate, tuning) == settings.gate
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
    return Tuning("bge", "marco", Weights(0.3, 0.1, 4.0), 0.4)


def test_a_weight_set_by_hand_stays(tmp_path, tuning):
    write_tuning(tmp_path, tuning)
    found = tuning_of(tmp_path, "bge", "marco")
    assert found == tuning
    settings = load_settings(env_file=None, fused_weight=7.0)
    assert Weights.of(tuned_search(settings.search, found)) == Weights(0.3, 0.1, 7.0)
    assert tuned_gate(settings.gate, found).strictness == 0.4
    settings = load_settings(env_file=None, lexical_weight=0.9, strictness=0.1)
    assert Weights.of(tuned_search(settings.search, found)) == Weights(0.9 / 1.4, 0.1, 4.0)
    assert tuned_gate(settings.gate, found).strictness == 0.1


def test_weights_of_other_models_are_not_used(tmp_path, tuning, caplog):
    write_tuning(tmp_path, tuning)
    with caplog.at_level(logging.WARNING):
        assert tuning_of(tmp_path, "bge", None) is None
    assert "is of other models and not used: run `footnote tune` again" in caplog.text


def test_a_broken_file_is_said_and_not_used(tmp_path, caplog):
    (tmp_path / FILE).write_text('{"weights": ', "utf-8")
    with caplog.at_level(logging.WARNING):
        assert read_tuning(tmp_path) is None
    assert "cannot be read and is not used" in caplog.text


@pytest.fixture
def mixed(questions, tmp_path):
    """Half of them answerable, half about what no page says."""
    rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines()][:20]
    rows += [
        {"question": f"Who won the {sport} world cup in {year}?", "answerable": False}
        for sport in ("football", "chess", "rugby", "cricket")
        for year in (1998, 2003, 2007, 2011)
    ]
    file = tmp_path / "mixed.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return file


def fit_gate(index_dir, *arguments, **env):
    env = {"FOOTNOTE_INDEX_DIR": str(index_dir), "COLUMNS": "200", **env}
    return CliRunner().invoke(app, ["eval", *map(str, arguments), "--fit-gate"], env=env)


def test_a_gate_that_lets_everything_through_is_fitted_and_used(index_dir, mixed, engine):
    found = fit_gate(index_dir, mixed, "--json", FOOTNOTE_STRICTNESS="0")
    document = json.loads(found.stdout)
    assert (found.exit_code, document["set"], document["written"]) == (0, 0.0, True)
    assert document["refused"][0] == 0.0
    assert document["refused"][1] > 0.9
    tuning = read_tuning(index_dir)
    assert tuning is not None
    assert (tuning.weights, tuning.strictness) == (None, document["fit"]["chosen"])


def test_a_gate_that_is_right_stays(index_dir, mixed):
    found = fit_gate(index_dir, mixed)
    assert found.exit_code == 1
    assert "that is not better beyond noise: nothing was written" in found.stdout
    assert read_tuning(index_dir) is None


def test_a_gate_is_fitted_to_enough_of_both_kinds(index_dir, questions):
    found = fit_gate(index_dir, questions)
    assert found.exit_code == 1
    assert "are answerable and 0 are not" in " ".join(found.stderr.split())
