"""What both ways cost a month."""

import pytest

from footnote.app.finetuning.advising.costs import DAYS_PER_MONTH, Costs, Training, Volume, costs
from footnote.app.models.llm.lineup.known import Price

VOLUME = Volume(1000, prompt_tokens=1200, completion_tokens=100, is_measured=True)
BIG, SMALL = Price(2.50, 10.00), Price(0.30, 1.20)
TRAINING = Training(tokens=400_000, usd_per_million=3.0, hours=8, hour_usd=80.0, rounds_per_year=4)


def test_a_smaller_model_pays_from_some_volume_on():
    found = costs(VOLUME, BIG, SMALL, TRAINING)
    questions = 1000 * DAYS_PER_MONTH
    assert found.alone == pytest.approx(questions * (1200 * 2.5 + 100 * 10) / 1e6)
    assert found.tuned == pytest.approx(questions * (1200 * 0.3 + 100 * 1.2) / 1e6)
    assert found.training == pytest.approx((1.2 + 640) * 4 / 12)
    even = Volume(found.break_even, 1200, 100, is_measured=True)
    there = costs(even, BIG, SMALL, TRAINING)
    assert there.tuned + there.training == pytest.approx(there.alone)


def test_a_model_that_costs_more_never_pays():
    assert costs(VOLUME, SMALL, BIG, TRAINING).break_even is None


@pytest.mark.parametrize(
    ("today", "tuned", "training", "expected"),
    [
        (None, SMALL, TRAINING, (False, True, True, False)),
        (BIG, None, TRAINING, (True, False, True, False)),
        (BIG, SMALL, Training(400_000, None, 8, None, 4), (True, True, False, False)),
        (BIG, SMALL, Training(400_000, 3.0, 8, None, 4), (True, True, True, True)),
        (BIG, Price(0.0, 0.0), Training(400_000, None, 8, 80.0, 4), (True, True, True, True)),
    ],
)
def test_what_is_not_known_is_no_number(today, tuned, training, expected):
    found = costs(VOLUME, today, tuned, training)
    assert isinstance(found, Costs)
    assert tuple(one is not None for one in (found.alone, found.tuned, found.training, found.break_even)) == expected
