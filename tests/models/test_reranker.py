from pathlib import Path

import pytest

from footnote.app.core.errors import ModelError
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Fingerprint
from footnote.app.models.onnx_model import bundled_folder
from footnote.app.models.reranker import BUNDLED_SHA256, OnnxReranker, Reranker, make_reranker

QUESTION = "Which port does Relay listen on?"
PASSAGES = [
    "Giraffes eat the leaves of acacia trees.",
    "RELAY_PORT is the port that Relay listens on. The default is 7070.",
    "Relay keeps messages in a queue. " * 40,
    "Ports below 1024 need root.",
]


def test_the_passage_that_answers_scores_best_and_the_unrelated_one_worst(reranker: Reranker) -> None:
    logits = reranker.score([(QUESTION, passage) for passage in PASSAGES])
    by_score = sorted(PASSAGES, key=lambda passage: -logits[PASSAGES.index(passage)])
    assert by_score[0] == PASSAGES[1]
    assert logits[1] > 0 > logits[0]
    assert min(logits) == logits[0]


def test_a_score_does_not_depend_on_its_neighbours(reranker: Reranker) -> None:
    together = reranker.score([(QUESTION, passage) for passage in PASSAGES])
    assert [reranker.score([(QUESTION, passage)])[0] for passage in PASSAGES] == together
    assert reranker.score([(QUESTION, passage) for passage in reversed(PASSAGES)]) == together[::-1]


def test_scores_are_the_models_own_logits(reranker: Reranker) -> None:
    # Processors differ in the last digits of int8; a pair fed without its two segments is off by more than 1.
    logits = reranker.score([(QUESTION, PASSAGES[1]), (QUESTION, PASSAGES[0])])
    assert logits == pytest.approx([8.49, -11.30], abs=0.5)


def test_no_pairs_give_no_scores(reranker: Reranker) -> None:
    assert reranker.score([]) == []


def test_a_passage_longer_than_the_model_reads_is_scored_by_its_beginning(reranker: Reranker) -> None:
    begins_well = PASSAGES[1] + " filler" * 1000
    [logit] = reranker.score([(QUESTION, begins_well)])
    assert [logit] == reranker.score([(QUESTION, begins_well + " " + PASSAGES[0])])


def test_the_fingerprint_is_name_and_hash_of_the_weights(reranker: Reranker) -> None:
    assert reranker.fingerprint == Fingerprint("reranker_en", BUNDLED_SHA256)


def test_none_means_no_reranker() -> None:
    assert make_reranker(load_settings(reranker="none").models) is None


def test_a_missing_folder_names_setting_and_choices(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder; use `bundled`, `none`") as raised:
        make_reranker(load_settings(reranker=str(tmp_path / "nope")).models)
    assert str(raised.value).startswith(f"FOOTNOTE_RERANKER={tmp_path / 'nope'}:")


def test_weights_with_another_hash_are_refused() -> None:
    with pytest.raises(ModelError, match="expected 0000"):
        OnnxReranker(bundled_folder("reranker_en"), expected_sha256="0000")


def best_of(reranker: Reranker, question: str, passages: list[str]) -> str:
    logits = reranker.score([(question, passage) for passage in passages])
    return passages[logits.index(max(logits))]


@pytest.mark.parametrize(
    ("question", "passages", "best"),
    [
        ("谁批准恢复？", ["离职当天账户被关闭，文件转交给组长。", "恢复备份需要管理员批准。"], 1),
        (
            "密码怎么发送",
            ["离职当天账户被关闭。", "新同事的账户在第一天开通，密码通过短信发送。", "备份保留三十天。"],
            1,
        ),
        ("誰が復元を承認しますか", ["猫が好きですか。", "復元には管理者の承認が必要です。"], 1),
        ("비밀번호를 어떻게 보내나요?", ["백업은 30일 동안 보관됩니다.", "비밀번호는 문자로 전송됩니다."], 1),
        ("What does -i do?", ["- `-n`: change nothing, only show it.", "- `-i`: ask before each file."], 1),
        ("What does the option -O do?", ["- `-o FILE`: write to it.", "- `-O`: keep the remote name."], 1),
    ],
)
def test_what_the_bundled_model_cannot_read_is_found_by_its_terms(
    reranker: Reranker, question: str, passages: list[str], best: int
) -> None:
    assert best_of(reranker, question, passages) == passages[best]


def test_a_question_in_a_script_that_the_model_cannot_read_is_not_near_to_everything(reranker: Reranker) -> None:
    assert reranker.score([("猫の名前は何ですか", "復元には承認が必要です。これは何ですか。")])[0] < -1
    assert reranker.score([("密码怎么发送", "恢复备份需要管理员批准。")])[0] < -5


def test_scores_of_both_kinds_stay_with_their_pairs(reranker: Reranker) -> None:
    pairs = [("密码", "密码通过短信发送。"), (QUESTION, PASSAGES[1]), ("密码", "备份"), (QUESTION, PASSAGES[0])]
    assert reranker.score(pairs) == [reranker.score([pair])[0] for pair in pairs]
