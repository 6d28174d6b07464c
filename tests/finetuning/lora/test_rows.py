"""Examples as a trainer reads them: whole, or left out and counted."""

import json
from dataclasses import replace

import pytest

from footnote.app.answering.prompt import prompt_messages
from footnote.app.core.errors import ExampleFileError, TrainingError
from footnote.app.finetuning.examples.files import FORMATS, write_examples
from footnote.app.finetuning.examples.types import Example, Message
from footnote.app.finetuning.lora.rows import TrainingRow, left_out, require_prompt, training_rows


def words(turns):
    return sum(len(turn["content"].split()) for turn in turns)


def example(question, reply="It does [1]."):
    worked = Message("user", "worked question"), Message("assistant", "worked reply", weight=0)
    return Example((*worked, Message("user", question), Message("assistant", reply)))


@pytest.mark.parametrize("format", FORMATS)
def test_the_reply_is_the_completion_and_all_before_it_the_prompt(tmp_path, format):
    write_examples(tmp_path / "a.jsonl", [example("How is it done?")], format)
    read = training_rows(tmp_path / "a.jsonl", words, 100)
    prompt = (
        {"role": "user", "content": "worked question"},
        {"role": "assistant", "content": "worked reply"},
        {"role": "user", "content": "How is it done?"},
    )
    assert read.rows == (TrainingRow(prompt, ({"role": "assistant", "content": "It does [1]."},), 11),)
    assert read.longest == 11
    assert left_out(tmp_path / "a.jsonl", read, 100) is None


def test_what_is_too_long_is_left_out_whole_and_named_by_its_line(tmp_path):
    file = tmp_path / "a.jsonl"
    write_examples(file, [example("a"), example("a " * 20), example("a b"), example("a " * 14)])
    read = training_rows(file, words, 20)
    assert ([row.tokens for row in read.rows], read.too_long) == ([8, 9], (2, 4))
    assert left_out(file, read, 20) == f"{file}: 2 of 4 examples left out, longer than --max-length 20 (line 2, 4)"
    many = training_rows(file, words, 8)
    assert left_out(file, many, 8).endswith("(line 2, 3, 4)")
    with pytest.raises(TrainingError, match="all 4 examples are longer than 7 tokens: raise --max-length"):
        training_rows(file, words, 7)


@pytest.mark.parametrize(("made", "asked"), [("full", "compact"), ("compact", "full")])
def test_examples_of_another_prompt_than_the_base_will_get_are_refused(tmp_path, made, asked):
    file = tmp_path / "a.jsonl"
    sent = [Message(one.role, one.content) for one in prompt_messages(made == "compact", "How?", [])]
    reply = Message("assistant", "So [1].")
    write_examples(file, [Example((*sent, reply)), example("of your own, without instructions")])
    rows = training_rows(file, words, 1000)
    require_prompt(file, rows, made)
    with pytest.raises(ExampleFileError, match=f"1 of 2 examples have the {made} prompt, and .* with the {asked} one"):
        require_prompt(file, rows, asked)
    require_prompt(file, replace(rows, rows=rows.rows[1:]), asked)


def test_of_a_file_of_another_kind_the_first_lines_are_named_and_the_rest_counted(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": 1}\n' * 25, "utf-8")
    with pytest.raises(ExampleFileError) as raised:
        training_rows(file, words, 10)
    said = str(raised.value).splitlines()
    assert (len(said), said[-1]) == (13, "… and 13 more")


def test_a_wrong_line_is_an_error_of_its_own(tmp_path):
    file = tmp_path / "a.jsonl"
    lines = ["no JSON", json.dumps({"messages": [{"role": "assistant", "content": "a", "weight": 0}]}), '{"text": 1}']
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ExampleFileError) as raised:
        training_rows(file, words, 10)
    said = str(raised.value).splitlines()
    assert [line.split(":")[1] for line in said] == ["1", "3", "2"]
    assert said[2].endswith("ends with a reply of weight 0, of which nothing is learned")
    file.write_text("", "utf-8")
    with pytest.raises(ExampleFileError, match="holds no example"):
        training_rows(file, words, 10)
    with pytest.raises(ExampleFileError, match="cannot be read: No such file"):
        training_rows(tmp_path / "b.jsonl", words, 10)
