"""The settings of the service, and how processes of it get theirs."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.errors import SettingsError
from footnote.app.core.setting_groups.index import MARKDOWN
from footnote.app.core.settings import as_environment, load_settings

GIVEN: dict[str, object] = {
    "index_dir": Path("some where/ü"),
    "include": ("**/*.md", "x/*"),
    "exclude": (),
    "max_file_mb": 0.1,
    "top_k": 7,
    "watch": True,
    "lexical": "rank-bm25",
    "admin_key": "0123456789abcdef",
    "openai_api_key": "sk-1",
    "llm_api_key": "sk-2",
}


def test_a_process_makes_the_same_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(env_file=None, **GIVEN)
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    again = load_settings(env_file=None)
    assert again == settings
    # A docs folder that nobody named is that of the last ingest, not the default.
    assert not again.is_given("docs_dir")


@pytest.mark.parametrize(("name", "means"), [("exclude", ()), ("include_roots", ()), ("include", MARKDOWN)])
def test_an_empty_list_of_globs_is_given_in_another_process_too(
    name: str, means: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"FOOTNOTE_{name.upper()}"
    monkeypatch.setenv(variable, as_environment(load_settings(env_file=None, **{name: ""}))[variable])
    again = load_settings(env_file=None)
    assert again.is_given(name) and getattr(again.ingest, name) == means


@pytest.mark.parametrize(
    "key", ["short", "0123456789abcde", "0123456789 abcdef", "0123456789abcdef\n", "passwört-passwört"]
)
def test_a_key_that_is_easy_to_guess_or_hard_to_send_is_refused(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_ADMIN_KEY", key)
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file=None)
    message = "FOOTNOTE_ADMIN_KEY: must be at least 16 visible ASCII characters, with no space"
    assert str(caught.value) == message
    result = CliRunner().invoke(app, ["serve"])
    assert (result.exit_code, key in result.output) == (2, False)


def test_an_empty_key_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_ADMIN_KEY", "")
    assert load_settings(env_file=None).service.admin_key is None


@pytest.mark.parametrize(("name", "value"), [("WORKERS", "0"), ("WORKERS", "two"), ("WATCH", "perhaps")])
def test_a_wrong_value_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"FOOTNOTE_{name}", value)
    with pytest.raises(SettingsError, match=f"FOOTNOTE_{name}: "):
        load_settings(env_file=None)
