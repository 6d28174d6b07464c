"""When a server is asked again."""

import time
from email.utils import formatdate

import pytest

from footnote.app.models.embedding_service import waiting
from footnote.app.models.embedding_service.waiting import backoff_s, duration_s, exhausted_s, named_s


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "later"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_each_form(headers: dict[str, str], seconds: float | None) -> None:
    assert named_s(headers) == seconds


def test_retry_after_may_be_a_date() -> None:
    named = named_s({"retry-after": formatdate(time.time() + 100, usegmt=True)})
    assert named is not None
    assert 90 < named <= 100


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("6m0s", 360.0), ("120ms", 0.12), ("1h2m3.5s", 3723.5), ("12", 12.0), ("0.5", 0.5), ("1d", 86_400.0)],
)
def test_a_duration_is_read_as_servers_write_it(said: str, seconds: float) -> None:
    assert duration_s(said) == pytest.approx(seconds)


@pytest.mark.parametrize("said", ["", "soon", "1x", "s", "1 s 2", "-3", "1e9", "9" * 400])
def test_what_is_no_duration_is_none(said: str) -> None:
    assert duration_s(said) is None


def test_a_time_since_1970_is_what_is_left_until_then() -> None:
    assert 90 < (duration_s(str(int(time.time()) + 100)) or 0) <= 100
    assert duration_s("1000000001") == 0.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.0),
        ({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "5s"}, 0.0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "5s"}, 5.0),
        # It fills up by 60 a minute: the next one fits after a second.
        (
            {
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "1m",
            },
            1.0,
        ),
        # 1,000 are full in ten seconds, 600 of 1,000 are missing, of which 100 are needed.
        (
            {
                "x-ratelimit-limit-tokens": "1000",
                "x-ratelimit-remaining-tokens": "400",
                "x-ratelimit-reset-tokens": "6s",
            },
            1.0,
        ),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2"}, 2.0),
        ({"x-ratelimit-remaining": "none", "x-ratelimit-reset": "2"}, 0.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "tomorrow"}, 0.0),
        ({"x-ratelimit-limit": "0", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "2"}, 2.0),
    ],
)
def test_a_used_up_limit_is_waited_for_until_the_next_request_fits(headers: dict[str, str], seconds: float) -> None:
    assert exhausted_s(headers, used_tokens=500) == pytest.approx(seconds)


def test_the_wait_is_random_below_a_limit_that_doubles_up_to_a_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "FIRST_S", 0.5)
    monkeypatch.setattr(waiting, "LONGEST_S", 30.0)
    for tries, most_s in [(0, 0.5), (1, 1.0), (5, 16.0), (6, 30.0), (10_000, 30.0)]:
        drawn = [backoff_s(tries) for _ in range(200)]
        assert 0 <= min(drawn) < 0.2 * most_s
        assert 0.8 * most_s < max(drawn) <= most_s
