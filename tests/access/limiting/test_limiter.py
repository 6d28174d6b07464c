"""Who may ask how often: rates, windows that pass, callers that are told apart, memory that is bounded."""

import time

import pytest

from footnote.app.access.limiting.limiter import Limiter, counted_as
from footnote.app.access.limiting.standing import in_words
from footnote.app.core.errors import SettingsError
from footnote.app.core.rates import rates_of
from footnote.app.core.settings import load_settings

START = 1_800_000_000.5  # half a second into a minute


@pytest.fixture
def clock(monkeypatch):
    """The time of the process, which stands still but for what a test adds to it."""

    class Clock:
        now = START

        def __call__(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


def limiter(most_callers=50_000, **rates):
    return Limiter(load_settings(env_file=None, **rates).access, most_callers)


def asked(limiter, times, caller="key:a", kind="question"):
    return [limiter.hit(caller, kind) for _ in range(times)]


def test_without_a_limit_everything_is_allowed_and_nothing_is_told():
    standing = limiter().hit("key:a", "question")
    assert standing.allowed
    assert standing.headers() == {}


def test_one_more_than_the_limit_waits_until_the_window_slides(clock):
    limits = limiter(rate_limit="3/minute")
    assert [one.quotas[0].remaining for one in asked(limits, 3)] == [2, 1, 0]
    refused = limits.hit("key:a", "question")
    assert not refused.allowed
    assert refused.retry_after_s == 60  # all three were asked at the beginning of the window
    clock.now += 59.4
    assert not limits.hit("key:a", "question").allowed
    clock.now += 0.6
    assert limits.hit("key:a", "question").allowed
    assert not limits.hit("key:a", "question").allowed  # two of the window before still count


def test_whoever_comes_again_after_the_time_that_was_named_is_allowed(clock):
    limits = limiter(rate_limit="7/minute;20/hour")
    allowed = 0
    for _ in range(80):
        standing = limits.hit("key:a", "question")
        if standing.retry_after_s is None:
            allowed += 1
            clock.now += 1.7
            continue
        clock.now += standing.retry_after_s
        assert limits.hit("key:a", "question").allowed
        allowed += 1
    assert allowed > 40


def test_what_was_refused_is_counted_by_no_rate(clock):
    limits = limiter(rate_limit="2/minute;4/day")
    asked(limits, 10)
    clock.now += 120
    assert [one.allowed for one in asked(limits, 3)] == [True, True, False]
    clock.now += 120
    refused = limits.hit("key:a", "question")
    assert [quota.remaining for quota in refused.quotas] == [2, 0]
    assert refused.retry_after_s > 120  # what waits longest


def test_others_and_other_kinds_are_counted_for_themselves(clock):
    limits = limiter(rate_limit="1/minute", rate_limit_requests="2/minute")
    assert [one.allowed for one in asked(limits, 2)] == [True, False]
    assert limits.hit("key:b", "question").allowed
    assert limits.hit("address:192.0.2.1", "question").allowed
    assert [one.allowed for one in asked(limits, 3, kind="request")] == [True, True, False]


def test_the_fields_name_each_rate(clock):
    standing = limiter(rate_limit="500/day; 30 per 5 minutes").hit("key:a", "question")
    assert standing.headers() == {
        "RateLimit-Policy": '"questions-per-5-minutes";q=30;w=300, "questions-per-day";q=500;w=86400',
        "RateLimit": '"questions-per-5-minutes";r=29;t=300, "questions-per-day";r=499;t=57600',
    }


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_is_counted_with_its_network(address, name):
    assert counted_as(f"address:{address}") == f"address:{name}"


def test_who_has_shown_who_they_are_is_counted_by_that():
    assert counted_as("oidc:2001:db8::1") == "oidc:2001:db8::1"


def test_made_up_addresses_take_no_more_room_and_push_out_nobody_who_goes_on(clock):
    limits = limiter(most_callers=50, rate_limit="3/minute")
    asked(limits, 3)
    asked(limits, 3, "address:192.0.2.1")
    for number in range(2000):
        if number % 40 == 0:
            assert not limits.hit("key:a", "question").allowed
        assert limits.hit(f"address:10.0.{number // 250}.{number % 250}", "question").allowed
    [counts] = limits._counts["question"]
    assert len(counts) <= 100
    assert len(counts._memory.expirations) <= 100
    assert len(counts._memory.locks) <= 100
    assert not limits.hit("key:a", "question").allowed
    assert limits.hit("address:192.0.2.1", "question").allowed  # forgotten


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("30", "'30' is no rate: write it as 30/minute"),
        ("30/fortnight", "is no rate"),
        ("30/minute; often", "is no rate"),
        ("-1/minute", "is no rate"),
        ("0/minute", "would allow nothing"),
        ("30/minute;60/minute", "two rates for the same time"),
        ("60/minute;1/60 seconds", "two rates for the same time"),
    ],
)
@pytest.mark.parametrize("name", ["rate_limit", "rate_limit_requests"])
def test_what_is_no_rate_is_refused_with_its_setting(name, text, reason):
    with pytest.raises(SettingsError) as refused:
        load_settings(env_file=None, **{name: text})
    assert str(refused.value).startswith(f"FOOTNOTE_{name.upper()}: ")
    assert reason in str(refused.value)


def test_rates_are_read_in_all_their_forms():
    assert [str(rate) for rate in rates_of(" 500/day;30 per minute ; ")] == ["30 per 1 minute", "500 per 1 day"]
    assert rates_of(" ") == []


@pytest.mark.parametrize("proxies", ["*", "nginx", "10.0.0.1/8", "0.0.0.0/0", "::/0"])
def test_a_proxy_is_an_address_or_a_network_and_not_everybody(proxies):
    with pytest.raises(SettingsError, match=r"FOOTNOTE_TRUSTED_PROXIES: .*"):
        load_settings(env_file=None, trusted_proxies=proxies)


def test_a_length_of_time_in_words():
    assert [in_words(one) for one in (1, 90, 60, 300, 3600, 172_800)] == [
        "second",
        "90 seconds",
        "minute",
        "5 minutes",
        "hour",
        "2 days",
    ]
