"""`footnote tune-llm data`: from question files and drafts of the corpus to a folder of examples."""

import hashlib
import json
import re
import shutil
import stat
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.answering.markers import markers
from footnote.app.cli.main import app
from footnote.app.evaluation.questions import read_questions
from footnote.app.finetuning.examples.files import read_examples
from footnote.app.kept.answer_log import AnswerLog

ROWS = [
    {
        "question": "Which port does Relay listen on?",
        "answerable": True,
        "gold": [{"path": "configuration.md", "heading": "Network", "quote": "The default is 7070."}],
        "answer": "Relay listens on port 7070 by default.",
    },
    {
        "question": "How often should I back up?",
        "answerable": True,
        "gold": [{"path": "guides/backups.md", "heading": "Schedule", "quote": "A nightly backup is enough"}],
    },
    {
        "question": "Which error comes when I touch the queue?",
        "answerable": True,
        "gold": [{"path": "guides/backups.md", "heading": "Restore a backup"}],
        "answer": "The next start fails with error RLY-077.",
    },
    {"question": "Where was the page?", "answerable": True, "gold": [{"path": "gone.md"}]},
    {"question": "What does Relay cost?", "answerable": False},
]


@pytest.fixture
def questions(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), "utf-8")
    return file


@pytest.fixture
def data(guide_index, tmp_path):
    """Runs the command into `tmp_path / "out"`."""

    def run(*arguments, out=tmp_path / "out", **env):
        env = {"FOOTNOTE_INDEX_DIR": str(guide_index.index_dir), "COLUMNS": "200", **env}
        return CliRunner().invoke(app, ["tune-llm", "data", str(out), *map(str, arguments)], env=env)

    return run


def test_an_empty_file_of_questions_is_named_whatever_it_is_for(data, questions, tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    for option in ("--questions", "--never-train"):
        result = data("--questions", questions, option, empty)
        assert (result.exit_code, f"{empty} holds no question" in result.stderr) == (2, True)


def test_the_prompt_is_that_of_the_model_that_answers_unless_it_is_named(data, questions):
    def made(*arguments, **env):
        result = data("--questions", questions, "--held-out", 0, "--force", *arguments, "--json", **env)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)["settings"]["prompt"]

    assert made() == "full"
    assert made(FOOTNOTE_LLM="a.gguf") == "compact"
    assert made("--prompt", "full", FOOTNOTE_LLM="a.gguf") == "full"
    assert made(FOOTNOTE_LLM_PROMPT="compact") == "compact"
    assert "--prompt compact" in data("--questions", questions, "--held-out", 0, "--force").stdout


def test_where_kept_answers_were_cut_off_the_fix_is_a_higher_limit(data, engine, guide_index, tmp_path):
    copied = tmp_path / "index"
    shutil.copytree(guide_index.index_dir, copied)
    log, answer = AnswerLog(copied, kept_days=9), engine.ask(ROWS[0]["question"])
    log.keep(replace(answer, truncated=True))
    assert log.keep_word(answer.question, True)
    result = data("--kept", FOOTNOTE_INDEX_DIR=str(copied))
    said = " ".join(result.stderr.split())
    assert result.exit_code == 1
    assert "cut off by FOOTNOTE_LLM_MAX_TOKENS" in said and said.endswith("or --draft some questions")


def examples_in(file):
    return [one for _, one in read_examples(file)]


def question_in(example):
    return example.prompt[-1].content.rpartition("Question: ")[2]


def test_question_files_become_cited_examples(data, questions, tmp_path):
    result = data("--questions", questions, "--held-out", 0, "--without-oracle", 0, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    card = json.loads(result.stdout)
    by_question = {question_in(one): one for one in examples_in(tmp_path / "out" / "train.jsonl")}
    assert set(by_question) == {ROWS[0]["question"], ROWS[1]["question"]}
    cited = by_question[ROWS[0]["question"]]
    (marker,) = markers(cited.reply)
    assert cited.reply == f"Relay listens on port 7070 by default [{marker.number}]."
    source = re.search(
        rf'<source n="{marker.number}" from="([^"]+)">\n(.*?)\n</source>', cited.prompt[-1].content, re.S
    )
    assert source[1].startswith("configuration.md") and "The default is 7070." in source[2]
    # Without a reference answer it is the quote, word for word.
    assert by_question[ROWS[1]["question"]].reply.startswith("A nightly backup is enough for most sites")
    assert card["left_out"] == {
        "a question with a label that matches nothing in the index": 1,
        "a refusal beyond the share of --refusals": 1,
        "an answer with a sentence that its passages do not support": 1,
    }


def test_an_unanswerable_question_is_refused(data, questions, tmp_path):
    data("--questions", questions, "--held-out", 0, "--refusals", 0.5)
    (refusal,) = [
        one for one in examples_in(tmp_path / "out" / "train.jsonl") if question_in(one) == ROWS[4]["question"]
    ]
    assert refusal.reply == REFUSAL_TEXT


def test_drafts_are_split_by_page_and_one_seed_gives_the_same_bytes(data, questions, tmp_path):
    arguments = ("--questions", questions, "--draft", 40, "--held-out", 0.3, "--prompt", "compact", "--passages", 2)
    out = tmp_path / "out"
    assert data(*arguments).exit_code == 0
    card = json.loads((out / "card.json").read_text())
    sources = [one.prompt[-1].content for one in examples_in(out / "train.jsonl")]
    assert len(sources) == card["train"]["examples"] >= 5 and card["held_out"]["examples"] >= 1
    assert card["held_out_pages"]
    for page in card["held_out_pages"]:
        assert not any(f'from="{page}' in one for one in sources)
    held_out = read_questions([out / "heldout-questions.jsonl"])
    assert held_out and {label.path for one in held_out for label in one.gold} <= set(card["held_out_pages"])
    for name, digest in card["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    again = tmp_path / "again"
    assert data(*arguments, out=again).exit_code == 0
    assert sorted(one.name for one in again.iterdir()) == sorted(one.name for one in out.iterdir())
    assert all((again / one.name).read_bytes() == one.read_bytes() for one in out.iterdir())


def test_pages_of_test_questions_are_in_no_example(data, questions, tmp_path):
    tests = tmp_path / "test-questions.jsonl"
    tests.write_text(json.dumps(ROWS[0]) + "\n")
    result = data("--questions", questions, "--draft", 20, "--never-train", tests, "--held-out", 0)
    assert result.exit_code == 0
    assert 'from="configuration.md' not in (tmp_path / "out" / "train.jsonl").read_text().replace("\\", "")
    assert json.loads((tmp_path / "out" / "card.json").read_text())["never_train_pages"] == ["configuration.md"]


def test_a_language_model_writes_what_no_file_answers(data, questions, fake_llm, tmp_path):
    fake_llm.text = "A nightly backup is enough for most sites [1]."
    env = {"FOOTNOTE_LLM": "openai:gpt-4o", "FOOTNOTE_LLM_BASE_URL": fake_llm.base_url}
    result = data("--questions", questions, "--answers", "llm", "--held-out", 0, "--without-oracle", 0, "--json", **env)
    assert json.loads(result.stdout)["train"]["by what wrote the reply"] == {"openai:gpt-4o": 1, "reference": 1}
    (written,) = [
        one for one in examples_in(tmp_path / "out" / "train.jsonl") if question_in(one) == ROWS[1]["question"]
    ]
    assert re.fullmatch(r"A nightly backup is enough for most sites \[\d\]\.", written.reply)
    fake_llm.text = "A backup every minute is needed, says Ms Miller [1]."
    again = data("--questions", questions, "--answers", "llm", "--force", "--held-out", 0, "--json", **env)
    assert json.loads(again.stdout)["left_out"]["an answer with a sentence that its passages do not support"] == 2


def test_own_examples_are_mixed_in(data, questions, tmp_path):
    style = tmp_path / "style.jsonl"
    own = {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Good day."}]}
    style.write_text(f"{json.dumps(own)}\n" * 2)
    result = data("--questions", questions, "--style", style, "--format", "trl", "--held-out", 0)
    assert "with 1 example of your own" in result.stdout
    assert examples_in(tmp_path / "out" / "train.jsonl")[-1].reply == "Good day."
    mail = {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Ask ada@acme-relay.io."}]}
    style.write_text(f"{json.dumps(own)}\n{json.dumps(mail)}\n")
    found = data(
        "--questions", questions, "--style", style, "--force", "--drop-personal-data", "--json", "--held-out", 0
    )
    card = json.loads(found.stdout)
    assert card["personal_data"] == {"e-mail address": {"found": 1, "in": {f"{style}:2": 1}}}
    assert (card["train"]["own examples"], card["left_out"]["an example with what looks like personal data"]) == (1, 1)
    style.write_text("{}\n")
    wrong = data("--questions", questions, "--style", style, "--force")
    assert wrong.exit_code == 2 and f"{style}:1: is no example" in wrong.stderr


def test_nothing_is_overwritten_unless_told(data, questions, tmp_path):
    assert data("--questions", questions).exit_code == 0
    before = {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()}
    assert set(before) == {"train.jsonl", "heldout.jsonl", "heldout-questions.jsonl", "card.json", "card.md"}
    refused = data("--questions", questions, "--seed", 5)
    assert refused.exit_code == 2 and "--force" in refused.stderr
    assert {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()} == before


def test_an_interruption_leaves_nothing_behind(data, questions, tmp_path, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("footnote.app.finetuning.examples.folder.card_markdown", interrupted)
    result = data("--questions", questions)
    assert (result.exit_code, list((tmp_path / "out").iterdir())) == (130, [])
    assert "nothing was written" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "name question files with --questions, or --draft some"),
        (("--draft", 5, "--answers", "llm"), 2, "--answers llm needs a language model"),
        (("--questions", "none.jsonl"), 2, "no question file none.jsonl"),
    ],
)
def test_what_cannot_be_made_is_said_first(data, arguments, code, said):
    result = data(*arguments, FOOTNOTE_LLM="extractive")
    assert result.exit_code == code and said in result.stderr


def test_no_example_is_an_error(data, tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(ROWS[3]) + "\n")
    result = data("--questions", file)
    assert result.exit_code == 1
    assert "1 x a question with a label that matches nothing in the index" in result.stderr


def test_kept_answers_that_readers_liked_are_taken(engine, guide_index, tmp_path):
    index_dir = tmp_path / "index"
    shutil.copytree(guide_index.index_dir, index_dir)
    answers = AnswerLog(index_dir, kept_days=9)
    liked, disliked = (engine.ask(row["question"]) for row in ROWS[:2])
    for answer, helpful in ((liked, True), (disliked, False)):
        answers.keep(answer)
        assert answers.keep_word(answer.question, helpful)
    out = tmp_path / "out"
    env = {"FOOTNOTE_INDEX_DIR": str(index_dir), "COLUMNS": "200"}
    options = ["--kept", "--held-out", "0", "--without-oracle", "0", "--json"]
    result = CliRunner().invoke(app, ["tune-llm", "data", str(out), *options], env=env)
    assert json.loads(result.stdout)["train"]["by source"] == {"kept answers": 1}
    (one,) = examples_in(out / "train.jsonl")
    assert question_in(one) == ROWS[0]["question"] and "7070" in one.reply


def test_what_is_written_is_for_its_owner_alone(data, questions, tmp_path):
    assert data("--questions", questions).exit_code == 0
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "out").iterdir()} == {0o600}


def test_test_questions_of_other_docs_would_protect_nothing(data, questions, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"question": "Where?", "answerable": True, "gold": [{"path": "else.md"}]}) + "\n")
    result = data("--questions", questions, "--never-train", other)
    assert result.exit_code == 2
    assert "--never-train names 1 page that the index does not have, such as else.md" in " ".join(result.stderr.split())
    assert not (tmp_path / "out").exists()  # nothing is left of the try
