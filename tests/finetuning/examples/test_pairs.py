"""Pairs of kept answers, for DPO."""

import json
import shutil
import stat
from collections import Counter
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.cli.main import app
from footnote.app.core.types import Sentence
from footnote.app.finetuning.checking.check import check_file
from footnote.app.finetuning.checking.tokens import Counter as TokenCounter
from footnote.app.finetuning.examples.pairs import ALONE, NOT_KNOWN, NOT_PROVEN, OF_TEST_PAGE, SAME, pairs_of
from footnote.app.finetuning.examples.sources.kept import BROKEN_OFF, CUT_OFF
from footnote.app.kept.answer_log import AnswerLog
from footnote.app.kept.messages import messages_of
from footnote.app.kept.rows import Feedback, KeptAnswer, KeptCitation, KeptPassage

PASSAGE = KeptPassage("c1", "backup.md", ("Schedule",), 1, 2, 0, 50, "", "Backups are kept for 30 days.", "")
CITED = KeptCitation(1, "backup.md", 1, 2, 0, 29, "Backups are kept for 30 days.", "")


def kept(number, text, helpful, **fields):
    given = {
        "id": number,
        "asked_s": number,
        "question": "How long are backups kept?",
        "asked_as": None,
        "text": text,
        "refused": False,
        "refused_by": None,
        "refusal_reason": None,
        "mode": "llm",
        "model": "openai:gpt-4o",
        "arm": None,
        "prompt": "full",
        "generation": 1,
        "passages": (PASSAGE,),
        "sentences": (Sentence(text, (1,), "supported"),),
        "citations": (CITED,),
        "dropped": (),
        "premises": (),
        "truncated": False,
        "notice": None,
        "check_failed": None,
        "tokens": None,
        "total_ms": 1.0,
        "from_cache": False,
        "feedback": None if helpful is None else Feedback(helpful, None, 1),
    }
    return KeptAnswer(**{**given, **fields})


GOOD = kept(1, "They are kept for 30 days [1].", True)
BAD = kept(2, "For a month or so [1].", False)


def made_of(*answers, form="full", never=(), drops=False):
    return pairs_of(answers, form, never, drops)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((replace(GOOD, truncated=True), BAD), CUT_OFF),
        ((GOOD, replace(BAD, truncated=True)), CUT_OFF),
        ((GOOD, replace(BAD, truncated=True, notice="it broke off")), BROKEN_OFF),
        ((GOOD, replace(BAD, refused=True, refused_by="check")), NOT_KNOWN),
    ],
)
def test_a_prompt_without_a_whole_answer_is_counted_by_what_cut_it_off(answers, reason):
    assert made_of(*answers).left_out == Counter({reason: 1})


def test_a_liked_and_a_disliked_answer_to_one_prompt_are_a_pair():
    (pair,) = made_of(GOOD, BAD).pairs
    assert (pair.prompt, pair.better, pair.worse) == (messages_of(GOOD), GOOD.text, BAD.text)
    assert json.loads(pair.line()) == {
        "input": {"messages": [{"role": one.role, "content": one.content} for one in pair.prompt]},
        "preferred_output": [{"role": "assistant", "content": GOOD.text}],
        "non_preferred_output": [{"role": "assistant", "content": BAD.text}],
    }
    trl = json.loads(pair.line("trl"))
    assert (trl["chosen"][0]["content"], trl["rejected"][0]["content"]) == (GOOD.text, BAD.text)


def test_the_prompt_has_the_form_that_is_wanted():
    (pair,) = made_of(GOOD, BAD, form="compact").pairs
    assert pair.prompt == messages_of(GOOD, "compact") != messages_of(GOOD, "full")


def test_of_several_the_newest_count():
    (pair,) = made_of(replace(GOOD, id=9, text="30 days [1]."), GOOD, BAD, replace(BAD, id=8, text="Ask [1].")).pairs
    assert (pair.better, pair.worse) == ("30 days [1].", "Ask [1].")


def test_a_refusal_may_be_either():
    refusal = kept(3, REFUSAL_TEXT, False, refused=True, refused_by="model", sentences=(), citations=())
    (pair,) = made_of(GOOD, refusal).pairs
    assert pair.worse == REFUSAL_TEXT
    (pair,) = made_of(replace(refusal, feedback=Feedback(True, None, 1)), BAD).pairs
    assert pair.better == REFUSAL_TEXT


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([GOOD], ALONE),
        ([GOOD, replace(BAD, passages=(replace(PASSAGE, text="Other."),))], ALONE),
        ([GOOD, replace(BAD, text=GOOD.text)], SAME),
        ([replace(GOOD, sentences=(Sentence("x", (1,), "unverified"),)), BAD], NOT_PROVEN),
    ],
)
def test_what_makes_no_pair_is_counted(answers, reason):
    found = made_of(*answers)
    assert found.pairs == () and set(found.left_out) == {reason}


def test_an_answer_without_a_word_is_in_no_pair():
    assert made_of(GOOD, replace(BAD, feedback=None)).left_out == Counter({ALONE: 1})
    assert made_of(replace(GOOD, feedback=None)).left_out == Counter()


def test_pages_of_test_questions_are_in_no_pair():
    assert made_of(GOOD, BAD, never={"backup.md"}).left_out == {OF_TEST_PAGE: 1}


def test_personal_data_is_counted_or_left_out():
    mail = replace(BAD, text="Ask ada@acme-relay.io [1].")
    assert made_of(GOOD, mail).personal_data == {"e-mail address": 1}
    assert made_of(GOOD, mail, drops=True).pairs == ()


@pytest.fixture
def command(make_engine, fake_llm, tmp_path, guide_index):
    """Runs the command on an index folder where one question has a liked and a disliked answer."""
    index_dir = tmp_path / "index"
    shutil.copytree(guide_index.index_dir, index_dir)
    answers = AnswerLog(index_dir, kept_days=9)
    engine = make_engine(llm="openai:gpt-4o", llm_base_url=fake_llm.base_url)
    for text, helpful in (("Relay listens on port 7070 [1].", True), ("The port is 7070 [1].", False)):
        fake_llm.text = text
        answer = engine.ask("Which port does Relay listen on?")
        answers.keep(answer)
        assert answers.keep_word(answer.question, helpful, answer.text)

    def run(*arguments, folder=index_dir):
        env = {"FOOTNOTE_INDEX_DIR": str(folder), "COLUMNS": "200"}
        return CliRunner().invoke(app, ["tune-llm", "pairs", *map(str, arguments)], env=env)

    return run


def test_the_prompt_of_a_pair_is_the_one_that_was_sent(command, fake_llm, tmp_path):
    file = tmp_path / "pairs.jsonl"
    result = command(file)
    assert result.exit_code == 0 and result.stdout.splitlines()[0] == f"1 pair in {file}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600  # it quotes people
    (row,) = map(json.loads, file.read_text().splitlines())
    assert row["input"]["messages"] == fake_llm.received[0][2]["messages"]
    assert row["preferred_output"][0]["content"].startswith("Relay listens on port 7070 [")
    checked = check_file(file, counter=TokenCounter("words", False, lambda text: len(text.split())))
    assert [one.what for one in checked.findings if one.line] == [] and checked.form == "preference"
    again = command(file)
    assert again.exit_code == 2 and "--force" in again.stderr
    as_json = json.loads(command(file, "--force", "--json").stdout)
    assert (as_json["pairs"], as_json["left_out"]) == (1, {})


def test_no_pair_is_an_error_that_says_what_is_missing(command, tmp_path):
    tests = tmp_path / "questions.jsonl"
    row = {"question": "Which port?", "answerable": True, "gold": [{"path": "configuration.md"}]}
    tests.write_text(json.dumps(row) + "\n")
    result = command(tmp_path / "pairs.jsonl", "--never-train", tests)
    assert result.exit_code == 1 and f"1 x {OF_TEST_PAGE}" in result.stderr
    assert not (tmp_path / "pairs.jsonl").exists()


def test_a_slip_in_the_folder_is_no_lack_of_pairs(command, tmp_path):
    result = command(tmp_path / "pairs.jsonl", folder=tmp_path / "other")
    assert result.exit_code == 3 and "no index in" in result.stderr


def test_test_questions_of_other_docs_would_protect_nothing(command, tmp_path):
    tests = tmp_path / "questions.jsonl"
    tests.write_text(json.dumps({"question": "Where?", "answerable": True, "gold": [{"path": "else.md"}]}) + "\n")
    result = command(tmp_path / "pairs.jsonl", "--never-train", tests)
    assert result.exit_code == 2 and "--never-train names 1 page that the index does not have" in result.stderr
