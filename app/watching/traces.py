"""traces: spans to OpenTelemetry, and the context of traces in and out. Its packages are loaded only where it is on."""

import time
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import SettingsError
from footnote.app.core.request_context import current_request
from footnote.app.core.setting_groups import TraceSettings
from footnote.app.core.spans import Span, SpanKind, Value, open_spans_with
from footnote.app.core.version import VERSION

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Span as OtelSpan
    from opentelemetry.trace import SpanKind as Kind
    from opentelemetry.trace import Tracer

_NAME = "footnote"
_NOT_TRACED = Span()
_tracer: "Tracer | None" = None


class _Recorded(Span):
    def __init__(self, span: "OtelSpan") -> None:
        self._span = span

    def set(self, name: str, value: Value | None) -> None:
        if value is not None:
            self._span.set_attribute(name, value)

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def failed(self, kind: str) -> None:
        from opentelemetry.trace import StatusCode

        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR)


@contextmanager
def tracing(settings: TraceSettings) -> Iterator[None]:
    """Within the block spans are sent as OpenTelemetry's own OTEL_* say, if the settings ask for it.

    Raises:
        SettingsError: they do, and the extra is not installed.
    """
    if not settings.traces:
        yield
        return
    exporter = _exporter()
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = start_tracing(BatchSpanProcessor(exporter()), settings.content)
    try:
        yield
    finally:
        end_tracing()
        provider.shutdown()


def start_tracing(processor: "SpanProcessor", content: bool = False) -> "TracerProvider":
    """Give all spans to the processor from now on."""
    from opentelemetry.propagate import inject
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    global _tracer
    resource = Resource.create({"service.version": VERSION})
    if str(resource.attributes["service.name"]).startswith("unknown_service"):  # OTEL_SERVICE_NAME is not set
        resource = resource.merge(Resource({"service.name": _NAME}))
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer(_NAME, VERSION)

    def headers() -> dict[str, str]:
        carrier: dict[str, str] = {}
        inject(carrier)
        return carrier

    open_spans_with(_opened, headers, content)
    return provider


def end_tracing() -> None:
    """Record no more spans."""
    global _tracer
    _tracer = None
    open_spans_with(None)


def request_span(method: str, scope: MutableMapping[str, Any]) -> AbstractContextManager[Span]:
    """A span for a request over HTTP, which goes on with the trace that its headers name."""
    return nullcontext(_NOT_TRACED) if _tracer is None else _of_request(_tracer, method, scope)


@contextmanager
def _of_request(tracer: "Tracer", method: str, scope: MutableMapping[str, Any]) -> Iterator[Span]:
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind as Kind

    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    request = current_request()
    facts = {"http.request.method": method, "footnote.request_id": request.id if request else ""}
    with _recorded(tracer, method, Kind.SERVER, facts, extract(headers)) as recorded:
        try:
            yield recorded
        finally:
            route = getattr(scope.get("route"), "path_format", None)
            recorded.rename(f"{method} {route}" if route else method)


@contextmanager
def _opened(name: str, kind: SpanKind, facts: Mapping[str, Value], past_ms: float) -> Iterator[Span]:
    from opentelemetry.trace import SpanKind as Kind

    if _tracer is None:  # ended meanwhile
        yield _NOT_TRACED
        return
    started_ns = time.time_ns() - int(past_ms * 1_000_000) if past_ms else None
    which = Kind.CLIENT if kind == "client" else Kind.INTERNAL
    with _recorded(_tracer, name, which, facts, started_ns=started_ns) as recorded:
        yield recorded


@contextmanager
def _recorded(
    tracer: "Tracer",
    name: str,
    kind: "Kind",
    facts: Mapping[str, Value],
    context: "Context | None" = None,
    started_ns: int | None = None,
) -> Iterator["_Recorded"]:
    """The span; of an error its kind alone is noted, as messages may repeat what was asked."""
    with tracer.start_as_current_span(
        name, context, kind, facts, start_time=started_ns, record_exception=False, set_status_on_exception=False
    ) as span:
        recorded = _Recorded(span)
        try:
            yield recorded
        except Exception as error:
            recorded.failed(type(error).__name__)
            raise


def require_extra(settings: TraceSettings) -> None:
    """Be sure that what is asked for can be done, before anything is started.

    Raises:
        SettingsError: traces are, and the extra is not installed.
    """
    if settings.traces:
        _exporter()


def _exporter() -> "type[OTLPSpanExporter]":
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"FOOTNOTE_OTEL=true needs opentelemetry ({error}): run `pip install -c constraints.txt -e '.[otel]'`"
        ) from error
    exporter: type[OTLPSpanExporter] = OTLPSpanExporter
    return exporter
