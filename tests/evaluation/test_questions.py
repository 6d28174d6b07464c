"""Question files: what is read, and what is said of a wrong line."""

from pathlib import Path

import pytest

from footnote.app.core.errors import QuestionFileError
from footnote.app.evaluation.questions import find_question_files, read_questions, require_filled
from footnote.app.evaluation.types import Label
from tests.evaluation.conftest import ROWS

ROOT = Path(__file__).parents[2]
YAML = """\
# Comments are for the reviewer.
- question: Which port?
  answerable: true
  gold:
    - path: a.md
      heading: [Setup, Network]
  tags: [setup]

- question: Who?
  answerable: no
"""


def problems_of(*files):
    with pytest.raises(QuestionFileError) as raised:
        read_questions(files)
    assert raised.value.exit_code == 2
    return str(raised.value).splitlines()


def test_a_jsonl_row_is_a_question(write_rows):
    file = write_rows(*ROWS)
    first, second, third = read_questions([file])
    assert (first.id, first.answerable, first.answer, first.tags) == ("port", True, "7070", ("lookup",))
    assert first.gold == (Label("configuration.md", ("Network",), ROWS[0]["gold"][0]["quote"]),)
    assert first.origin == f"{file}:1"
    assert second.gold == (Label("guides/backups.md", ("Restore a backup",)),)
    assert (third.answerable, third.gold, third.answer) == (False, (), "")


def test_yaml_says_the_same(tmp_path):
    file = tmp_path / "questions.yaml"
    file.write_text(YAML, "utf-8")
    port, who = read_questions([file])
    assert (port.id, port.gold, port.tags) == ("Which port?", (Label("a.md", ("Setup", "Network")),), ("setup",))
    assert (port.origin, who.origin) == (f"{file}:2", f"{file}:9")
    assert not who.answerable


def test_of_a_file_of_another_kind_the_first_lines_are_named_and_the_rest_counted(write_rows):
    file = write_rows(*({"text": f"{number}", "label": 1} for number in range(200)))
    found = problems_of(file)
    assert len(found) == 13
    assert found[0].startswith(f"{file}:1: ") and found[-1].startswith("… and ") and found[-1].endswith(" more")


def test_a_json_error_names_its_column_once(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "Which', "utf-8")
    assert problems_of(file) == [f"{file}:1: is not JSON: Unterminated string starting at column 14"]


def test_an_empty_file_that_was_named_is_said(write_rows, tmp_path):
    file, empty = write_rows(*ROWS), write_rows(name="empty.jsonl")
    questions = read_questions([file, empty])
    with pytest.raises(QuestionFileError, match=f"^{empty} holds no question"):
        require_filled([file, empty], questions)
    require_filled([file, tmp_path], questions)  # in a folder it may lie about


def test_a_generated_question_says_so_in_a_tag(write_rows):
    (question,) = read_questions([write_rows({"question": "x", "answerable": True, "generated": True})])
    assert (question.generated, question.tags) == (True, ("generated",))


def test_the_questions_people_asked_are_read():
    for file in sorted((ROOT / "bench" / "asked").glob("*.jsonl")):
        assert len(read_questions([file])) >= 60


def test_every_wrong_line_is_named(tmp_path):
    file = tmp_path / "questions.jsonl"
    lines = [
        '{"question": "ok", "answerable": true}',
        '{"question": "no end", ',
        "",
        '{"question": " ", "answerable": true}',
        '{"question": "a", "answerable": "perhaps"}',
        '{"question": "b", "answerable": true, "anwser": "x"}',
        '{"question": "c", "answerable": true, "gold": [{"heading": "H", "quotes": "q"}]}',
        '{"question": "d", "answerable": false, "gold": [{"path": "a.md"}]}',
        "[1]",
        '{"question": "e", "question": "f", "answerable": true}',
        '{"question": "g \\ud800", "answerable": true}',
        '{"question": "ok", "answerable": false}',
    ]
    file.write_text("\n".join(lines), "utf-8")
    assert problems_of(file) == [
        f"{file}:2: is not JSON: Expecting property name enclosed in double quotes at column 24",
        f"{file}:4: `question`: String should have at least 1 character",
        f"{file}:5: `answerable`: Input should be a valid boolean, unable to interpret input",
        f"{file}:6: unknown field `anwser`: did you mean `answer`?",
        f"{file}:7: `gold.0.path`: Field required",
        f"{file}:7: unknown field `gold.0.quotes`: did you mean `quote`?",
        f"{file}:8: a question that is not answerable has no `gold`",
        f"{file}:9: is no JSON object",
        f"{file}:10: is not JSON: `question` is given twice",
        f"{file}:11: holds half a character (a lone surrogate)",
        f"{file}:12: this question, without an id, is also at {file}:1",
    ]


def test_a_wrong_yaml_field_is_named_by_its_own_line(tmp_path):
    file = tmp_path / "questions.yml"
    file.write_text(
        "- question: x\n  answerable: true\n\n  tag: [a]\n- just text\n- question: y\n  question: z\n", "utf-8"
    )
    assert problems_of(file) == [
        f"{file}:4: unknown field `tag`: did you mean `tags`?",
        f"{file}:5: is no mapping of fields",
        f"{file}:7: `question` is given twice",
        f"{file}:6: `answerable`: Field required",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- question: 'open\n", ":2: is not YAML: found unexpected end of stream"),
        ("question: x\n", ":1: is no list: begin each question with `- `"),
        ("- !!python/object:os.system {}\n", ":1: is not YAML: could not determine a constructor"),
    ],
)
def test_what_is_no_yaml_list_is_named(tmp_path, text, problem):
    file = tmp_path / "questions.yaml"
    file.write_text(text, "utf-8")
    (said, *_) = problems_of(file)
    assert said.startswith(f"{file}{problem}")


def test_bytes_that_are_no_text_are_named_by_their_line(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b'{"question": "x", "answerable": true}\n\xff\n')
    assert problems_of(file) == [f"{file}:2: is not UTF-8"]


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"question": "x", "answerable": true}\r\n')
    assert [question.text for question in read_questions([file])] == ["x"]


def test_an_id_is_unique_among_all_files(write_rows):
    first, second = write_rows(ROWS[0]), write_rows(ROWS[1], {**ROWS[2], "id": "port"}, name="more.jsonl")
    assert problems_of(first, second) == [f"{second}:2: this id is also at {first}:1"]


def test_a_folder_stands_for_its_question_files(tmp_path):
    for name in (
        "a/questions.jsonl",
        "b/relay.questions.yaml",
        "b/answers.jsonl",
        ".git/questions.yml",
        "questions.md",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = find_question_files([tmp_path, tmp_path / "a"])
    assert found == [tmp_path / "a/questions.jsonl", tmp_path / "b/relay.questions.yaml"]


@pytest.mark.parametrize("name", ["absent.jsonl", "questions.txt"])
def test_a_place_that_is_no_question_file_is_an_error(tmp_path, name):
    (tmp_path / "questions.txt").touch()
    with pytest.raises(QuestionFileError, match=name):
        find_question_files([tmp_path / name])
