"""A run against an earlier one, question by question: what rose, what fell, and how sure that is."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from footnote.app.core.errors import NothingToEvaluateError, SettingsError
from footnote.app.evaluation.estimate import difference_of_means, table_of
from footnote.app.evaluation.types import QuestionResult

TOLERANCE = 0.02
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class ScoredQuestion:
    """A question and its scores, in this run or an earlier one.

    `fingerprint` is a hash of what the question is and what is expected: only equals are compared.
    """

    id: str
    fingerprint: str
    scores: Mapping[str, float]

    @classmethod
    def of(cls, result: QuestionResult) -> "ScoredQuestion":
        question = result.question
        labels = [[label.path, label.heading, label.quote] for label in question.gold]
        expected = json.dumps([question.text, question.answerable, labels, question.answer])
        scores = {score.metric: score.value for score in result.scores}
        return cls(question.id, hashlib.sha256(expected.encode()).hexdigest()[:16], scores)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a metric, on the questions of both runs.

    Attributes:
        low, high: 95% interval of the difference, now - before.
        fell: it is lower by more than `tolerance`, and the whole interval is below 0.
    """

    metric: str
    before: float
    now: float
    low: float
    high: float
    questions: int
    tolerance: float
    fell: bool

    @property
    def difference(self) -> float:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against its baseline.

    Attributes:
        questions: that are scored in both, with the same labels.
        left_out: scored in one run alone, or with other labels now.
        not_compared: metrics that only one of the runs has.
    """

    baseline: str
    questions: int
    left_out: int
    changes: tuple[Change, ...]
    not_compared: tuple[str, ...]

    @property
    def fallen(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.fell)

    @property
    def changed(self) -> list[Change]:
        """Those that fell or surely changed, the largest fall first."""
        changed = [one for one in self.changes if one.fell or one.low > 0 or one.high < 0]
        return sorted(changed, key=lambda one: one.difference)

    @property
    def summary(self) -> str:
        """What came out of it, and what it leaves out, in one line."""
        fallen = f"{len(self.fallen)} of {len(self.changes)} metrics fell"
        said = fallen if self.fallen else "no metric fell by more than its tolerance"
        left = f"; {self.left_out} scored in one run alone or with other labels" if self.left_out else ""
        only = f"; not compared, as only one run has them: {', '.join(self.not_compared)}" if self.not_compared else ""
        return f"{said}, on {self.questions} questions of {self.baseline}{left}{only}"


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far each metric may fall: the last pattern that fits its name decides."""

    patterns: tuple[tuple[str, float], ...] = (("*", TOLERANCE),)

    @classmethod
    def parse(cls, given: Sequence[str]) -> "Tolerances":
        """Of `0.05` for all metrics and `PATTERN=0.05` for some, with `*` as in file names.

        Raises:
            SettingsError: one is neither.
        """
        patterns = [("*", TOLERANCE)]
        for one in given:
            pattern, sign, value = one.rpartition("=")
            try:
                allowed = float(value)
            except ValueError:
                allowed = -1.0
            if not 0 <= allowed < float("inf") or (sign and not pattern):
                raise SettingsError(f"--tolerance {one}: give a number from 0 on, or METRIC=NUMBER")
            patterns.append((pattern or "*", allowed))
        return cls(tuple(patterns))

    def of(self, metric: str) -> float:
        return next(allowed for pattern, allowed in reversed(self.patterns) if fnmatchcase(metric, pattern))


def compare(
    baseline: str,
    before: Sequence[ScoredQuestion],
    now: Sequence[ScoredQuestion],
    tolerances: Tolerances,
    seed: int = 0,
) -> Comparison:
    """Every metric that both runs have, on the questions that both runs scored.

    Paired bootstrap, see `difference_of_means`.

    Raises:
        NothingToEvaluateError: the runs have no question in common.
    """
    earlier = {(one.id, one.fingerprint): one for one in before}
    pairs = [(earlier[one.id, one.fingerprint], one) for one in now if (one.id, one.fingerprint) in earlier]
    if not pairs:
        raise NothingToEvaluateError(f"no question of {baseline} is scored now with the same labels: save it anew")
    old, new = ([pair[side].scores for pair in pairs] for side in (0, 1))
    names = [list(dict.fromkeys(name for scores in side for name in scores)) for side in (old, new)]
    metrics = [name for name in names[1] if name in names[0]]
    old_table, new_table = table_of(old, metrics), table_of(new, metrics)
    low, high = difference_of_means(old_table, new_table, seed)
    changes = []
    for column, name in enumerate(metrics):
        was, become = (float(np.nanmean(table[:, column])) for table in (old_table, new_table))
        tolerance = tolerances.of(name)
        fell = was - become > tolerance + _ROUNDING and float(high[column]) < -_ROUNDING
        size = int((~np.isnan(new_table[:, column])).sum())
        changes.append(Change(name, was, become, float(low[column]), float(high[column]), size, tolerance, fell))
    return Comparison(
        baseline,
        len(pairs),
        len(before) + len(now) - 2 * len(pairs),
        tuple(changes),
        tuple(sorted(set(names[0]) ^ set(names[1]))),
    )
