"""What `FOOTNOTE_MODELS` sets, and what it leaves to who set it."""

import pytest

from footnote.app.core.profiles import PROFILES
from footnote.app.core.settings import as_environment, load_settings

E5 = "st:intfloat/multilingual-e5-small"


def test_the_default_profile_changes_nothing():
    assert load_settings(env_file=None, models="default").by_name() == load_settings(env_file=None).by_name()


def test_one_setting_names_models_prefixes_and_span(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_MODELS", "multilingual")
    settings = load_settings(env_file=None)
    assert (settings.models.embedder, settings.models.query_prefix) == (E5, "query: ")
    assert settings.models.passage_prefix == "passage: "
    assert settings.models.reranker == "st:cross-encoder/mmarco-mMiniLMv2-L12-H384-v1"
    assert settings.search.cosine_span < load_settings(env_file=None, models="default").search.cosine_span


@pytest.mark.parametrize(("name", "value"), [("query_prefix", "q: "), ("cosine_span", 0.3), ("reranker", "none")])
def test_what_is_given_beside_it_stays(name, value):
    settings = load_settings(env_file=None, models="multilingual", **{name: value})
    assert settings.by_name()[name] == value
    assert settings.models.embedder == E5


def test_prefixes_and_span_belong_to_the_embedder_of_the_profile():
    settings = load_settings(env_file=None, models="multilingual", embedder="openai:other")
    assert (settings.models.query_prefix, settings.models.passage_prefix) == (None, None)
    assert settings.search.cosine_span == 0.2
    assert settings.models.reranker != "bundled"


def test_a_child_process_has_the_same_profile(monkeypatch):
    settings = load_settings(env_file=None, models="multilingual", cosine_span=0.3)
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings(env_file=None) == settings


def test_every_setting_of_a_profile_is_one():
    settings = load_settings(env_file=None)
    for belonging in PROFILES.values():
        for values in belonging.values():
            settings = settings.changed(**values)
