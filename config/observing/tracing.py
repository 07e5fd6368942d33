"""Traces through OpenTelemetry, when OTEL_EXPORTER_OTLP_ENDPOINT names a collector.

Spans are made by our own code (`customers.telemetry.spans`) and not by OpenTelemetry's instrumentations of Django,
Celery and psycopg: those keep paths, addresses, headers and messages of exceptions, and that of Celery leaves a span
open in its thread for ever when the broker is down, which here is no error.

Each process sends for itself, from a thread that is started with its first span: what is forked (web processes,
Celery's children) starts its own. Spans wait in a bounded queue; while nobody takes them, the newest push the oldest
out.
"""

import atexit
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from celery.signals import worker_process_shutdown
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.signals import connection_created

from customers.telemetry.spans import Carrier, Kind, Value, span, trace_with

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

log = logging.getLogger(__name__)

PARENT = "traceparent"  # W3C Trace Context; its sibling tracestate is free text, and is neither taken nor given
EXPORT_SECONDS = "5"
FAREWELL_SECONDS = 3.0
LONGEST_STATEMENT = 2000
_LITERAL = re.compile(r"'(?:[^']|'')*'|(?<![\w$.\"])\d+(?:\.\d+)?(?![\w\"])")
_SUBJECT = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?([a-z_][a-z0-9_]*)", re.IGNORECASE)


def turn_on(*, exporter: "Callable[[], SpanExporter] | None" = None) -> "OpenTelemetry":
    """Traces from now on. Raises ImproperlyConfigured where the packages are missing, or another protocol is asked for.

    `exporter` makes what takes the spans; by default what speaks OTLP over HTTP, as the standard OTEL_* variables say.
    """
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the packages that send traces are not installed; run: "
            "pip install -r requirements-telemetry.lock, or unset it."
        )
    protocol = os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL") or "http/protobuf"
    if protocol != "http/protobuf":
        raise ImproperlyConfigured(
            f"OTEL_EXPORTER_OTLP_PROTOCOL is {protocol!r}; traces are sent as http/protobuf, most often to port 4318."
        )
    tracer = OpenTelemetry(exporter or _otlp)
    trace_with(tracer)
    connection_created.connect(_watch_statements, dispatch_uid="traces")
    for each in connections.all(initialized_only=True):
        _watch_statements(each)
    worker_process_shutdown.connect(tracer.say_farewell, dispatch_uid="traces")
    atexit.register(tracer.say_farewell)
    return tracer


class OpenTelemetry:
    """See `customers.telemetry.spans.Tracer`."""

    def __init__(self, exporter: "Callable[[], SpanExporter]") -> None:
        self._make_exporter = exporter
        self._provider: TracerProvider | None = None
        self._process = 0
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._renew)

    @contextmanager
    def span(
        self, name: str, *, kind: Kind, attributes: Mapping[str, Value], follows: Carrier | None
    ) -> "Iterator[_Kept]":
        from opentelemetry import context, trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        parent = context.get_current()
        if follows is not None and PARENT in follows:
            parent = TraceContextTextMapPropagator().extract({PARENT: follows[PARENT]})
        tracer = self.provider().get_tracer("paydraft")
        with tracer.start_as_current_span(
            name,
            context=parent,
            kind=trace.SpanKind[kind.upper()],
            attributes=dict(attributes),
            record_exception=False,
            set_status_on_exception=False,
        ) as started:
            try:
                yield _Kept(started)
            except BaseException as error:
                _fail(started, error)
                raise

    def carrier(self) -> Carrier:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        written: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(written)
        return {PARENT: written[PARENT]} if PARENT in written else {}

    def note(self, attributes: Mapping[str, Value]) -> None:
        from opentelemetry import trace

        trace.get_current_span().set_attributes(dict(attributes))

    def provider(self) -> "TracerProvider":
        """The one of this process."""
        with self._lock:
            if self._provider is None or self._process != os.getpid():
                self._provider, self._process = self._new_provider(), os.getpid()
            return self._provider

    def say_farewell(self, **_: Any) -> None:
        """Sends what waits, as far as somebody takes it soon."""
        provider = self._provider
        if provider is None or self._process != os.getpid():
            return
        sending = threading.Thread(target=provider.shutdown, name="traces-farewell", daemon=True)
        sending.start()
        sending.join(FAREWELL_SECONDS)

    def _new_provider(self) -> "TracerProvider":
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        resource = Resource.create()
        if str(resource.attributes.get(SERVICE_NAME, "unknown_service")).startswith("unknown_service"):
            resource = resource.merge(Resource({SERVICE_NAME: "paydraft"}))
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(_telling(self._make_exporter())))
        return provider

    def _renew(self) -> None:
        """The parent's lock may have been held at the moment of the fork."""
        self._lock = threading.Lock()
        self._provider = None


class _Kept:
    def __init__(self, span: "Span") -> None:
        self._span = span

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, attributes: Mapping[str, Value]) -> None:
        self._span.set_attributes(dict(attributes))


def _fail(span: "Span", error: BaseException) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_attribute("error.type", type(error).__qualname__)
    span.set_status(Status(StatusCode.ERROR))


def _otlp() -> "SpanExporter":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    os.environ.setdefault("OTEL_EXPORTER_OTLP_TIMEOUT", EXPORT_SECONDS)
    return OTLPSpanExporter()


def _telling(exporter: "SpanExporter") -> "SpanExporter":
    """The exporter, which says in the log when nobody takes its spans, and when somebody does again: once each."""
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

    class Telling(SpanExporter):
        is_failing = False

        def export(self, spans: "Sequence[ReadableSpan]") -> SpanExportResult:
            result = exporter.export(spans)
            failed = result is not SpanExportResult.SUCCESS
            if failed and not self.is_failing:
                log.warning("traces are not taken; look at OTEL_EXPORTER_OTLP_ENDPOINT and at the collector")
            if self.is_failing and not failed:
                log.info("traces are taken again")
            self.is_failing = failed
            return result

        def shutdown(self) -> None:
            exporter.shutdown()

    return Telling()


def _watch_statements(connection: Any, **_: Any) -> None:
    if _traced_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_traced_statement)


def _traced_statement(execute: Any, sql: Any, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
    """A statement as a span: its text with placeholders, never its values. Outside of a span it starts no trace."""
    from opentelemetry import trace

    if not trace.get_current_span().is_recording():
        return execute(sql, params, many, context)
    text = _LITERAL.sub("?", sql if isinstance(sql, str) else "")
    operation = text.split(None, 1)[0].upper() if text.strip() else "SQL"
    subject = _SUBJECT.search(text)
    name = f"{operation} {subject[1]}" if subject else operation
    attributes = {"db.system.name": context["connection"].vendor, "db.query.text": text[:LONGEST_STATEMENT]}
    with span(name, kind="client", attributes=attributes):
        return execute(sql, params, many, context)
