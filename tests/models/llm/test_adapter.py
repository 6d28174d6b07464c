"""A LoRA adapter beside the file that it was trained on: served by a real llama.cpp, named in answers, or refused."""

import hashlib
import struct
import subprocess
import sys

import httpx
import numpy as np
import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import as_environment, load_settings
from footnote.app.engine.models import load_models
from footnote.app.models.llm.adapter import check_adapter
from footnote.app.models.llm.chat import label_of, make_chat_model
from footnote.app.models.llm.gguf_file import read_gguf
from footnote.app.models.llm.lineup.outlook import outlook
from footnote.app.models.llm.llama_server import main
from footnote.app.models.llm.own_llm import another_llm, own_llm
from tests.lora_files import DOWN, DOWN_IN, DOWN_OUT, LORA, down_adapter, write_gguf
from tests.serving import ROOT

ASKED = "Name a colour."


@pytest.fixture(scope="module")
def adapters(tmp_path_factory):
    """One that changes nothing and one that changes everything."""
    folder = tmp_path_factory.mktemp("adapters")
    return [write_gguf(folder / f"{name}.gguf", LORA, down_adapter(scale)) for name, scale in (("same", 0), ("odd", 1))]


def settings_of(gguf, adapter=None, **others):
    return load_settings(env_file=None, llm=str(gguf), llm_adapter=adapter and str(adapter), **others)


def label(gguf, adapter):
    return f"{gguf.name} + {adapter.name} (sha256 {hashlib.sha256(adapter.read_bytes()).hexdigest()[:12]})"


def test_the_adapter_is_served_on_its_base_and_named_in_the_label(gguf, adapters):
    same, odd = adapters
    said = []
    for adapter in (None, same, odd):
        llm = settings_of(gguf, adapter, llm_max_tokens=16).llm
        model = make_chat_model(llm, 1)
        expected = gguf.name if adapter is None else label(gguf, adapter)
        assert (
            label_of(model, llm) == label_of(None, llm) == outlook(llm).llm.removeprefix(f"{gguf.parent}/") == expected
        )
        said.append(model.invoke(ASKED).text)
    assert said[0] == said[1] != said[2]


def test_a_file_with_another_adapter_is_another_server(gguf, adapters):
    same, odd = adapters
    llms = [settings_of(gguf, adapter, llm_context_tokens=512).llm for adapter in (same, same, odd, None)]
    models = [make_chat_model(llm, 1) for llm in llms]
    addresses = [model.openai_api_base for model in models]
    assert addresses[0] == addresses[1]
    assert len(set(addresses)) == 3


def test_the_server_takes_an_adapter_and_lists_it_by_its_hash(gguf, adapters):
    _, odd = adapters
    command = [sys.executable, "-m", "footnote.app.models.llm.llama_server", gguf, "--port", "0", "--threads", "1"]
    with subprocess.Popen([*command, "--adapter", odd], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        base_url = server.stdout.readline().removeprefix("listening on ").strip()
        (listed,) = httpx.get(f"{base_url}/models").json()["data"]
        server.terminate()
    digits = hashlib.sha256(odd.read_bytes()).hexdigest()[:12]
    assert listed["id"] == f"SmolLM2-135M-Instruct.Q4_1+odd@{digits}"


def _without(name):
    return {field: value for field, value in LORA.items() if field != name}


@pytest.mark.parametrize(
    ("fields", "tensors", "said"),
    [
        (_without("general.type"), {}, "is no LoRA adapter .its general.type is model, its adapter.type lora."),
        ({"general.architecture": "llama"}, {}, "is no LoRA adapter .its general.type is model."),
        (LORA | {"adapter.type": "ia3"}, {}, "is no LoRA adapter .its general.type is adapter, its adapter.type ia3."),
        (LORA | {"general.architecture": "qwen2"}, {}, "on a model of the kind qwen2, and"),
        (LORA, {}, "it changes nothing"),
        (LORA, {"blk.0.ffn_down.weight": (2, 2)}, "blk.0.ffn_down.weight has no place in it"),
        (LORA, {"blk.30.ffn_down.weight.lora_a": (2, DOWN_IN)}, "blk.30.ffn_down.weight.lora_a has no place"),
        (LORA, {DOWN.format(0) + ".lora_a": (2, DOWN_IN)}, r"blk.0.ffn_down.weight.lora_a has the shape"),
        (
            LORA,
            {DOWN.format(0) + ".lora_a": (2, DOWN_IN + 1), DOWN.format(0) + ".lora_b": (DOWN_OUT, 2)},
            r"has the shape \(1537, 2\), and blk.0.ffn_down.weight \(1536, 576\)",
        ),
        (
            LORA,
            {DOWN.format(0) + ".lora_a": (2, DOWN_IN), DOWN.format(0) + ".lora_b": (DOWN_OUT, 3)},
            r"lora_b has the shape \(3, 576\)",
        ),
    ],
)
def test_an_adapter_that_does_not_fit_is_one_error_that_names_the_setting(gguf, tmp_path, fields, tensors, said):
    file = write_gguf(tmp_path / "a.gguf", fields, {name: np.ones(shape) for name, shape in tensors.items()})
    with pytest.raises(SettingsError, match=f"^{file}.*{said}.*FOOTNOTE_LLM_ADAPTER"):
        check_adapter(file, gguf)
    with pytest.raises(SettingsError, match=said):
        load_models(settings_of(gguf, file))
    assert str(file) in outlook(settings_of(gguf, file).llm).problem


def _with_field(kind_and_value):
    """A file with one field, named "a"."""
    return b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + kind_and_value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"GGUF",
        b"PK\3\4" * 99,
        b"GGUF\3\0\0\0" + b"\xff" * 99,
        _with_field(struct.pack("<I", 99)),  # of no kind that is known
        _with_field(struct.pack("<IIQ", 9, 4, 2**63)),  # a list without end
        _with_field(struct.pack("<IQ", 8, 2**62)),  # a text without end
        _with_field(struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 5000),  # lists in lists
    ],
)
def test_what_is_no_gguf_file_is_refused(gguf, tmp_path, raw):
    file = tmp_path / "a.gguf"
    file.write_bytes(raw)
    with pytest.raises(SettingsError, match=f"^{file} is not a GGUF file"):
        check_adapter(file, gguf)
    with pytest.raises(SettingsError, match="a.gguf cannot be read"):
        make_chat_model(settings_of(gguf, tmp_path / "b" / "a.gguf").llm)
    assert main([str(gguf), "--adapter", str(file)]) == 2


@pytest.fixture
def cut(tmp_path):
    """Writes the first bytes of a file under its name."""

    def write(file, share):
        raw = file.read_bytes()
        copy = tmp_path / file.name
        copy.write_bytes(raw[: int(len(raw) * share)])
        return copy, f"^{copy} is cut off: {copy.stat().st_size:,} of {len(raw):,} bytes are there"

    return write


def test_an_adapter_that_is_cut_off_is_refused_before_anything_is_served(gguf, adapters, cut):
    file, said = cut(adapters[1], 0.7)
    with pytest.raises(SettingsError, match=said):
        check_adapter(file, gguf)
    with pytest.raises(SettingsError, match=said):
        load_models(settings_of(gguf, file))
    assert "is cut off" in outlook(settings_of(gguf, file).llm).problem
    assert main([str(gguf), "--adapter", str(file)]) == 2


def test_a_model_file_that_is_cut_off_is_refused_with_or_without_an_adapter(gguf, adapters, cut):
    file, said = cut(gguf, 0.6)
    for adapter in (None, adapters[1]):
        settings = settings_of(file, adapter)
        with pytest.raises(SettingsError, match=said):
            load_models(settings)
        assert "is cut off" in outlook(settings.llm).problem
    assert main([str(file)]) == 2


def test_of_a_whole_file_the_last_byte_is_needed(gguf, tmp_path):
    assert read_gguf(gguf).tensors
    raw = gguf.read_bytes()
    file = tmp_path / "a.gguf"
    file.write_bytes(raw[:-1])
    with pytest.raises(SettingsError, match="is cut off"):
        read_gguf(file)
    file.write_bytes(raw)  # it is there by now
    assert read_gguf(file).tensors


@pytest.mark.parametrize(
    ("named", "made"),
    [("tuned", "tuned/adapter.gguf"), ("tuned", "tuned/adapter/adapter.gguf"), ("tuned/adapter", "tuned/adapter.gguf")],
)
def test_a_folder_in_the_place_of_an_adapter_is_one_error_that_names_the_file(gguf, tmp_path, named, made):
    (tmp_path / "tuned" / "adapter").mkdir(parents=True)
    settings = settings_of(gguf, tmp_path / named)
    with pytest.raises(SettingsError, match=r"is a folder: name in FOOTNOTE_LLM_ADAPTER what `footnote tune-llm lora`"):
        load_models(settings)
    write_gguf(tmp_path / made, LORA, {})
    said = f"{tmp_path / named} is a folder: name {tmp_path / made} in FOOTNOTE_LLM_ADAPTER"
    with pytest.raises(SettingsError, match=f"^{said}$"):
        load_models(settings)
    assert outlook(settings.llm).problem == said


def test_the_server_names_its_own_flag(gguf, tmp_path, capsys):
    assert main([str(gguf), "--adapter", str(tmp_path)]) == 2
    assert "name in --adapter what" in capsys.readouterr().err


@pytest.mark.parametrize("llm", [None, "extractive", "openai:gpt-4o"])
def test_an_adapter_without_the_file_of_its_base_is_an_error(monkeypatch, llm):
    monkeypatch.setenv("FOOTNOTE_LLM_ADAPTER", "a.gguf")
    if llm:
        monkeypatch.setenv("FOOTNOTE_LLM", llm)
    with pytest.raises(SettingsError, match=f"FOOTNOTE_LLM_ADAPTER=a.gguf needs the .gguf file .* {llm or 'auto'}$"):
        load_settings(env_file=None)


def test_a_model_that_a_flag_names_is_taken_without_the_adapter(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_LLM_ADAPTER", "a.gguf")
    monkeypatch.setenv("FOOTNOTE_LLM", "b.gguf")
    assert load_settings(env_file=None).llm.adapter == "a.gguf"
    named = load_settings(env_file=None, llm="extractive")
    assert named.llm.adapter == "none"
    for name, value in as_environment(named).items():  # as a process that it starts gets it
        monkeypatch.setenv(name, value)
    assert load_settings(env_file=None).llm.adapter == "none"


def test_a_second_model_has_no_adapter_unless_it_is_the_same():
    settings = settings_of("b.gguf", "a.gguf", check="model", judge_llm="b.gguf", query_rewrite_base_url="http://a/v1")
    assert own_llm(settings.second_opinion, settings.llm).adapter == "a.gguf"
    for own in (settings.judge, settings.query_rewrite):
        assert own_llm(own, settings.llm).adapter == "none"
    assert another_llm("b.gguf", settings.llm).adapter == "none"
