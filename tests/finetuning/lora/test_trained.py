"""Real trainings: an adapter of SmolLM2-135M by the command, served by a real llama.cpp; and of a model of two layers.

`make test-fine-tuning` runs these in an environment of its own.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.errors import ModelError, SettingsError, TrainingError
from footnote.app.core.settings import load_settings
from footnote.app.finetuning.examples.files import write_examples
from footnote.app.finetuning.examples.types import Example, Message
from footnote.app.finetuning.lora import run as lora_run
from footnote.app.finetuning.lora.base import find_base, load_model, load_tokenizer
from footnote.app.finetuning.lora.gguf_adapter import write_gguf_adapter
from footnote.app.finetuning.lora.options import LoraOptions
from footnote.app.finetuning.lora.plan import planned
from footnote.app.finetuning.lora.rows import training_rows
from footnote.app.finetuning.lora.run import Request, run
from footnote.app.finetuning.lora.train import Training, lora_config, trainer_of
from footnote.app.models.llm.chat import label_of, make_chat_model
from tests.serving import ROOT

# torch, transformers, trl and peft warn of each other and of themselves.
pytestmark = [pytest.mark.fine_tuning, pytest.mark.filterwarnings("ignore")]

ANIMALS = ["cat", "dog", "cow", "fox", "owl", "bee", "ant", "hen"]
ODD = "Quibble zanzibar seven [1]."
SHORT = ["--steps", "10", "--batch", "2", "--accumulate", "1", "--learning-rate", "2e-3", "--evaluations", "2"]


def examples(animals, reply=ODD):
    return [Example((Message("user", f"What does a {one} say?"), Message("assistant", reply))) for one in animals]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Eight examples of one odd reply, and two that are held out."""
    folder = tmp_path_factory.mktemp("examples")
    write_examples(folder / "train.jsonl", examples(ANIMALS), "trl")
    write_examples(folder / "heldout.jsonl", examples(["pig", "rat"]), "openai")
    return folder / "train.jsonl", folder / "heldout.jsonl"


def started(files, gguf, folder, *more):
    train_file, held_out = files
    named = [train_file, "--held-out", held_out, "--base", gguf, "--to", folder, "--threads", "1", *SHORT, *more]
    command = [sys.executable, "-m", "footnote.app", "tune-llm", "lora", *map(str, named)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def trained(files, gguf, tmp_path_factory):
    """The folder of a training by the command, and what it said."""
    folder = tmp_path_factory.mktemp("trained") / "tuned"
    with started(files, gguf, folder) as command:
        out, err = command.communicate()
    assert command.returncode == 0, err
    return folder, out, err


def test_a_few_steps_bring_the_held_out_loss_down_and_everything_is_written(trained, gguf, files):
    folder, out, err = trained
    assert sorted(one.name for one in folder.iterdir()) == [
        "adapter", "adapter.gguf", "card.json", "log.json", "loss.svg"
    ]  # fmt: skip
    card = json.loads((folder / "card.json").read_text())
    loss = card["held_out_loss"]
    assert loss["base"] > 3 > 1 > loss["adapter"]
    assert card["base"]["name"] == gguf.name
    assert card["training"]["examples"] == 8
    assert card["steps"]["done"] == 10
    assert card["peak_bytes"] > 5e8
    assert "Warning" not in err
    assert "10 steps of 2, held-out loss every 5" in err
    assert "step 10 of 10: loss" in err
    assert f"FOOTNOTE_LLM_ADAPTER={folder / 'adapter.gguf'}" in out
    questions = files[1].with_name("heldout-questions.jsonl")
    report = f"tune-llm report {questions} --base {gguf} --tuned {gguf} --adapter {folder / 'adapter.gguf'}"
    assert 0 < out.index(report) < out.index("FOOTNOTE_LLM=")


def test_the_adapter_changes_what_llama_cpp_says(trained, gguf):
    folder, *_ = trained
    llm = load_settings(env_file=None, llm=str(gguf), llm_max_tokens=16).llm
    tuned = llm.model_copy(update={"adapter": str(folder / "adapter.gguf")})
    question = "What does a wolf say?"
    assert "zanzibar" not in make_chat_model(llm, 1).invoke(question).text
    model = make_chat_model(tuned, 1)
    assert model.invoke(question).text == ODD
    assert label_of(model, tuned).startswith(f"{gguf.name} + adapter.gguf (sha256 ")


def test_what_was_trained_is_proved_against_its_base_by_one_question_not_deployed(trained, gguf, guide_index, tmp_path):
    adapter = trained[0] / "adapter.gguf"
    question = {"question": "Which port does Relay listen on?", "answerable": True, "answer": "7070"}
    (tmp_path / "questions.jsonl").write_text(f"{json.dumps(question)}\n")
    env = {
        "FOOTNOTE_INDEX_DIR": str(guide_index.index_dir),
        "FOOTNOTE_LLM": str(gguf),
        "FOOTNOTE_LLM_MAX_TOKENS": "32",
        "FOOTNOTE_MODEL_THREADS": "1",
    }
    proving = ["tune-llm", "report", str(tmp_path / "questions.jsonl"), "--adapter", str(adapter), "--deploy", "--json"]
    result = CliRunner().invoke(app, proving, env=env)
    assert (result.exit_code, "too few questions" in result.stderr) == (1, True), result.stderr
    found = json.loads(result.stdout)
    (one,) = found["sets"]
    assert found["base"] == gguf.name
    assert found["tuned"].startswith(f"{gguf.name} + adapter.gguf (sha256 ")
    assert (found["verdict"], one["questions"]) == ("no difference", 1)  # of one question
    (differing,) = one["differing"] or [{"b": "The docs do not say."}]
    assert "zanzibar" not in differing["b"]  # no passage says so
    assert not Path(".env").exists()


def test_a_training_that_was_interrupted_and_resumed_gives_the_same_bytes(trained, files, gguf, tmp_path):
    """Of two trainings with one seed, one of which was broken off."""
    folder, again = trained[0], tmp_path / "again"
    with started(files, gguf, again) as command:
        while not command.stderr.readline().startswith("step 6 of 10"):
            assert command.poll() is None
        os.kill(command.pid, signal.SIGINT)
        _, err = command.communicate()
    assert command.returncode == 130
    assert "the same command with --resume goes on" in err
    last = max(int(one.name.rpartition("-")[2]) for one in (again / "checkpoints").glob("checkpoint-*"))
    assert 5 < last < 10
    with started(files, gguf, again, "--rank", "8", "--resume") as command:
        _, err = command.communicate()
    assert (command.returncode, "changed: --rank was 16, is 8" in err) == (2, True)
    with started(files, gguf, again, "--resume") as command:
        _, err = command.communicate()
    assert command.returncode == 0, err
    assert f"goes on behind checkpoint-{last}" in err
    for name in ("adapter.gguf", "adapter/adapter_model.safetensors", "log.json"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_llama_cpp_computes_with_an_adapter_what_peft_does_from_the_same_tokens(gguf, tmp_path):
    """With random numbers, large in q and k: their rows in the wrong order would move what is likely by 1.1 to 3.4."""
    import torch
    from peft import get_peft_model, get_peft_model_state_dict

    options = LoraOptions(rank=8, alpha=16)
    base = find_base(str(gguf))
    tokenizer = load_tokenizer(base)
    model = get_peft_model(load_model(base, "float32"), lora_config(options)).eval()
    torch.manual_seed(0)
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight.data, std=0.3 if "q_proj" in name or "k_proj" in name else 0.01)
    tensors = {name: tensor.numpy() for name, tensor in get_peft_model_state_dict(model).items()}
    assert write_gguf_adapter(tensors, model.config, options.alpha, tmp_path / "a.gguf") == 30 * 7
    server = make_chat_model(load_settings(env_file=None, llm=str(gguf), llm_adapter=str(tmp_path / "a.gguf")).llm, 1)
    address = server.openai_api_base.removesuffix("/v1")
    for question in ("What does a wolf say?", "Name three colours.", "How do I install a package?"):
        turns = [{"role": "user", "content": question}]
        ids = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=True)["input_ids"]
        prompt = httpx.post(f"{address}/apply-template", json={"messages": turns}).json()["prompt"]
        tokens = {"content": prompt, "add_special": True, "parse_special": True}
        assert httpx.post(f"{address}/tokenize", json=tokens).json()["tokens"] == ids
        asked = {"prompt": ids, "n_predict": 1, "temperature": 0, "n_probs": 8}
        (first,) = httpx.post(f"{address}/completion", json=asked, timeout=60).json()["completion_probabilities"]
        with torch.no_grad():
            computed = torch.log_softmax(model(torch.tensor([ids])).logits[0, -1].double(), -1)
        # llama.cpp rounds what goes into each matrix to eight bits, which moves what is improbable more.
        likely = [one for one in first["top_logprobs"] if one["logprob"] > -4]
        assert likely
        for one in likely:
            assert one["logprob"] == pytest.approx(float(computed[one["id"]]), abs=0.6)


@pytest.fixture(scope="module")
def small(gguf, tmp_path_factory):
    """A model of two layers with random weights, as a folder of transformers."""
    import torch
    from transformers import AutoModelForCausalLM, LlamaConfig

    folder = tmp_path_factory.mktemp("small") / "small"
    tokenizer = load_tokenizer(find_base(str(gguf)))
    torch.manual_seed(0)
    sizes = {"num_hidden_layers": 2, "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=len(tokenizer), num_key_value_heads=2, tie_word_embeddings=True, **sizes)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


QUICK = LoraOptions(steps=4, batch=2, accumulate=1, learning_rate=0.02, evaluations=4, threads=1, max_length=64)


@pytest.fixture
def request_of(files, small, tmp_path):
    train_file, held_out = files
    return lambda **options: Request(train_file, held_out, str(small), tmp_path / "to", replace(QUICK, **options))


def ignore(*said):
    """Nobody looks."""


def test_only_the_reply_counts_in_the_loss(files, small, tmp_path):
    base = find_base(str(small))
    tokenizer = load_tokenizer(base)
    rows = training_rows(files[0], lambda turns: 1, 64).rows
    worked = replace(
        rows[0], prompt=({"role": "user", "content": "a"}, {"role": "assistant", "content": ODD}, *rows[0].prompt)
    )
    training = Training(QUICK, planned(2, QUICK), "float32", tmp_path)
    trainer = trainer_of(load_model(base, "float32"), tokenizer, [rows[0], worked], rows[:1], training)
    for row in trainer.train_dataset:
        learned = [one for one in row["labels"] if one != -100]
        assert tokenizer.decode(learned) == f"{ODD}<|im_end|>\n"
        assert row["input_ids"][-len(learned) :] == learned
    assert len(trainer.train_dataset[1]["labels"]) > len(trainer.train_dataset[0]["labels"])
    changed = {name for name, weight in trainer.model.named_parameters() if weight.requires_grad}
    assert changed and all(".lora_" in name for name in changed)


@pytest.mark.parametrize("options", [{}, {"save_memory": True}, {"precision": "bfloat16"}, {"batch": 1}])
def test_a_folder_of_transformers_is_a_base_too(request_of, options):
    steps = []
    trained = run(request_of(**options), steps.append, ignore)
    assert trained.adapter_gguf.is_file()
    assert trained.base.name == "small"
    assert [step for step, _ in trained.curve.trained] == [1, 2, 3, 4]
    assert trained.curve.best < dict(trained.curve.held_out)[0]
    assert [one.done for one in steps if one.held_out is not None] == [0, 1, 2, 3, 4]
    assert steps[-1].left_s == 0


def test_it_stops_where_the_held_out_examples_get_worse_and_keeps_what_was_best(request_of, tmp_path):
    write_examples(tmp_path / "other.jsonl", examples(ANIMALS, "Nothing of the kind is known here."))
    request = replace(
        request_of(steps=12, evaluations=12, patience=2, learning_rate=0.1), held_out_file=tmp_path / "other.jsonl"
    )
    trained = run(request, ignore, ignore)
    losses = dict(trained.curve.held_out)
    assert trained.curve.trained[-1][0] < 12
    assert trained.curve.best_step < trained.curve.trained[-1][0]
    assert losses[trained.curve.best_step] == trained.curve.best
    card = json.loads((request.folder / "card.json").read_text())
    assert card["steps"] == {
        "planned": 12, "done": trained.curve.trained[-1][0], "kept": trained.curve.best_step
    }  # fmt: skip


def test_what_does_not_fit_into_memory_is_refused_with_the_setting_that_would(request_of, monkeypatch):
    monkeypatch.setattr(lora_run, "free_bytes", lambda is_cuda: -1e12)
    with pytest.raises(TrainingError, match="not enough memory for that: take a smaller model"):
        run(request_of(), ignore, ignore)
    assert not (request_of().folder / "begun.json").exists()
    said = []
    run(replace(request_of(), force=True), ignore, said.append)
    assert any(line.startswith("needs about") for line in said)


def test_where_memory_runs_out_the_smaller_setting_is_named(request_of, monkeypatch):
    import torch

    def fail(*arguments, **named):
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(torch.Tensor, "backward", fail)
    with pytest.raises(TrainingError, match="out of memory: try --batch 1 --accumulate 2, or"):
        run(request_of(), ignore, ignore)


def test_a_base_that_cannot_be_trained_is_an_error_that_says_why(request_of, tmp_path, small):
    def error(kind, base, **options):
        with pytest.raises(kind) as raised:
            run(replace(request_of(**options), base=str(base)), ignore, ignore)
        return str(raised.value)

    (tmp_path / "empty").mkdir()
    assert "is no model of transformers" in error(SettingsError, tmp_path / "empty")
    (tmp_path / "a.gguf").write_bytes(b"GGUF")
    assert "is not a GGUF file" in error(SettingsError, tmp_path / "a.gguf")
    assert "cannot be fetched from Hugging Face" in error(ModelError, "nobody/no-model")
    assert "needs a CUDA device" in error(SettingsError, small, precision="4bit")
    silent = tmp_path / "silent"
    silent.mkdir()
    for file in Path(small).iterdir():
        if file.name != "chat_template.jinja":
            (silent / file.name).write_bytes(file.read_bytes())
    assert "has no chat template" in error(SettingsError, silent)
