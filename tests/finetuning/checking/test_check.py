"""A file of examples checked: form, length, cost, repeats."""

import json

import pytest
from typer.testing import CliRunner

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.answering.prompt import prompt_template
from footnote.app.cli.main import app
from footnote.app.finetuning.checking import tokens
from footnote.app.finetuning.checking.check import check_file
from footnote.app.finetuning.checking.tokens import Counter, counter_for, summary
from footnote.app.models.llm.lineup.known import KnownModel

SYSTEM = prompt_template(True).messages[0].prompt.template
FULL_SYSTEM = prompt_template(False).messages[0].prompt.template
WORDS = Counter("words", False, lambda text: len(text.split()))


def messages(number, reply="Run `pip install acme` [1].", system=SYSTEM, **last):
    return [
        {"role": "system", "content": system},
        {"role": "user", "content": f"Question {number}: How is it installed?"},
        {"role": "assistant", "content": reply, **last},
    ]


def example(number, **fields):
    return {"messages": messages(number, **fields)}


GOOD = [example(number) for number in range(10)]


@pytest.fixture
def write(tmp_path):
    def run(*rows):
        file = tmp_path / "train.jsonl"
        file.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")
        return file

    return run


@pytest.fixture
def check(write):
    def run(*rows, **options):
        return check_file(write(*rows), counter=WORDS, **options)

    return run


def found(checked):
    return [(one.line, one.severity, one.what) for one in checked.findings]


def test_a_good_file_has_nothing_to_say(check):
    checked = check(*GOOD)
    assert (checked.ok, checked.examples, checked.form, checked.findings) == (True, 10, "openai", ())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "is not JSON"),
        ('["a"]', "is no JSON object"),
        ({"text": "a"}, "is no example: it has none of `messages`"),
        ({"messages": "a"}, "`messages` must be a list of messages"),
        ({"messages": []}, "`messages` must be a list of messages"),
        ({"messages": ["a"]}, "message 1 of `messages` is no object"),
        ({"messages": [{"role": "user"}]}, "message 1 of `messages` has no text as `content`"),
        ({"messages": messages(11)[:2]}, "does not end with a message of the assistant"),
        ({"messages": [messages(11)[0], messages(11)[2]]}, "has no message of the user before the reply"),
        ({"messages": [{"role": "bot", "content": "a"}, *messages(11)[1:]]}, "message 1 has the role 'bot'"),
        (example(11, reply="  "), "message 3 (assistant) is empty"),
        (example(11, weight=0), "all replies have weight 0: nothing is learned from it"),
        (example(11, weight=0.5), "message 3 has the weight 0.5: it must be 0 or 1"),
        ({"messages": [{**messages(11)[0], "weight": 1}, *messages(11)[1:]]}, "message 1 (system) has a weight"),
    ],
)
def test_an_error_has_its_line(check, row, said):
    checked = check(*GOOD[:4], row, *GOOD[4:])
    errors = [one for one in found(checked) if one[1] == "error"]
    assert not checked.ok and errors[0][0] == 5 and errors[0][2].startswith(said), errors


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD[2], "is the example of line 3 again"),
        (example(2, reply="Use `make` [1]."), "asks what line 3 asks, with another reply"),
        ({**GOOD[0], "messages": messages(12), "note": "x"}, "has fields that trainers do not know: note"),
    ],
)
def test_a_warning_has_its_line_and_is_no_error(check, row, said):
    checked = check(*GOOD, row)
    assert checked.ok and found(checked) == [(11, "warning", said)]


def test_too_few_examples_are_an_error(check):
    assert found(check(*GOOD[:9])) == [(0, "error", "has 9 examples that can be read: OpenAI wants 10 at least")]


def test_two_formats_are_an_error(check):
    trl = {"prompt": messages(20)[:2], "completion": messages(20)[2:]}
    assert found(check(*GOOD, trl)) == [(0, "error", "mixes the formats openai, trl: a trainer reads one")]


@pytest.mark.parametrize(
    "row",
    [
        lambda n: {"prompt": messages(n)[:2], "completion": messages(n)[2:]},
        lambda n: {
            "conversations": [
                {"from": name, "value": one["content"]}
                for name, one in zip(("system", "human", "gpt"), messages(n), strict=True)
            ]
        },
    ],
)
def test_the_other_formats_are_read(check, row):
    checked = check(*map(row, range(10)))
    assert (checked.findings, checked.examples) == ((), 10)


def test_instructions_that_footnote_does_not_give_are_named(check):
    rows = [*GOOD[:8], example(8, system="Be nice."), example(9, system="Be nice.")]
    (warning,) = found(check(*rows))
    assert (
        warning[:2] == (0, "warning")
        and "2 examples have other instructions than Footnote gives (lines 9, 10)" in (warning[2])
    )
    (mixed,) = found(check(*GOOD[:9], example(9, system=FULL_SYSTEM)))
    assert mixed[2].startswith("mixes the full and the compact prompt")


def test_many_refusals_are_a_warning(check):
    rows = [*GOOD[:4], *(example(number, reply=REFUSAL_TEXT) for number in range(4, 10))]
    checked = check(*rows)
    assert (checked.refusals, found(checked)) == (
        6,
        [(0, "warning", "6 of 10 replies refuse: the model will refuse too much")],
    )


def test_a_preference_has_two_replies_that_differ(check):
    def pair(number, better="Yes [1].", worse="No.", role="assistant"):
        return {
            "input": {"messages": messages(number)[:2], "tools": [], "parallel_tool_calls": True},
            "preferred_output": [{"role": role, "content": better}],
            "non_preferred_output": [{"role": "assistant", "content": worse}],
        }

    good = check(*map(pair, range(10)))
    assert (good.form, good.findings) == ("preference", ())
    # The prompt is read with each of both replies.
    assert good.cost.billed_tokens == 3 * sum(
        2 * (sum(3 + len(f"{one['role']} {one['content']}".split()) for one in messages(n)[:2]) + 3 + 3) + 3 + 2
        for n in range(10)
    )
    trl = [
        {"prompt": one["input"]["messages"], "chosen": one["preferred_output"], "rejected": one["non_preferred_output"]}
        for one in map(pair, range(10))
    ]
    assert check(*trl).tokens == good.tokens
    bad = check(
        *map(pair, range(10)),
        pair(10, worse=" Yes  [1]."),
        pair(11, worse=""),
        pair(12, role="user"),
        {**pair(13), "input": []},
    )
    assert [(line, what.partition(":")[0]) for line, severity, what in found(bad)] == [
        (11, "both replies are the same"),
        (12, "the reply that is not preferred is empty"),
        (13, "`preferred_output` must be one message of the assistant"),
        (14, "`input` is no object with `messages`"),
    ]


def test_an_example_that_is_too_long_loses_its_reply(check):
    checked = check(*GOOD, example(10, reply="word " * 100), max_tokens=100)
    ((line, severity, what),) = found(checked)
    assert (line, severity) == (11, "error") and "training takes 100 and cuts the end off" in what
    long = example(10, reply="word " * 17_000)
    assert check(*GOOD, long).ok
    assert not check(*GOOD, long, model="gpt-3.5-turbo-0125").ok
    assert not check(*GOOD, example(10, reply="word " * 66_000)).ok


def test_tokens_and_cost_are_added_up(check):
    counts = [3 * 3 + 3 + sum(len(f"{one['role']} {one['content']}".split()) for one in messages(n)) for n in range(10)]
    checked = check(*GOOD, model="gpt-4.1-mini", epochs=2, prices={"gpt-4.1-mini": KnownModel(training_usd=5.0)})
    assert (checked.tokens.total, checked.tokens.longest) == (sum(counts), max(counts))
    assert checked.tokens.learned == 10 * WORDS.count("Run `pip install acme` [1].")
    assert (checked.cost.billed_tokens, checked.cost.usd) == (sum(counts) * 2, sum(counts) * 2 * 5 / 1e6)
    assert check(*GOOD).cost.usd is None


def test_a_worked_example_is_not_learned(check):
    worked = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "one two three", "weight": 0}]
    rows = [{"messages": [messages(n)[0], *worked, *messages(n)[1:]]} for n in range(10)]
    assert check(*rows).tokens.learned == check(*GOOD).tokens.learned


def test_the_histogram_counts_each_example_once():
    lengths = [1, 120, 130, 999, 1000, 1001]
    found = summary(lengths, 5, WORDS)
    assert sum(bucket.examples for bucket in found.histogram) == len(lengths)
    assert [bucket.up_to for bucket in found.histogram] == [200, 400, 600, 800, 1000, 1200]
    assert [bucket.examples for bucket in found.histogram] == [3, 0, 0, 0, 2, 1]


def test_without_the_encoding_tokens_are_estimated(monkeypatch, tmp_path):
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))  # and the network is off
    counter = counter_for("a-model-that-nobody-knows")
    assert (counter.encoding, counter.is_estimate, counter.count("123456789")) == ("characters / 4", True, 3)


def test_an_encoding_that_does_not_come_is_not_waited_for(monkeypatch):
    never = tokens.threading.Event()
    monkeypatch.setattr(tokens, "_by_tiktoken", lambda model: never.wait(60) and [])
    assert counter_for("gpt-4o", fetch_s=0.01).is_estimate
    never.set()


@pytest.fixture
def command(write, tmp_path):
    def run(*arguments, rows=GOOD):
        env = {"TIKTOKEN_CACHE_DIR": str(tmp_path), "COLUMNS": "200"}
        return CliRunner().invoke(app, ["tune-llm", "check", str(write(*rows)), *arguments], env=env)

    return run


def test_the_command_says_what_it_found_and_its_code_is_for_ci(command, tmp_path):
    prices = tmp_path / "prices.toml"
    prices.write_text('["gpt-4.1-mini"]\ntraining_usd = 5.0\n')
    good = command("--prices", str(prices))
    assert good.exit_code == 0
    assert "10 examples in openai format, 0 of them refusals" in good.stdout
    assert "estimated by characters / 4" in good.stdout and "at $5 a million" in good.stdout
    assert good.stdout.endswith("0 errors, 0 warnings\n")
    bad = command(rows=[*GOOD, "{", example(11, weight=0)])
    assert bad.exit_code == 1
    file = tmp_path / "train.jsonl"
    assert f"{file}:11: error: is not JSON" in bad.stdout and f"{file}:12: error: all replies" in bad.stdout
    assert "name a file with training_usd with --prices" in bad.stdout


def test_the_command_prints_one_json_document(command):
    result = command("--json", rows=[*GOOD, "{"])
    found = json.loads(result.stdout)
    assert (result.exit_code, found["ok"], found["examples"]) == (1, False, 10)
    assert found["findings"][0]["line"] == 11 and found["tokens"]["is_estimate"] is True
    assert found["cost"]["usd"] is None


def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path):
    result = CliRunner().invoke(app, ["tune-llm", "check", str(tmp_path / "none.jsonl")])
    assert result.exit_code == 2 and "cannot read" in result.stderr


def test_a_file_of_which_nothing_can_be_read(command):
    result = command(rows=["{"])
    assert result.exit_code == 1 and "no example\n" in result.stdout
