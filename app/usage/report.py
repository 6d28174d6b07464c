"""report: sums of the last days, put together for a reader. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from footnote.app.schemas.usage import CitedPageOut, DayOut, ModelUsageOut, UsageOut
from footnote.app.usage.sums import AnswerKey, Spent, Sums, percentile_ms

ANSWERED = "answered"
ALL_DAYS = "all"


def usage_of(sums: Sums, pages: Sequence[str] | None, top: int, keeps_usage: bool) -> UsageOut:
    """The report; `pages` are those of the live index, None where there is none; `top` many of them are named."""
    days = sorted({key.day for key in sums.answers})
    cited: Counter[str] = Counter()
    for one, answers in sums.cited.items():
        cited[one.path] += answers
    refused = Counter[str]()
    for key, spent in sums.answers.items():
        if key.outcome != ANSWERED:
            refused[key.outcome] += spent.answers
    return UsageOut(
        keeps_usage=keeps_usage,
        days=[_day(sums, day) for day in days],
        total=_day(sums, None),
        refused_by=dict(refused.most_common()),
        models=_models(sums),
        top_cited=[
            CitedPageOut(path=path, answers=answers)
            for path, answers in sorted(cited.items(), key=lambda one: (-one[1], one[0]))[:top]
        ],
        pages=None if pages is None else len(pages),
        never_cited=sorted(page for page in pages or () if page not in cited),
    )


def _day(sums: Sums, day: str | None) -> DayOut:
    """One day; all of them for None."""
    kinds = {key: spent for key, spent in sums.answers.items() if day in (None, key.day)}
    steps: Counter[int] = Counter()
    for (of_day, step), answers in sums.latencies.items():
        if day in (None, of_day):
            steps[step] += answers
    total = _sum(list(kinds.values()))

    def count(*kept: AnswerKey) -> int:
        return sum(kinds[key].answers for key in kept)

    return DayOut(
        day=day or ALL_DAYS,
        questions=total.answers,
        answered=count(*(key for key in kinds if key.outcome == ANSWERED)),
        refused=count(*(key for key in kinds if key.outcome != ANSWERED)),
        from_cache=count(*(key for key in kinds if key.from_cache)),
        p50_ms=percentile_ms(steps, 0.5),
        p95_ms=percentile_ms(steps, 0.95),
        prompt_tokens=total.prompt,
        completion_tokens=total.completion,
        cost_usd=round(total.cost_usd, 6),
        unpriced=total.unpriced,
    )


def _models(sums: Sums) -> list[ModelUsageOut]:
    by_model: defaultdict[str, list[Spent]] = defaultdict(list)
    for key, spent in sums.answers.items():
        by_model[key.model].append(spent)
    totals = {model: _sum(spent) for model, spent in by_model.items()}
    return [
        ModelUsageOut(
            model=model,
            answers=total.answers,
            prompt_tokens=total.prompt,
            completion_tokens=total.completion,
            cost_usd=round(total.cost_usd, 6),
            unpriced=total.unpriced,
        )
        for model, total in sorted(totals.items(), key=lambda one: (-one[1].answers, one[0]))
    ]


def _sum(spent: Sequence[Spent]) -> Spent:
    total = Spent()
    for one in spent:
        total.add(one)
    return total
