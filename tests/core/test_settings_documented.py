"""The settings that files outside the code name are the settings there are."""

import re
from pathlib import Path

import pytest
import yaml

from footnote.app.core.settings import SETTINGS as ALL
from footnote.app.core.settings import load_settings

ROOT = Path(__file__).parents[2]
SETTINGS = {setting.variable: setting.info for setting in ALL.values()}
DOCS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))


# Of other programs, which the guide tells how to set up.
FOREIGN = {"OPENAI_API_BASE_URL"}


def names_in(file: str) -> set[str]:
    return set(re.findall(r"(?:FOOTNOTE|OPENAI)_[A-Z0-9_]*[A-Z0-9]", (ROOT / file).read_text("utf-8"))) - FOREIGN


def example_values() -> dict[str, str]:
    """Name and value of every line of .env.example that sets something, commented out or not."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    return dict(re.match(r"#?([A-Z_]+)=(.*)", line).groups() for line in lines if re.match(r"#?[A-Z_]+=", line))


@pytest.mark.parametrize("file", ["Dockerfile", "docker-compose.yml", ".env.example", *DOCS])
def test_every_name_is_a_setting(file):
    assert names_in(file) <= SETTINGS.keys()


@pytest.mark.parametrize("file", [".env.example", "docs/configuration.md"])
def test_every_setting_is_described(file):
    assert SETTINGS.keys() <= names_in(file)


def test_the_example_is_commented_out_and_sets_each_name_once():
    lines = [line for line in (ROOT / ".env.example").read_text("utf-8").splitlines() if line]
    assert all(line.startswith("#") for line in lines)
    names = [line[1:].partition("=")[0] for line in lines if re.match(r"#[A-Z_]+=", line)]
    assert sorted(names) == sorted(SETTINGS)


def test_the_example_shows_the_defaults(tmp_path):
    shown = {name: value for name, value in example_values().items() if value}
    env_file = tmp_path / ".env"
    env_file.write_text("".join(f"{name}={value}\n" for name, value in shown.items()), "utf-8")
    assert load_settings(env_file) == load_settings(env_file=None)
    unset = SETTINGS.keys() - shown.keys()
    assert all(SETTINGS[name].default in (None, ()) for name in unset)


def test_an_empty_key_is_no_key(tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text("OPENAI_API_KEY=\n", "utf-8")
    assert load_settings(env_file).llm.openai_key is None


def test_compose_passes_every_setting_on():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    for service in ("app", "ingest"):
        assert set(compose["services"][service]["environment"]) == SETTINGS.keys()
