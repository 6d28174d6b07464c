"""metrics: what a service counts while it works. `exposition.py` has what is looked up when somebody asks.

Labels have few values, all of them ours: a route is its template, a model one of the first twenty.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Final, Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from footnote.app.core.types import Answer, RefusedBy, Timings, Verdict

_REQUEST_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_STAGE_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_MOST_MODELS = 20
_OTHER = "other"
_TROUBLE = ("language model", "second opinion", "query rewriting", "cut off")
WebhookResult = Literal["started", "queued", "ignored", "ping", "refused", "failed"]
STAGES = tuple(field.name for field in fields(Timings))


class Metrics:
    """The figures of one service, or of one of its processes: then `shared` files hold them for all."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self._requests = Counter(
            "footnote_http_requests", "Requests over HTTP.", ("route", "method", "status"), registry=registry
        )
        self._request_s = Histogram(
            "footnote_http_request_duration_seconds",
            "From a request to the end of its response.",
            ("route",),
            buckets=_REQUEST_S,
            registry=registry,
        )
        self._stage_s = Histogram(
            "footnote_stage_duration_seconds",
            "Time in a stage of a question or a search.",
            ("stage",),
            buckets=_STAGE_S,
            registry=registry,
        )
        self._answers = Counter(
            "footnote_answers",
            "Answers given, refusals and kept ones included.",
            ("mode", "outcome"),
            registry=registry,
        )
        self._refusals = Counter("footnote_refusals", "Refusals, by what refused.", ("stage",), registry=registry)
        self._sentences = Counter(
            "footnote_sentences", "Sentences that were written, by verdict.", ("verdict",), registry=registry
        )
        self._trouble = Counter(
            "footnote_answer_trouble", "Answers that something went wrong with.", ("kind",), registry=registry
        )
        self._cache = Counter(
            "footnote_answer_cache", "Questions, by whether an answer was there.", ("result",), registry=registry
        )
        self._tokens = Counter(
            "footnote_llm_tokens", "Tokens of language models.", ("model", "kind"), registry=registry
        )
        self._cost_usd = Counter(
            "footnote_llm_cost_usd", "What they cost, as far as prices are known.", ("model",), registry=registry
        )
        self._running = Gauge(
            "footnote_queue_running", "Questions at work.", registry=registry, multiprocess_mode="livesum"
        )
        self._waiting = Gauge(
            "footnote_queue_waiting", "Questions that wait.", registry=registry, multiprocess_mode="livesum"
        )
        self._wait_s = Histogram(
            "footnote_queue_wait_seconds", "Time in the queue.", buckets=_STAGE_S, registry=registry
        )
        self._over_capacity = Counter(
            "footnote_queue_rejected", "Questions for which there was no place.", registry=registry
        )
        self._serving = Gauge(
            "footnote_serving_generation",
            "The generation that is answered from, 0 for none; of several processes the oldest.",
            ("collection",),
            registry=registry,
            multiprocess_mode="livemin",
        )
        self._webhooks = Counter(
            "footnote_webhooks", "Webhooks of repositories, by what came of them.", ("result",), registry=registry
        )
        self._models: set[str] = set()
        self._begin_at_0()

    def _begin_at_0(self) -> None:
        """Show what did not happen yet: what comes out of nowhere has no rate."""
        for counter, values in (
            (self._refusals, get_args(RefusedBy)),
            (self._sentences, (*get_args(Verdict), "dropped")),
            (self._trouble, _TROUBLE),
            (self._cache, ("hit", "miss", "collapsed")),
            (self._webhooks, get_args(WebhookResult)),
        ):
            for value in values:
                counter.labels(value)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request whose response has ended."""
        self._requests.labels(route, method, str(status)).inc()
        self._request_s.labels(route).observe(seconds)

    def stages(self, stages_ms: Mapping[str, float]) -> None:
        """Note what the stages took; one that took nothing did not take place."""
        for stage, ms in stages_ms.items():
            if ms:
                self._stage_s.labels(stage).observe(ms / 1000)

    def answer(self, answer: Answer, from_cache: bool) -> None:
        """Count an answer that somebody got; what it took to make it is counted once."""
        self._answers.labels(answer.mode, "refused" if answer.refused else "answered").inc()
        if answer.refused_by:
            self._refusals.labels(answer.refused_by).inc()
        if from_cache:
            return
        self.stages({stage: getattr(answer.timings, stage) for stage in STAGES})
        for sentence in answer.sentences:
            self._sentences.labels(sentence.verdict or "not checked").inc()
        self._sentences.labels("dropped").inc(len(answer.dropped))
        for kind, is_so in zip(_TROUBLE, _trouble_of(answer), strict=True):
            if is_so:
                self._trouble.labels(kind).inc()
        if answer.tokens:
            model = self._bounded(answer.model)
            self._tokens.labels(model, "prompt").inc(answer.tokens.prompt)
            self._tokens.labels(model, "completion").inc(answer.tokens.completion)
            self._tokens.labels(model, "reasoning").inc(answer.tokens.reasoning)
            self._cost_usd.labels(model).inc(answer.tokens.cost_usd or 0.0)

    def asked(self, result: str) -> None:
        """Count a question by whether its answer was kept: `hit`, `miss`, or `collapsed` with an equal one."""
        self._cache.labels(result).inc()

    def queued(self) -> None:
        """A question waits."""
        self._waiting.inc()

    def given_up(self) -> None:
        """One that waited is not waited for any more."""
        self._waiting.dec()

    @contextmanager
    def at_work(self, waited_s: float) -> Iterator[None]:
        """A question that waited so long is at work within the block."""
        self._waiting.dec()
        self._wait_s.observe(waited_s)
        self._running.inc()
        try:
            yield
        finally:
            self._running.dec()

    def over_capacity(self) -> None:
        """Count a question that finds no place."""
        self._over_capacity.inc()

    def webhook(self, result: WebhookResult) -> None:
        """Count a webhook by what came of it."""
        self._webhooks.labels(result).inc()

    def serves(self, generation: int, collection: str | None) -> None:
        """This collection is answered from this generation from now on, 0 for none; None is one without a name.

        What is said of it stays when it is removed: `exposition.py` leaves out those that are not there.
        """
        self._serving.labels(collection or "").set(generation)

    def _bounded(self, model: str) -> str:
        if len(self._models) < _MOST_MODELS:
            self._models.add(model)
        return model if model in self._models else _OTHER


def _trouble_of(answer: Answer) -> tuple[bool, ...]:
    """Whether each of `_TROUBLE` befell the answer."""
    is_broken_off = answer.notice is not None
    by_limit = answer.truncated and not is_broken_off
    return is_broken_off, answer.check_failed is not None, answer.rewrite_failed is not None, by_limit
