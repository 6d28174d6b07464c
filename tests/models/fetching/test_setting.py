"""The language model's setting in `.env`."""

from pathlib import Path

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.models.fetching.setting import WrittenSetting, write_setting

GGUF = Path("/models/made.gguf")
ENV = Path(".env")


def test_a_file_is_made_where_there_is_none() -> None:
    assert write_setting(GGUF) == WrittenSetting(ENV.absolute(), None, None)
    assert ENV.read_text() == "FOOTNOTE_LLM=/models/made.gguf\n"
    assert load_settings().llm.name == str(GGUF)


def test_other_lines_stay_and_another_value_is_replaced_and_named() -> None:
    before = "# mine\nFOOTNOTE_TOP_K=3\nFOOTNOTE_LLM=openai:gpt-4o # big\nOTHER='a b'"
    ENV.write_text(before)
    assert write_setting(GGUF).replaced == "openai:gpt-4o"
    assert ENV.read_text() == before.replace("openai:gpt-4o # big", str(GGUF))


@pytest.mark.parametrize("before", ["FOOTNOTE_LLM=/models/made.gguf\n", "FOOTNOTE_LLM=\n"])
def test_the_same_value_or_an_empty_one_is_nothing_to_tell(before: str) -> None:
    ENV.write_text(before)
    assert write_setting(GGUF).replaced is None


def test_a_name_in_lower_case_is_the_same_setting() -> None:
    ENV.write_text("footnote_llm=extractive\n")
    assert write_setting(GGUF).replaced == "extractive"
    assert ENV.read_text() == "footnote_llm=/models/made.gguf\n"
    assert load_settings().llm.name == str(GGUF)


def test_what_wins_over_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_LLM", "extractive")
    assert write_setting(GGUF).overridden_by == "extractive"


def test_a_key_of_openai_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert write_setting(GGUF).overridden_by is None


@pytest.mark.parametrize("name", ["my models/it's.gguf", "größe #1.gguf", "a\\b.gguf", 'say "x".gguf'])
def test_any_path_comes_back_as_it_is(name: str, tmp_path: Path) -> None:
    write_setting(tmp_path / name)
    assert load_settings().llm.name == str(tmp_path / name)


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "shared.env").write_text("OTHER=1\n")
    ENV.symlink_to(tmp_path / "shared.env")
    write_setting(GGUF)
    assert ENV.is_symlink()
    assert (tmp_path / "shared.env").read_text() == f"OTHER=1\nFOOTNOTE_LLM={GGUF}\n"


def test_what_cannot_be_written_gives_the_line_to_set() -> None:
    ENV.mkdir()
    with pytest.raises(SettingsError, match=r"\.env cannot be written .*: set FOOTNOTE_LLM=/models/made.gguf yourself"):
        write_setting(GGUF)
