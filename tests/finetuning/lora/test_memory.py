"""What a training is said to take, and what would take less. How near that comes is measured, not asserted here."""

from dataclasses import replace
from types import SimpleNamespace

from footnote.app.finetuning.lora.memory import ModelSize, estimate, free_bytes, size_of, smaller
from footnote.app.finetuning.lora.options import LoraOptions
from footnote.app.finetuning.lora.train import instead

SMOL = ModelSize(parameters=134_515_008, layers=30, hidden=576, intermediate=1536)
OPTIONS = LoraOptions()


def test_a_models_size_is_read_from_its_config():
    config = SimpleNamespace(num_hidden_layers=30, hidden_size=576, intermediate_size=1536)
    assert size_of(config, 134_515_008) == SMOL
    assert size_of(SimpleNamespace(num_hidden_layers=2, hidden_size=8, intermediate_size=None), 9).intermediate == 32


def test_each_part_grows_with_what_takes_it():
    plain = estimate(SMOL, 1_000_000, OPTIONS, "float32", 1000)
    assert plain.weights == 4 * SMOL.parameters
    assert plain.adapter == 16e6
    assert estimate(SMOL, 1_000_000, OPTIONS, "float32", 2000).activations == 2 * plain.activations
    assert estimate(SMOL, 1_000_000, replace(OPTIONS, batch=4), "float32", 1000).activations == 2 * plain.activations
    narrow = estimate(SMOL, 1_000_000, OPTIONS, "bfloat16", 1000)
    assert narrow.weights == plain.weights / 2
    assert narrow.activations < plain.activations
    assert estimate(SMOL, 1_000_000, replace(OPTIONS, save_memory=True), "float32", 1000).total < plain.total
    assert ", adapter 0.02, " in plain.sentence(None, "it")
    assert "needs about" in plain.sentence(None, "it") and "free" not in plain.sentence(None, "it")
    assert plain.sentence(5e9, "this machine").endswith("; this machine has 5.0 GB free")


def test_each_smaller_setting_takes_less_than_the_one_before_and_makes_the_same_steps_while_it_can():
    tried = list(smaller(LoraOptions(batch=2, accumulate=4, max_length=2048)))
    assert [said for said, _ in tried] == [
        "--batch 1 --accumulate 8",
        "--batch 1 --accumulate 8 --save-memory",
        "--batch 1 --accumulate 8 --save-memory --max-length 1024",
        "--batch 1 --accumulate 8 --save-memory --max-length 512",
    ]
    needed = [estimate(SMOL, 1, one, "float32", one.max_length).total for _, one in tried]
    assert needed == sorted(needed, reverse=True)
    assert all(one.batch * one.accumulate == 8 for _, one in tried)


def test_where_memory_ran_out_the_smaller_settings_are_named():
    assert instead(OPTIONS) == (
        "try --batch 1 --accumulate 8, or --batch 1 --accumulate 8 --save-memory, or --batch 1 --accumulate 8 "
        "--save-memory --max-length 1024"
    )
    smallest = LoraOptions(batch=1, save_memory=True, max_length=512)
    assert instead(smallest) == "take a smaller model as --base"


def test_this_machine_says_what_is_free():
    assert free_bytes(False) > 1e8
