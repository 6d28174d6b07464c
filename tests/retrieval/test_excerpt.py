"""excerpt: the part of a passage that is closest to a question."""

import os
import subprocess
import sys

from footnote.app.core.text.term_counts import TermCounts
from footnote.app.retrieval.excerpt import excerpt, question_rarities

COUNTS = TermCounts(100, lambda term: {"servic": 90, "port": 3}.get(term, 0))
FILLER = "The quick brown fox jumps over the lazy dog."


def closest(question: str, text: str, max_chars: int = 60) -> str:
    return excerpt(text, question_rarities(question, COUNTS), max_chars)


def test_a_short_text_is_whole():
    assert closest("Which port?", "Some text.\n\n- a list  \n") == "Some text.\n\n- a list  \n"


def test_the_sentences_that_hold_most_of_the_question_are_chosen_and_kept_together():
    text = f"{FILLER} The port is 7400. It can be changed. {FILLER}"
    assert closest("Which port is it?", text) == "The port is 7400. It can be changed."
    assert text.count(closest("Which port is it?", text)) == 1


def test_a_rare_word_counts_more_than_a_common_one():
    text = f"The service is a service. {FILLER} {FILLER} Port 7400 is open. {FILLER}"
    assert closest("Which port has the service?", text, 30) == "Port 7400 is open."


def test_a_repeated_word_counts_once():
    text = f"Port, port, port and port. {FILLER} The quorum uses port 7400."
    assert closest("Which port for the quorum?", text, 40) == "The quorum uses port 7400."


def test_of_equals_the_first_is_chosen_and_without_any_match_the_beginning():
    text = f"Port 1 is open. {FILLER} Port 2 is open. {FILLER}"
    assert closest("Which port?", text, 20) == "Port 1 is open."
    assert closest("Who?", text, 50).startswith("Port 1 is open.")


def test_equals_are_equal_in_every_process():
    # 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1, and a set of strings has another order in each process.
    code = (
        "from footnote.app.retrieval.excerpt import excerpt\n"
        "words = {f'{name}{line}': share for line in range(9) for name, share in (('a', .1), ('b', .2), ('c', .3))}\n"
        "lines = [' '.join(f'{name}{line}' for name in 'abc') for line in range(9)]\n"
        "print(excerpt('\\n'.join(lines), words, 10))"
    )
    chosen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
        ).stdout
        for seed in range(6)
    }
    assert chosen == {"a0 b0 c0\n"}


def test_lines_end_a_sentence_and_one_that_is_too_long_is_cut():
    table = "\n".join(f"| `SETTING_{number}` | meaning of the setting number {number} |" for number in range(20))
    assert closest("SETTING_7", table) == "| `SETTING_7` | meaning of the setting number 7 |"
    assert closest("port", "port " * 100, 30) == "port port port port port port "
