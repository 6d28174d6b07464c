"""Examples written and read in each format."""

import pytest

from footnote.app.evaluation.rows import Problem
from footnote.app.finetuning.examples.files import FORMATS, read_examples, write_examples
from footnote.app.finetuning.examples.types import Example, Message

EXAMPLE = Example(
    (
        Message("system", "Answer from the sources only."),
        Message("user", "a worked question"),
        Message("assistant", "its reply [1].", weight=0),
        Message("user", "How is it installed? ✓"),
        Message("assistant", "Run `pip install acme` [1]."),
    )
)


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_written_is_read_again(tmp_path, format):
    file = tmp_path / "train.jsonl"
    write_examples(file, [EXAMPLE, EXAMPLE], format)
    (first, one), (second, other) = read_examples(file)
    assert (first, second) == (1, 2)
    assert [(m.role, m.content) for m in one.messages] == [(m.role, m.content) for m in EXAMPLE.messages]
    assert one == other and one.reply == "Run `pip install acme` [1]." and len(one.prompt) == 4
    assert (one == EXAMPLE) is (format == "openai")  # the others have no weights


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"text": "a"}', "is no example: it has none of"),
        ('{"messages": []}', "does not end with a message of the assistant"),
        ('{"messages": [{"role": "user", "content": "a"}]}', "does not end with a message of the assistant"),
        ('{"messages": [{"role": "bot", "content": "a"}]}', "message 1 has the role 'bot'"),
        ('{"messages": ["a"]}', "message 1 is no object"),
        ('{"messages": [{"role": "assistant", "content": null}]}', "message 1 has no text as `content`"),
        ('{"messages": [{"role": "assistant", "content": "a", "weight": 2}]}', "message 1 has the weight 2"),
        ('{"prompt": "a", "completion": "b"}', "message 1 is no object"),
        ('{"conversations": [{"from": "gpt"}]}', "message 1 has no text"),
        ("not JSON", "is not JSON"),
    ],
)
def test_what_is_no_example_is_named_by_its_line(tmp_path, line, problem):
    file = tmp_path / "train.jsonl"
    file.write_text(f'{{"messages": [{{"role": "assistant", "content": "a"}}]}}\n{line}\n')
    good, bad = read_examples(file)
    assert isinstance(bad, Problem) and (bad.line, good[0]) == (2, 1) and bad.what.startswith(problem)
