"""How a question is given: in words, with dashes, from standard input."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from footnote.app.cli.main import app
from tests.conftest import GuideIndex

PORT = "Which port does Relay listen on?"
ALL_COMMANDS = [
    [],
    ["ingest"],
    ["rollback"],
    ["ask"],
    ["search"],
    ["verify"],
    ["eval"],
    ["status"],
    ["gaps"],
    ["serve"],
]
Footnote = Callable[..., Result]


@pytest.fixture
def footnote(guide_index: GuideIndex) -> Footnote:
    def run(*arguments: str, given: bytes | None = None) -> Result:
        env = {"FOOTNOTE_INDEX_DIR": str(guide_index.index_dir), "FOOTNOTE_RERANKER": "none", "COLUMNS": "200"}
        return CliRunner().invoke(app, arguments, env=env, input=given)

    return run


@pytest.fixture(params=["ask", "search"])
def asked(footnote: Footnote, request: pytest.FixtureRequest) -> Callable[..., str]:
    """The question that the command takes from the arguments."""

    def run(*arguments: str, given: bytes | None = None) -> str:
        result = footnote(request.param, *arguments, "--json", given=given)
        assert result.exit_code == 0, result.output
        return str(json.loads(result.stdout)["question"])

    return run


def test_words_need_no_quotes(asked: Callable[..., str]) -> None:
    assert asked("how", "do", "I", "--top-k", "2", "install", "uv") == "how do I install uv"


@pytest.mark.parametrize(
    ("arguments", "question"),
    [
        (["-o does what?"], "-o does what?"),
        (["-o", "does", "what?"], "-o does what?"),
        (["-h does what?"], "-h does what?"),
        (["--help does what?"], "--help does what?"),
        (["--no-cache meaning"], "--no-cache meaning"),
        (["--top-k=2", "--no-cache", "meaning"], "--no-cache meaning"),
        (["what is", "--json for?"], "what is --json for?"),
        (["--no-cache=yes"], "--no-cache=yes"),
        (["-5", "degrees"], "-5 degrees"),
        (["a", "-", "b"], "a - b"),
    ],
)
def test_a_question_may_begin_with_a_dash(asked: Callable[..., str], arguments: list[str], question: str) -> None:
    assert asked(*arguments) == question


@pytest.mark.parametrize("command", ["ask", "search"])
def test_all_after_two_dashes_is_the_question(footnote: Footnote, command: str) -> None:
    result = footnote(command, "--json", "--", "--json", "-h", "--top-k", "--")
    assert json.loads(result.stdout)["question"] == "--json -h --top-k --"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x", "--nope"], "No such option: --nope. A question that holds it goes after --"),
        (["what", "does", "-o", "do"], "No such option: -o. A question that holds it goes after --"),
        (["--jsn", "x"], "No such option: --jsn. Did you mean --json? A question that holds it goes after --"),
        (["--topk=3", "x"], "No such option: --topk=3. Did you mean --top-k? A question that holds it goes after --"),
        (["-help"], "Did you mean --help?"),
    ],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_unknown_option_is_an_error_that_names_the_dashes(
    footnote: Footnote, command: str, arguments: list[str], said: str
) -> None:
    result = footnote(command, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.parametrize("given", [f"{PORT}\n", f"\ufeff{PORT}", f"  {PORT}\r\n"])
def test_a_dash_reads_the_question_from_standard_input(footnote: Footnote, given: str) -> None:
    assert json.loads(footnote("ask", "-", "--json", given=given.encode()).stdout)["question"] == PORT
    hits, expected = (footnote("search", *how).stdout for how in (["-"], [PORT]))
    assert expected == footnote("search", "-", given=given.encode()).stdout != hits


@pytest.mark.parametrize("command", ["ask", "search"])
def test_standard_input_that_holds_no_question_is_an_error(footnote: Footnote, command: str) -> None:
    for given, said in ((b"", "the question is empty"), (b"gr\xf6\xdfe", "no UTF-8 text (byte 2)")):
        result = footnote(command, "-", given=given)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr


@pytest.mark.parametrize("command", ALL_COMMANDS, ids=" ".join)
def test_the_short_option_for_help_is_as_the_long_one(footnote: Footnote, command: list[str]) -> None:
    short, long = (footnote(*command, option) for option in ("-h", "--help"))
    assert (short.exit_code, short.stdout) == (0, long.stdout)
    assert "-h" in short.stdout.split()


def test_python_m_ingest_takes_the_short_option_too() -> None:
    command = [sys.executable, "-m", "footnote.ingest", "-h"]
    assert "Usage:" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
