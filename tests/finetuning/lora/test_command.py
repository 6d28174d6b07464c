"""`footnote tune-llm lora` where nothing can be trained, and Ctrl-C while something is."""

import importlib.util
import os
import signal

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.errors import TrainingError
from footnote.app.finetuning.lora.interrupt import stop_after_step

ARGUMENTS = ["tune-llm", "lora", "a.jsonl", "--held-out", "b.jsonl", "--to", "tuned"]


def lora(*arguments):
    return CliRunner().invoke(app, [*ARGUMENTS, *arguments])


def test_without_the_extra_it_says_how_to_get_it(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "trl" else real(name, *rest))
    said = lora("--base", "a.gguf")
    assert said.exit_code == 2
    assert "training needs the extra fine-tuning" in said.stderr
    assert "make fine-tuning" in said.stderr and "pip install -c constraints.txt -e '.[fine-tuning]'" in said.stderr


def test_without_a_base_it_says_what_may_be_one():
    said = lora()
    assert said.exit_code == 2
    assert "name the model to train with --base" in said.stderr


@pytest.mark.parametrize(
    ("base", "setting", "form"),
    [
        ("a.gguf", None, "compact"),
        ("a.gguf", "full", "full"),
        ("some/model", None, None),
        ("some/model", "compact", "compact"),
    ],
)
def test_the_training_is_told_with_which_prompt_its_base_will_be_asked(monkeypatch, base, setting, form):
    requests = []

    def noted(request, *rest):
        requests.append(request)
        raise TrainingError("that is enough")

    monkeypatch.setattr("footnote.app.finetuning.lora.run.run", noted)
    if setting:
        monkeypatch.setenv("FOOTNOTE_LLM_PROMPT", setting)
    assert lora("--base", base).exit_code == 1
    assert requests[0].asked_with == form


@pytest.mark.parametrize("option", [["--rank", "0"], ["--precision", "int8"], ["--learning-rate", "-1"]])
def test_an_option_that_cannot_be_is_an_error(option):
    assert lora("--base", "a.gguf", *option).exit_code == 2


def test_the_first_ctrl_c_lets_the_step_end_and_the_second_does_not():
    stops, said = [], []
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), stop_after_step(lambda: stops.append(1), said.append):
        os.kill(os.getpid(), signal.SIGINT)
        assert stops == [1]
        assert said == ["stopping: this step is finished and a checkpoint written; Ctrl-C again stops at once"]
        os.kill(os.getpid(), signal.SIGINT)
        signal.pause()
    assert signal.getsignal(signal.SIGINT) is before
