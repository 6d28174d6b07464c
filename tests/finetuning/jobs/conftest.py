"""Fixtures of jobs: a provider on loopback, and a client for it that does not wait."""

import json

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.finetuning.jobs.account import account_of
from footnote.app.finetuning.jobs.provider import Provider
from footnote.app.finetuning.jobs.types import Wanted
from tests.finetuning.checking.test_check import GOOD
from tests.finetuning.jobs.fake_provider import KEY, run_fake_provider


@pytest.fixture
def fake():
    with run_fake_provider() as running:
        yield running


@pytest.fixture
def settings(fake):
    return load_settings(env_file=None, fine_tuning_base_url=fake.base_url, fine_tuning_api_key=KEY)


@pytest.fixture
def slept():
    """The pauses that were made."""
    return []


@pytest.fixture
def provider_of(slept):
    """The provider of some settings; it does not wait."""
    made = []

    def make(settings):
        made.append(Provider(account_of(settings), slept.append))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def provider(settings, provider_of):
    return provider_of(settings)


@pytest.fixture
def train(tmp_path):
    file = tmp_path / "train.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in GOOD), "utf-8")
    return file


@pytest.fixture
def job_id(provider, train):
    """A job that was made."""
    return provider.create(provider.upload(train, lambda stage, done, total: None), None, Wanted("gpt-4.1-mini")).id
