"""What a training may be asked for, and how many steps that comes to."""

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.finetuning.lora.options import LoraOptions
from footnote.app.finetuning.lora.plan import Plan, planned


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rank": 0}, "--rank must be at least 1"),
        ({"batch": 0}, "--batch must be at least 1"),
        ({"max_length": 0}, "--max-length must be at least 1"),
        ({"patience": 0}, "--patience must be at least 1"),
        ({"steps": -1}, "--steps must not be negative"),
        ({"seed": -1}, "--seed must not be negative"),
        ({"learning_rate": 0.0}, "--learning-rate must be a number above 0"),
        ({"learning_rate": float("nan")}, "--learning-rate must be a number above 0"),
        ({"epochs": float("inf")}, "--epochs must be a number above 0"),
        ({"precision": "int8"}, "--precision must be one of auto, float32, bfloat16, 4bit"),
    ],
)
def test_an_option_that_cannot_be_is_named_as_it_is_written(given, said):
    with pytest.raises(SettingsError) as raised:
        LoraOptions(**given)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("examples", "given", "plan"),
    [
        (100, {}, Plan(39, 8, 4)),  # 50 batches, 13 steps an epoch
        (100, {"steps": 12}, Plan(12, 3, 1)),
        (100, {"steps": 3, "evaluations": 2}, Plan(3, 2, 0)),  # behind step 2, and behind the last
        (100, {"epochs": 0.001}, Plan(1, 1, 0)),
        (3, {"batch": 2, "accumulate": 1, "epochs": 2, "evaluations": 2}, Plan(4, 2, 0)),
        (265, {"batch": 1, "accumulate": 4, "epochs": 1.5, "evaluations": 3}, Plan(100, 34, 10)),
    ],
)
def test_epochs_come_to_steps_and_the_held_out_examples_are_read_in_between(examples, given, plan):
    assert planned(examples, LoraOptions(**given)) == plan
