"""Settings written into `.env`."""

from pathlib import Path

import pytest

from footnote.app.core.env_file import LLM, LLM_ADAPTER, WrittenSetting, write_llm, write_setting
from footnote.app.core.errors import SettingsError
from footnote.app.core.setting_groups import NO_ADAPTER
from footnote.app.core.settings import load_settings

GGUF = Path("/models/made.gguf")
ENV = Path(".env")


def test_a_file_is_made_where_there_is_none() -> None:
    assert write_setting(LLM, str(GGUF)) == WrittenSetting(LLM, ENV.absolute(), None, None)
    assert ENV.read_text() == "FOOTNOTE_LLM=/models/made.gguf\n"
    assert load_settings().llm.name == str(GGUF)


def test_other_lines_stay_and_another_value_is_replaced_and_named() -> None:
    before = "# mine\nFOOTNOTE_TOP_K=3\nFOOTNOTE_LLM=openai:gpt-4o # big\nOTHER='a b'"
    ENV.write_text(before)
    assert write_setting(LLM, str(GGUF)).replaced == "openai:gpt-4o"
    assert ENV.read_text() == before.replace("openai:gpt-4o # big", str(GGUF))


@pytest.mark.parametrize("before", ["FOOTNOTE_LLM=/models/made.gguf\n", "FOOTNOTE_LLM=\n"])
def test_the_same_value_or_an_empty_one_is_nothing_to_tell(before: str) -> None:
    ENV.write_text(before)
    assert write_setting(LLM, str(GGUF)).replaced is None


def test_a_name_in_lower_case_is_the_same_setting() -> None:
    ENV.write_text("footnote_llm=extractive\n")
    assert write_setting(LLM, str(GGUF)).replaced == "extractive"
    assert ENV.read_text() == "footnote_llm=/models/made.gguf\n"
    assert load_settings().llm.name == str(GGUF)


def test_what_wins_over_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_LLM", "extractive")
    assert write_setting(LLM, str(GGUF)).overridden_by == "extractive"


def test_a_key_of_openai_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert write_setting(LLM, str(GGUF)).overridden_by is None


@pytest.mark.parametrize("name", ["my models/it's.gguf", "größe #1.gguf", "a\\b.gguf", 'say "x".gguf'])
def test_any_path_comes_back_as_it_is(name: str, tmp_path: Path) -> None:
    write_setting(LLM, str(tmp_path / name))
    assert load_settings().llm.name == str(tmp_path / name)


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "shared.env").write_text("OTHER=1\n")
    ENV.symlink_to(tmp_path / "shared.env")
    write_setting(LLM, str(GGUF))
    assert ENV.is_symlink()
    assert (tmp_path / "shared.env").read_text() == f"OTHER=1\nFOOTNOTE_LLM={GGUF}\n"


def test_what_cannot_be_written_gives_the_line_to_set() -> None:
    ENV.mkdir()
    with pytest.raises(SettingsError, match=r"\.env cannot be written .*: set FOOTNOTE_LLM=/models/made.gguf yourself"):
        write_setting(LLM, str(GGUF))


@pytest.mark.parametrize(
    ("before", "replaced"),
    [
        ("footnote_llm=extractive\nOTHER=1\nFOOTNOTE_LLM=b\n", "b"),
        ("FOOTNOTE_LLM=a\nOTHER=1\nfootnote_llm=b\nFOOTNOTE_LLM=c\n", "b"),
        ("FOOTNOTE_LLM=a\nOTHER=1\nFOOTNOTE_LLM=b\n", "b"),
        ("FOOTNOTE_LLM=a\nOTHER=1\nfootnote_llm=\n", "a"),
    ],
)
def test_of_several_lines_one_is_left_and_what_was_in_force_is_named(before: str, replaced: str) -> None:
    ENV.write_text(before)
    assert load_settings().llm.name == replaced
    assert write_setting(LLM, str(GGUF)) == WrittenSetting(LLM, ENV.absolute(), replaced, None)
    assert ENV.read_text() == f"{before.partition('=')[0]}={GGUF}\nOTHER=1\n"
    assert load_settings().llm.name == str(GGUF)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"# mine\nA=1\n\n  export FOOTNOTE_LLM=a # big\n\nB='x\ny'\n", b"# mine\nA=1\n\n  export {set}\n\nB='x\ny'\n"),
        (b"FOOTNOTE_LLM=a\nA=1", b"{set}\nA=1"),
        (b"A=1\nFOOTNOTE_LLM=a", b"A=1\n{set}"),
        (b"A=1\nno setting\n\n", b"A=1\nno setting\n\n{set}\n"),
        (b"A=1\nB=2", b"A=1\nB=2\n{set}\n"),
    ],
)
def test_every_other_byte_stays(before: bytes, after: bytes, end: bytes, bom: bytes) -> None:
    ENV.write_bytes(bom + before.replace(b"\n", end))
    write_setting(LLM, str(GGUF))
    assert ENV.read_bytes() == bom + after.replace(b"{set}", f"FOOTNOTE_LLM={GGUF}".encode()).replace(b"\n", end)
    assert load_settings().llm.name == str(GGUF)


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_who_may_read_it_stays(mode: int) -> None:
    ENV.write_text("OPENAI_API_KEY=k\n")
    ENV.chmod(mode)
    write_setting(LLM, str(GGUF))
    assert ENV.stat().st_mode & 0o777 == mode
    assert [one.name for one in Path().iterdir()] == [".env"]


def test_a_setting_is_taken_out_of_force() -> None:
    ENV.write_text("FOOTNOTE_LLM=openai:gpt-4o\nFOOTNOTE_LLM_PRICES=prices.toml\n")
    assert write_setting("FOOTNOTE_LLM_PRICES", "") == WrittenSetting(
        "FOOTNOTE_LLM_PRICES", ENV.absolute(), "prices.toml", None
    )
    assert ENV.read_text() == "FOOTNOTE_LLM=openai:gpt-4o\nFOOTNOTE_LLM_PRICES=\n"
    assert load_settings().llm.prices is None


def test_what_is_in_force_nowhere_needs_no_file() -> None:
    assert write_setting("FOOTNOTE_LLM_PRICES", "").replaced is None
    assert not ENV.exists()


def test_an_adapter_goes_with_its_base_and_comes_with_a_new_one() -> None:
    ENV.write_text("FOOTNOTE_LLM=/models/old.gguf\nFOOTNOTE_LLM_ADAPTER=/models/old-adapter.gguf\nFOOTNOTE_TOP_K=3\n")
    (written,) = write_llm("openai:ft:gpt-4o-mini:acme::1")
    assert (written.name, written.replaced) == (LLM, "/models/old.gguf")
    assert (load_settings().llm.name, load_settings().llm.adapter) == ("openai:ft:gpt-4o-mini:acme::1", NO_ADAPTER)
    names = [one.name for one in write_llm(str(GGUF), "/models/adapter.gguf")]
    assert names == [LLM, LLM_ADAPTER]
    assert (load_settings().llm.name, load_settings().llm.adapter) == (str(GGUF), "/models/adapter.gguf")
    assert load_settings().search.top_k == 3
