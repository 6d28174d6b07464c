"""Requests to a provider: what they hold, what is sent again, and what is not."""

import pytest
from pydantic import SecretStr

from footnote.app.core.errors import FineTuningError, FineTuningUnreachableError, SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.finetuning.jobs import sending
from footnote.app.finetuning.jobs.account import account_of
from footnote.app.finetuning.jobs.types import Job, Wanted
from footnote.app.finetuning.jobs.watching import watched
from tests.finetuning.jobs.fake_provider import KEY

TINY = Wanted("gpt-4.1-mini")
JOBS = "/v1/fine_tuning/jobs"


def silently(stage, done, total):
    pass


def test_a_file_is_uploaded_byte_by_byte(provider, fake, train):
    told = []
    file_id = provider.upload(train, lambda *said: told.append(said))
    assert fake.files == {file_id: train.read_bytes()}
    ((fields, name, _),) = fake.asked("POST", "/v1/files")
    assert (fields, name) == ({"purpose": "fine-tune"}, "train.jsonl")
    assert told[-1] == ("upload", 0, 1)
    assert fake.received[0][2]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("wanted", "body"),
    [
        (TINY, {"model": "gpt-4.1-mini", "method": {"type": "supervised"}}),
        (
            Wanted("m", "supervised", "acme-docs", epochs=3, seed=0),
            {
                "model": "m",
                "suffix": "acme-docs",
                "seed": 0,
                "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}},
            },
        ),
        (
            Wanted("m", "dpo", epochs=2, beta=0.1),
            {"model": "m", "method": {"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 2, "beta": 0.1}}}},
        ),
    ],
)
def test_a_job_is_made_of_what_was_wanted(provider, fake, train, wanted, body):
    files = [provider.upload(train, silently) for _ in range(2)]
    job = provider.create(*files, wanted)
    assert fake.asked("POST", JOBS) == [{"training_file": "file-1", "validation_file": "file-2", **body}]
    assert (job.id, job.status, job.training_file, job.validation_file) == (
        "ftjob-1",
        "validating_files",
        "file-1",
        "file-2",
    )
    provider.create("file-1", None, wanted)
    assert "validation_file" not in fake.asked("POST", JOBS)[1]


def test_a_limit_is_waited_for_as_long_as_it_says(provider, fake, train, slept):
    fake.failures = [(429, {"Retry-After": "7"}), (429, {}), (503, {})]
    provider.upload(train, silently)
    assert slept == [7.0, 2.0, 4.0]
    assert len(fake.asked("POST", "/v1/files")) == 4 and len(fake.files) == 1


def test_a_limit_that_is_too_long_is_told(provider, fake, train, slept):
    fake.failures = [(429, {"Retry-After": "3600"})]
    with pytest.raises(FineTuningUnreachableError, match=r"429: Slow down\): try again in 3600 seconds"):
        provider.upload(train, silently)
    assert slept == []


def test_a_broken_connection_begins_anew(provider, fake, train, slept):
    fake.failures = ["drop", "drop"]
    file_id = provider.upload(train, silently)
    assert fake.files == {file_id: train.read_bytes()} and slept == [1.0, 2.0]


def test_a_provider_that_is_not_there_is_said(settings, slept, train, provider_of):
    provider = provider_of(settings.changed(fine_tuning_base_url="http://127.0.0.1:9/v1"))
    with pytest.raises(FineTuningUnreachableError, match="127.0.0.1 cannot be reached .*FOOTNOTE_FINE_TUNING_BASE_URL"):
        provider.upload(train, silently)
    assert len(slept) == sending.TRIES - 1


def test_a_job_whose_answer_got_lost_is_found_and_not_made_twice(provider, fake, train):
    file_id = provider.upload(train, silently)
    provider.create(file_id, None, TINY)  # an earlier one of the same file is another
    fake.made_but_lost = True
    job = provider.create(file_id, None, TINY)
    assert job.id == "ftjob-2" and len(fake.asked("POST", JOBS)) == 2


def test_a_job_that_was_not_made_is_not_made_by_itself(provider, fake, train):
    file_id = provider.upload(train, silently)
    fake.failures = [None, "drop"]  # the listing, then the creation
    with pytest.raises(FineTuningUnreachableError):
        provider.create(file_id, None, TINY)
    assert len(fake.asked("POST", JOBS)) == 1 and not fake.jobs
    fake.failures = [None, (500, {})]
    with pytest.raises(FineTuningUnreachableError, match="500"):
        provider.create(file_id, None, TINY)
    assert len(fake.asked("POST", JOBS)) == 2 and not fake.jobs
    fake.failures = [None, (429, {})]  # here it is said that nothing was done
    assert provider.create(file_id, None, TINY).id == "ftjob-1"


def test_what_is_refused_is_said_with_what_to_do(provider, settings, train, provider_of):
    with pytest.raises(FineTuningError, match=r"400: invalid training_file: file-9\): see what it says"):
        provider.create("file-9", None, TINY)
    with pytest.raises(FineTuningError, match="404: Could not find fine tune: ftjob-9"):
        provider.job("ftjob-9")
    other = provider_of(settings.changed(fine_tuning_api_key=SecretStr(KEY.replace("test", "best"))))
    with pytest.raises(FineTuningError, match="401: .*check the key in FOOTNOTE_FINE_TUNING_API_KEY") as refused:
        other.upload(train, silently)
    assert "sk-best" not in str(refused.value)


def test_what_is_no_fine_tuning_api_is_said(settings, fake, provider_of):
    other = provider_of(settings.changed(fine_tuning_base_url=f"{fake.base_url}/nothing"))
    with pytest.raises(FineTuningError, match=r"is FOOTNOTE_FINE_TUNING_BASE_URL right\?"):
        other.jobs()


@pytest.mark.parametrize("job_id", ["", "..", "a/b", "ftjob-1?x", "ftjob 1"])
def test_what_is_no_id_is_not_sent(provider, fake, job_id):
    with pytest.raises(SettingsError, match="is no id of a job"):
        provider.job(job_id)
    assert fake.received == []


def test_events_come_in_pages_oldest_first_and_once(provider, fake, job_id):
    for number in range(250):
        fake.add_event(job_id, f"event {number}")
    events = provider.events(job_id)
    assert [one.message for one in events[2:]] == [f"event {number}" for number in range(250)]
    pages = [path for verb, path, _, _ in fake.received if path.startswith(f"{JOBS}/{job_id}/events")]
    assert len(pages) == 3 and "after=" in pages[1]
    fake.add_event(job_id, "one more")
    assert [one.message for one in provider.events(job_id, frozenset(one.id for one in events))] == ["one more"]


def test_jobs_are_listed_newest_first_up_to_a_limit(provider, fake, train):
    file_id = provider.upload(train, silently)
    for _ in range(5):
        provider.create(file_id, None, TINY)
    assert [job.id for job in provider.jobs(limit=3)] == ["ftjob-5", "ftjob-4", "ftjob-3"]


def test_a_job_is_cancelled_once(provider, fake, job_id):
    fake.failures = ["drop"]
    assert provider.cancel(job_id).status == "cancelled"
    # Where the answer to a first try got lost, the job is cancelled all the same.
    assert provider.cancel(job_id).status == "cancelled"


def test_a_job_that_has_ended_is_not_cancelled(provider, fake, job_id):
    list(watched(provider, job_id, 0, sleep=lambda seconds: None))
    with pytest.raises(FineTuningError, match="already completed"):
        provider.cancel(job_id)


def seen_of(provider, job_id, **options):
    given = {"sleep": lambda seconds: None, **options}
    found = list(watched(provider, job_id, 5.0, **given))
    statuses = [one.status for one in found if isinstance(one, Job)]
    return found, statuses, [one.message for one in found if not isinstance(one, Job)]


def test_a_job_is_watched_to_its_end(provider, job_id):
    found, statuses, messages = seen_of(provider, job_id)
    assert statuses == ["validating_files", "queued", "running", "succeeded"]
    assert messages[:2] == ["Created fine-tuning job: ftjob-1", "Validating training file: file-1"]
    assert messages[4:8] == [f"Step {step}/4: training loss={2 / step:.2f}" for step in (1, 2, 3, 4)]
    assert messages[-1] == "The job has successfully completed"
    assert isinstance(found[-1], Job)
    assert (found[-1].tuned_model, found[-1].trained_tokens) == ("ft:gpt-4.1-mini:test-org::abc1", 4321)


def test_a_file_that_the_provider_refuses_ends_the_job(provider, fake, job_id):
    fake.invalid = "Example 3 has no assistant message."
    found, statuses, messages = seen_of(provider, job_id)
    assert statuses == ["validating_files", "failed"]
    assert found[-1].problem == "Example 3 has no assistant message. (invalid_training_file, training_file)"


def test_watching_outlasts_breaks_and_limits_and_misses_nothing(provider, fake, job_id):
    pauses = []

    def sleep(seconds):
        pauses.append(seconds)
        if len(pauses) == 2:
            fake.failures = ["drop"] * 5 + [(503, {})] * 5 + [(429, {"Retry-After": "1"})]

    _, statuses, messages = seen_of(provider, job_id, sleep=sleep)
    assert statuses == ["validating_files", "queued", "running", "succeeded"]
    assert messages == [event["message"] for event in fake.events[job_id]]


def test_patience_ends(provider, fake, job_id):
    fake.failures = ["drop"] * 100
    clock = iter(range(0, 10_000, 100))
    with pytest.raises(FineTuningUnreachableError):
        seen_of(provider, job_id, patience_s=1000, clock=lambda: next(clock))


def test_watching_begun_anew_goes_on(provider, fake, job_id):
    watching = watched(provider, job_id, 5.0, sleep=lambda seconds: None)
    first = [next(watching) for _ in range(3)]
    watching.close()
    assert isinstance(first[-1], Job)
    _, statuses, messages = seen_of(provider, job_id)
    assert statuses[-1] == "succeeded" and messages == [event["message"] for event in fake.events[job_id]]


def account(**flags):
    return account_of(load_settings(env_file=None, **flags))


OPENAI_KEY, OWN_KEY = "sk-openai-000000000000", "sk-own-00000000000000"


@pytest.mark.parametrize(
    ("flags", "url", "key", "named"),
    [
        ({"openai_api_key": OPENAI_KEY}, "https://api.openai.com/v1", OPENAI_KEY, "OPENAI_API_KEY"),
        (
            {"openai_api_key": OPENAI_KEY, "fine_tuning_api_key": OWN_KEY},
            "https://api.openai.com/v1",
            OWN_KEY,
            "FOOTNOTE_FINE_TUNING_API_KEY",
        ),
        (
            {"openai_api_key": OPENAI_KEY, "openai_base_url": "http://a/v1"},
            "http://a/v1",
            OPENAI_KEY,
            "OPENAI_API_KEY",
        ),
        # Another service never gets OpenAI's key.
        (
            {"openai_api_key": OPENAI_KEY, "fine_tuning_base_url": "http://b/v1"},
            "http://b/v1",
            None,
            "FOOTNOTE_FINE_TUNING_API_KEY",
        ),
    ],
)
def test_where_requests_go_and_with_which_key(flags, url, key, named):
    found = account(**flags)
    assert (found.base_url, found.key_setting) == (url, named)
    assert found.headers.get("Authorization") == (f"Bearer {key}" if key else None)
    assert "sk-" not in repr(found)


def test_openai_without_a_key_is_said_at_once():
    with pytest.raises(SettingsError, match="set FOOTNOTE_FINE_TUNING_API_KEY or OPENAI_API_KEY"):
        account()


def test_a_login_in_the_address_travels_as_a_header():
    found = account(fine_tuning_base_url="http://me:secret@host/v1")
    assert found.base_url == "http://host/v1" and found.headers["Authorization"].startswith("Basic ")
