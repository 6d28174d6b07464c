"""Settings: where a value comes from, and what is said about a wrong one."""

import re
from pathlib import Path

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def env_file(tmp_path):
    def write(text):
        file = tmp_path / ".env"
        file.write_text(text, "utf-8")
        return file

    return write


def test_a_flag_wins_over_the_environment_and_that_over_the_file_and_that_over_the_default(env_file, monkeypatch):
    assert load_settings(env_file("")).search.top_k == 4
    file = env_file("FOOTNOTE_TOP_K=5\nFOOTNOTE_PORT=9000\n")
    assert load_settings(file).search.top_k == 5
    monkeypatch.setenv("FOOTNOTE_TOP_K", "6")
    assert load_settings(file).search.top_k == 6
    assert load_settings(file, top_k=7).search.top_k == 7
    assert load_settings(file, top_k=None).search.top_k == 6
    assert load_settings(file).service.port == 9000


def test_the_file_in_the_working_folder_is_read():
    Path(".env").write_text("FOOTNOTE_DOCS_DIR=handbook\n", "utf-8")
    assert load_settings().folders.docs_dir == Path("handbook")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FOOTNOTE_TOP_K", "many", "FOOTNOTE_TOP_K: Input should be a valid integer, not 'many'"),
        ("FOOTNOTE_STRICTNESS", "nan", "FOOTNOTE_STRICTNESS: Input should be a number, not nan"),
        ("FOOTNOTE_TOP_K", "0", "FOOTNOTE_TOP_K: Input should be greater than or equal to 1"),
        ("FOOTNOTE_LEXICAL", "bm25", "FOOTNOTE_LEXICAL: Input should be 'tantivy' or 'rank-bm25'"),
        ("FOOTNOTE_LLM_TIMEOUT_S", "-1", "FOOTNOTE_LLM_TIMEOUT_S: Input should be greater than 0"),
        ("FOOTNOTE_PORT", "70000", "FOOTNOTE_PORT: Input should be less than or equal to 65535"),
    ],
)
def test_a_malformed_value_names_the_variable(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings(env_file=None)
    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("FOOTNOTE_UNVERIFIED", "marc", "'mark', 'keep' or 'drop', not 'marc': did you mean mark?"),
        ("FOOTNOTE_CHECK", "ruls", "'rules', 'model' or 'both', not 'ruls': did you mean rules?"),
        ("FOOTNOTE_LEXICAL", "Rank-BM-25", "'tantivy' or 'rank-bm25', not 'Rank-BM-25': did you mean rank-bm25?"),
        ("FOOTNOTE_LLM_PROMPT", "terse", "'auto', 'full' or 'compact'"),
    ],
)
def test_a_misspelt_choice_is_refused_with_the_nearest_one(monkeypatch, name, value, meant):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings(env_file=None)
    assert str(raised.value) == f"{name}: Input should be {meant}"


def test_every_choice_has_its_nearest_one(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_ANCHOR_STYLE", "githup")
    with pytest.raises(SettingsError, match="did you mean github"):
        load_settings(env_file=None)


def test_all_malformed_values_are_named_at_once(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_TOP_K", "x")
    monkeypatch.setenv("FOOTNOTE_CANDIDATES", "y")
    with pytest.raises(SettingsError, match=r"FOOTNOTE_CANDIDATES: .*; FOOTNOTE_TOP_K: "):
        load_settings(env_file=None)


def test_settings_that_contradict_each_other_are_refused():
    with pytest.raises(SettingsError, match=r"at most half of FOOTNOTE_CHUNK_SIZE_CHARS, .* 51 of 100: set it to 50"):
        load_settings(env_file=None, chunk_size_chars=100, chunk_overlap_chars=51)
    with pytest.raises(SettingsError, match="FOOTNOTE_LEXICAL_WEIGHT and FOOTNOTE_VECTOR_WEIGHT must not both be 0"):
        load_settings(env_file=None, lexical_weight=0, vector_weight=0)


def test_an_unknown_name_is_refused_with_the_nearest_one(env_file, monkeypatch):
    with pytest.raises(SettingsError, match="^unknown setting FOOTNOTE_TOPK: did you mean FOOTNOTE_TOP_K?"):
        load_settings(env_file("FOOTNOTE_TOPK=3\n"))
    monkeypatch.setenv("FOOTNOTE_LLM_PROMTP", "x")
    with pytest.raises(SettingsError, match="^unknown setting FOOTNOTE_LLM_PROMTP: did you mean FOOTNOTE_LLM"):
        load_settings(env_file=None)


@pytest.mark.parametrize("name", ["FOOTNOTE_QQQQQQQQQQ", "FOOTNOTE_ZZZ", "FOOTNOTE_X"])
def test_an_unknown_name_like_no_other_points_to_the_list(monkeypatch, name):
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=rf"unknown setting {name}: docs/configuration\.md lists them"):
        load_settings(env_file=None)


def test_names_of_other_programs_are_none_of_ours(env_file, monkeypatch):
    monkeypatch.setenv("FOOTNOTES", "1")
    assert load_settings(env_file("OTHER=1\nPORT=1\n")).service.port == 8000


def test_a_file_that_is_no_text_is_refused(tmp_path):
    file = tmp_path / ".env"
    file.write_bytes(b"FOOTNOTE_LLM=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"cannot read .*\.env"):
        load_settings(file)


@pytest.mark.parametrize("name", ["FOOTNOTE_LLM_API_KEY", "OPENAI_API_KEY"])
def test_openais_key_may_have_either_name_and_an_empty_one_is_unset(monkeypatch, name):
    monkeypatch.setenv(name, KEY)
    assert load_settings(env_file=None).llm.openai_key.get_secret_value() == KEY
    monkeypatch.setenv(name, "")
    assert load_settings(env_file=None).llm.openai_key is None


@pytest.mark.parametrize("name", ["FOOTNOTE_LLM_BASE_URL", "OPENAI_BASE_URL"])
def test_openais_base_url_may_have_either_name_and_an_empty_one_is_unset(monkeypatch, name):
    monkeypatch.setenv(name, "http://localhost:1/v1")
    assert load_settings(env_file=None).llm.openai_url == "http://localhost:1/v1"
    monkeypatch.setenv(name, "")
    assert load_settings(env_file=None).llm.openai_url is None


def test_the_projects_own_name_wins_over_openais_unless_it_is_empty(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "theirs")
    monkeypatch.setenv("FOOTNOTE_LLM_API_KEY", "ours")
    assert load_settings(env_file=None).llm.openai_key.get_secret_value() == "ours"
    monkeypatch.setenv("FOOTNOTE_LLM_API_KEY", "")
    assert load_settings(env_file=None).llm.openai_key.get_secret_value() == "theirs"


def test_openais_key_is_no_other_providers(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert load_settings(env_file=None).llm.api_key is None


def test_a_key_is_never_printed(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    settings = load_settings(env_file=None)
    for shown in (repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump())):
        assert KEY not in shown
    monkeypatch.setenv("FOOTNOTE_TOP_K", "x")
    with pytest.raises(SettingsError) as raised:
        load_settings(env_file=None)
    assert KEY not in str(raised.value)


def test_globs_are_split_at_commas(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_INCLUDE", "**/*.md, notes/*.txt,")
    assert load_settings(env_file=None).ingest.include == ("**/*.md", "notes/*.txt")


def test_settings_cannot_be_changed():
    with pytest.raises(Exception, match="frozen"):
        load_settings(env_file=None).search.top_k = 9


@pytest.mark.parametrize(
    ("value", "example"),
    [
        ("chroma", "such as chroma:http://HOST:8000"),
        ("chroma:127.0.0.1:18200", "such as chroma:http://HOST:8000"),
        ("milvus:ftp://a", "such as milvus:http://HOST:19530"),
        ("postgres:http://a", "such as postgres:postgresql://USER@HOST/DATABASE"),
        ("qdrant:http://a", "one of chroma:http://HOST:8000, "),
        ("chroma:http://a?b", "such as chroma:http://HOST:8000"),
    ],
)
def test_a_store_that_is_none_is_told_one_that_it_could_be(value: str, example: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(example)):
        load_settings(None, store=value)


@pytest.mark.parametrize(
    "line",
    [
        "FOOTNOTE_AUTH: keys",
        "FOOTNOTE_AUTH:keys",
        "FOOTNOTE_AUTH : keys",
        "FOOTNOTE-TOP-K=5",
        "FOOTNOTE_TOP_K",
        "export FOOTNOTE_TOP_K",
        "set FOOTNOTE_TOP_K=5",
        "FOOTNOTE_ADMIN_KEY='secret",
        "footnote_top_k: 5",
    ],
)
def test_a_line_of_the_file_that_sets_nothing_is_refused_by_its_number_without_its_value(
    line: str, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(f"# FOOTNOTE_AUTH: keys\r\nOTHER: 1\r\n\r\n\r\n{line}\r\nFOOTNOTE_STRICTNESS=0.5\r\n", "utf-8")
    with pytest.raises(SettingsError, match=r"\.env, line 5 sets nothing: write NAME=value") as caught:
        load_settings(env_file)
    assert "secret" not in str(caught.value)


def test_comments_blank_lines_exports_and_what_others_wrote_go_on(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    text = "\ufeff# FOOTNOTE_TOP_K: 9\n\nOTHER\nOTHER-NAME: 1\n  export FOOTNOTE_TOP_K = '5' # FOOTNOTE_X\nA.B=1\n"
    env_file.write_text(text, "utf-8")
    assert load_settings(env_file).search.top_k == 5


def test_a_file_that_is_no_utf_8_is_refused_with_what_to_do(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes("FOOTNOTE_TOP_K=5\n".encode("utf-16"))
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        load_settings(env_file)
